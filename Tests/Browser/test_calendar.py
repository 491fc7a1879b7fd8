"""The calendar: every view, with and without a script, by keyboard, on a phone, on paper."""

import pytest

from calendar_desk import CalendarDesk, Grid
from harness.waiting import eventually

VIEWS = ["tag", "woche", "monat", "liste"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture
def week(desk):
    return desk.week()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_every_view_is_accessible(desk, week, window, width, scheme, scripts):
    person = window("staff", width, scheme, scripts)
    faults = {}
    addresses = [f"/kalender?ansicht={view}&tag=2027-03-10" for view in VIEWS]
    others = ["/kalender?ansicht=tag&tag=2027-03-13", "/kalender/druck?tag=2027-03-10",
              f"/termine/{week['planned']['id']}/verschieben", f"/termine/{week['sent']['id']}/absagen"]
    for address in addresses + others:
        person.open(address)
        if scripts and address in addresses:
            person.page.locator("#calendar[data-ready]").wait_for(state="attached")
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := (person.violations() if scripts else []) + (["wider than the window"] if wide else []):
            faults[address] = found
        assert person.page.locator("h1").count() == 1
    assert faults == {}


@pytest.mark.parametrize("view", ["tag", "woche"])
def test_each_appointment_shows_its_reminder(week, window, view):
    grid = Grid(window("reader"), view, "2027-03-10")
    words = {"planned": "geplant", "sent": "übergeben", "none": "keine"} | ({"failed": "nicht zugestellt"} if view == "woche" else {})
    for name, word in words.items():
        event = grid.event(week[name])
        assert word in event.inner_text(), name
        assert event.locator(".status svg").count() == 1, name
    label = grid.event(week["planned"]).get_attribute("aria-label")
    assert label == "09:00 bis 10:00, Planer, Maria. Eva Berger, Hauptplatz. Erinnerung: SMS geplant Di 09.03., 07:00"
    assert "nicht gewünscht" in grid.event(week["none"]).get_attribute("aria-label")
    assert "Erinnerungen: " in grid.page.locator(".lead").inner_text()


@pytest.fixture(scope="module")
def crowd(desk):
    """Entries of 30, 45 and 60 minutes, alone and up to three beside each other, with one sign and with two."""
    desk.empty()
    desk.practice.api.patch("/practice", {"emailEnabled": True})
    for minutes, day in ((30, "08"), (45, "09"), (60, "10")):
        for beside, hour in ((1, "09"), (2, "11"), (3, "13")):
            for name in ["Oberhauser-Mitterlehner", "Auer", "Eder"][:beside]:
                desk.book(f"2027-03-{day}T{hour}:00", minutes, name, reminderKind="none" if name == "Eder" else "sms")
    for _ in range(3):
        desk.people += 1
        patient = desk.practice.patient(
            mobile=f"+4366412345{desk.people % 80:02d}", email=f"m{desk.people}@example.org", lastName="Beides")
        desk.practice.appointment(
            patient, "2027-03-11T13:00:00+01:00", "2027-03-11T13:30:00+01:00", reminderKind="both")
    desk.book("2027-03-11T09:00", 15, "Kurz")
    return desk


@pytest.mark.parametrize("view, day", [("woche", "2027-03-08"), ("tag", "2027-03-08"), ("tag", "2027-03-09"),
                                       ("tag", "2027-03-10"), ("tag", "2027-03-11")])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_entry_shows_its_sign_however_small_it_is(crowd, window, width, view, day):
    grid = Grid(window("staff", width), view, day)
    assert grid.page.locator("#calendar .fc-timegrid-event").count() >= (4 if view == "tag" else 22)
    assert grid.signs_outside() == []


def test_a_month_has_the_shapes_and_leads_to_days(week, window):
    grid = Grid(window("staff"), "monat", "2027-03-10")
    event = grid.event(week["failed"])
    assert event.locator(".status.failed svg").is_visible()
    assert not event.locator(".word").is_visible()
    assert "nicht zugestellt" in event.get_attribute("aria-label")
    grid.page.locator("td[data-date='2027-03-11'] a.fc-daygrid-day-number").click()
    grid.page.wait_for_url("**/kalender?ansicht=tag&tag=2027-03-11")
    # The address changes at once, the sentence with the answer.
    eventually(lambda: grid.page.locator("h1").inner_text() == "Donnerstag, 11. März 2027: 1 Termin")
    grid.page.go_back()
    grid.page.locator("h1", has_text="März 2027: 4 Termine").wait_for()
    grid.page.locator(".fc-dayGridMonth-view").wait_for()


def test_a_full_day_of_a_month_says_how_many_more_there_are(desk, window):
    desk.empty()
    booked = [desk.book(f"2027-03-10T{7 + hour:02d}:00") for hour in range(9)]
    desk.send(booked[8])
    desk.sql("UPDATE messages SET status = 'undeliverable'")
    grid = Grid(window("staff"), "monat", "2027-03-10")
    assert grid.page.locator(".fc-event[data-id]").count() == 7
    assert grid.page.locator(".named-bar").inner_text() == "Ostermontag"
    more = grid.page.locator(".fc-event.more")
    assert more.get_attribute("aria-label") == "Mittwoch, 10. März 2027, 3 weitere, 1 nicht zugestellt"
    assert more.locator(".status.failed svg").is_visible()
    assert grid.person.violations() == []
    more.focus()
    grid.page.keyboard.press("Enter")
    grid.page.locator("h1", has_text="10. März 2027: 9 Termine").wait_for()
    grid.event(booked[8]).wait_for()


def test_an_appointment_on_saturday_is_not_left_out_of_the_work_week(desk, window):
    desk.empty()
    grid = Grid(window("staff"), "woche", "2027-03-10")
    assert grid.page.locator(".fc-col-header-cell").count() == 5
    saturday = desk.book("2027-03-13T09:00")
    grid = Grid(window("staff"), "woche", "2027-03-10")
    assert grid.event(saturday).is_visible()
    assert grid.page.locator(".fc-col-header-cell").count() == 6


def test_by_keyboard_alone(desk, week, window):
    grid = Grid(window("staff"), "tag", "2027-03-10")
    page = grid.page
    for key, heading in (("ArrowRight", "11. März"), ("ArrowLeft", "10. März"), ("t", "Heute, Montag, 1. März")):
        page.keyboard.press(key)
        page.locator("h1", has_text=heading).wait_for()
    Grid(grid.person, "tag", "2027-03-10")
    event = grid.event(week["planned"])
    event.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Termin öffnen").wait_for()
    assert grid.person.violations() == []
    dialog.get_by_role("link", name="Verschieben").focus()
    page.keyboard.press("Enter")
    page.locator("#calendar-dialog #startTime").wait_for()
    assert grid.person.violations() == []
    page.locator("#startTime").fill("25")
    page.locator("#startTime").fill("16:45")
    page.locator("#end").fill("0")
    page.keyboard.press("Enter")
    page.locator("#calendar-dialog .summary").wait_for()
    assert page.locator("#startTime").input_value() == "16:45", "nothing that was typed is lost"
    page.locator("#end").fill("50")
    page.keyboard.press("Enter")
    page.get_by_text("Termin auf Mi 10.03., 16:45 verschoben.").wait_for()
    assert desk.row(week["planned"])[:2] == ("2027-03-10T16:45", 50)
    page.wait_for_function(f"document.activeElement.dataset.id === '{week['planned']['id']}'")
    page.locator(".toast button").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Zurückgenommen.").wait_for()
    assert desk.row(week["planned"])[:2] == ("2027-03-10T09:00", 60)
    page.keyboard.press("n")
    page.wait_for_url("**/termine/neu?**")


def test_a_cancellation_leaves_its_place_free_and_is_taken_back(desk, week, window):
    grid = Grid(window("staff"), "woche", "2027-03-10")
    page = grid.page
    grid.event(week["sent"]).click()
    page.get_by_role("dialog").get_by_role("link", name="Absagen").click()
    page.get_by_role("button", name="Termin absagen und Patient:in verständigen").click()
    page.get_by_text("Termin am Mi 10.03., 10:15 abgesagt.").wait_for()
    grid.event(week["sent"]).wait_for(state="detached")
    assert desk.reminders(week["sent"]) == ["reminder started", "correction planned"]
    page.get_by_role("button", name="Rückgängig").click()
    grid.event(week["sent"]).wait_for()
    assert desk.row(week["sent"])[2] == "booked"
    assert desk.reminders(week["sent"]) == ["reminder started"]


@pytest.mark.parametrize("width", [390, 1280])
def test_without_a_script_all_that_dragging_can_do_is_a_form(desk, week, window, width):
    person = window("staff", width, scripts=False)
    page = person.page
    page.set_default_timeout(20000)
    person.open("/kalender?ansicht=woche&tag=2027-03-10")
    row = page.locator(".agenda li", has_text="Sender")
    assert "übergeben" in row.inner_text()
    row.get_by_role("link", name="Verschieben").click()
    page.locator("#startTime").fill("14:00")
    page.get_by_role("button", name="Termin verschieben").click()
    assert "ging eine Erinnerung per SMS hinaus" in page.locator("main").inner_text()
    page.get_by_role("button", name="Verschieben und Patient:in verständigen").click()
    assert "/kalender?ansicht=woche&tag=2027-03-10" in page.url
    assert desk.row(week["sent"])[0] == "2027-03-10T14:00"
    page.locator(".toast").get_by_role("button", name="Rückgängig").click()
    assert page.url.endswith("/kalender?ansicht=woche&tag=2027-03-10"), "back to where one was"
    assert desk.row(week["sent"])[:2] == ("2027-03-10T10:15", 30)
    assert desk.reminders(week["sent"]) == ["reminder started"]
    page.get_by_role("link", name="Nächste Woche").click()
    assert "Woche 11" in page.locator("h1").inner_text()
    page.locator(".new-on a").first.click()
    assert page.locator("#start").input_value() == "2027-03-15"


def test_what_is_too_late_to_take_back_says_so(desk, week, window):
    person = window("staff", scripts=False)
    page = person.page
    person.open(f"/termine/{week['planned']['id']}")
    page.get_by_role("link", name="Verschieben").click()
    page.locator("#startTime").fill("08:00")
    page.get_by_role("button", name="Termin verschieben").click()
    assert "Termin auf Mi 10.03., 08:00 verschoben." in page.locator(".toast").inner_text()
    desk.sql("UPDATE undos SET expires_at = 0")
    page.get_by_role("button", name="Rückgängig").click()
    assert page.locator("h1").inner_text() == "Das lässt sich nicht mehr zurücknehmen."
    assert desk.row(week["planned"])[0] == "2027-03-10T08:00"


@pytest.mark.parametrize(
    "address", ["//example.org/", "https://example.org/", "/\\example.org", "javascript:alert(1)", "/ x", "/\t/example.org"]
)
def test_a_way_back_never_leads_elsewhere(desk, week, address):
    person = desk.person("staff")
    answer = person.submit(
        f"/termine/{week['planned']['id']}/verschieben", start="2027-03-12", startTime="10:00", zurueck=address,
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/termine/")


def test_another_practice_sees_none_of_it(desk, week):
    other = desk.person("other")
    for below in ("", "/verschieben", "/absagen"):
        assert other.open(f"/termine/{week['planned']['id']}{below}").status_code == 404, below
    assert other.open(f"/kalender/termin/{week['planned']['id']}").status_code == 404
    assert other.submit(f"/termine/{week['planned']['id']}/rueckgaengig").status_code == 404
    assert other.submit(f"/termine/{week['planned']['id']}/verschieben", start="2027-03-12").status_code == 404
    assert "Planer" not in other.open("/kalender?ansicht=woche&tag=2027-03-10").text
    assert "Planer" not in other.open("/kalender/termine?ansicht=woche&tag=2027-03-10").text


@pytest.mark.parametrize("query", ["", "?ansicht=jahr&tag=2027-02-30", "?tag=9999-12-31", "?therapeut=x&standort=99999999999999999999"])
def test_an_address_that_nobody_can_read_is_todays_week(desk, query):
    answer = desk.person("reader").open("/kalender" + query)
    assert answer.status_code == 200
    assert "Woche 9, 1. bis 7. März 2027" in answer.text
