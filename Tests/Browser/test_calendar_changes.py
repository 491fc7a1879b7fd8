"""Changes from the calendar that meet what others did, the clocks, and series: what is refused, told, and taken back."""

import re

import pytest

from calendar_desk import CalendarDesk, Grid

CALENDAR = "/kalender?ansicht=woche&tag=2027-03-10"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture(autouse=True)
def nothing_booked(desk):
    desk.empty()


def test_a_question_never_renews_the_version_that_somebody_saw(desk):
    appointment = desk.book("2027-03-10T10:00")
    staff = desk.person("staff")
    move = {"start": "2027-03-02", "startTime": "15:00"}
    change = lambda end: desk.practice.api.patch(f"/appointments/{appointment['id']}", {"end": f"2027-03-10T{end}:00+01:00"})
    change("12:00")
    stale = staff.submit(f"/termine/{appointment['id']}/verschieben", version="1", **move)
    assert stale.status_code == 422 and "Jemand anderes hat das inzwischen geändert" in stale.text
    asked = staff.submit(f"/termine/{appointment['id']}/verschieben", version="2", **move)
    assert asked.status_code == 409 and 'name="version" value="2"' in asked.text
    change("13:00")
    late = staff.submit(f"/termine/{appointment['id']}/verschieben", version="2", answer="dropped", **move)
    assert late.status_code == 422 and "Jemand anderes hat das inzwischen geändert" in late.text
    assert desk.row(appointment)[0] == "2027-03-10T10:00"


def test_a_late_cancellation_carries_the_version_that_somebody_saw(desk):
    appointment = desk.book("2027-03-10T10:00")
    desk.send(appointment)
    staff = desk.person("staff")
    asked = staff.submit(f"/termine/{appointment['id']}/absagen", version="1")
    assert asked.status_code == 409 and 'name="version" value="1"' in asked.text
    desk.practice.api.patch(f"/appointments/{appointment['id']}", {"end": "2027-03-10T12:00:00+01:00"})
    stale = staff.submit(f"/termine/{appointment['id']}/absagen", version="1")
    assert stale.status_code == 409 and "Jemand anderes hat das inzwischen geändert" in stale.text
    assert desk.row(appointment)[2] == "booked"


def test_what_is_cancelled_is_neither_moved_nor_cancelled_again(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("staff"), "woche", "2027-03-08")
    desk.practice.api.delete(f"/appointments/{appointment['id']}")
    grid.move(appointment, "2027-03-11", "13:30")
    dialog = grid.page.get_by_role("dialog")
    dialog.wait_for()
    assert "Der Termin ist abgesagt." in dialog.inner_text()
    assert dialog.get_by_role("button").count() == 0
    assert grid.person.violations() == []
    grid.page.keyboard.press("Escape")
    grid.event(appointment).wait_for(state="detached")
    staff = desk.person("staff")
    for below in ("verschieben", "absagen"):
        for answer in (staff.open(f"/termine/{appointment['id']}/{below}"),
                       staff.submit(f"/termine/{appointment['id']}/{below}", start="2027-03-12", startTime="10:00")):
            assert answer.status_code == 409 and "Der Termin ist abgesagt." in answer.text, below
    assert desk.row(appointment)[:3] == ("2027-03-10T10:00", 60, "cancelled")


def test_a_double_click_does_it_once(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("staff"), "woche", "2027-03-08")
    page, sent = grid.page, []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    grid.event(appointment).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Absagen").click()
    dialog.get_by_role("button", name="Termin absagen", exact=True).dblclick()
    page.locator(".toast").wait_for()
    assert len(sent) == 1 and not dialog.is_visible()
    assert desk.row(appointment)[2] == "cancelled"


def test_a_stale_drag_shows_what_the_other_did_once_the_dialog_is_closed(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("staff"), "woche", "2027-03-08")
    desk.practice.api.patch(f"/appointments/{appointment['id']}", {"start": "2027-03-12T08:00:00+01:00"})
    grid.move(appointment, "2027-03-11", "13:30")
    grid.page.get_by_role("dialog").wait_for()
    grid.page.keyboard.press("Escape")
    grid.page.locator("td[data-date='2027-03-12'] .fc-event").wait_for()


def test_nobody_moves_into_the_past(desk):
    appointment = desk.book("2027-03-10T10:00")
    staff = desk.person("staff")
    fields = {"version": "1", "start": "2021-03-08", "startTime": "10:00"}
    moved = staff.submit(f"/termine/{appointment['id']}/verschieben", **fields)
    desk.practice.api.patch(f"/appointments/{appointment['id']}", {"start": "2021-03-08T10:00:00+01:00"}, expect=422)
    assert moved.status_code == 422 and "vor dem heutigen Tag" in moved.text
    assert desk.row(appointment)[0] == "2027-03-10T10:00"


@pytest.mark.parametrize("day, end", [("2027-03-28", "2027-03-28T04:30"), ("2027-10-31", "2027-10-31T02:30")])
def test_an_hour_is_an_hour_also_where_the_clocks_change(desk, day, end):
    staff = desk.person("staff")
    patient = desk.practice.patient(lastName="Uhr")
    booked = staff.submit("/termine/neu", patientId=patient["id"], locationId=desk.practice.location["id"], start=day,
                          startTime="02:30", end="60")
    assert booked.status_code == 303, booked.text
    appointment = {"id": re.search(r"/termine/(\d+)", booked.headers["Location"])[1]}
    assert desk.row(appointment)[1] == 60
    assert desk.practice.api.get(f"/appointments/{appointment['id']}")["end"].startswith(end)
    # A drag says when it starts, and not how long it takes.
    staff.submit(f"/termine/{appointment['id']}/verschieben", version="1", start="2027-04-06", startTime="09:00")
    assert desk.row(appointment)[:2] == ("2027-04-06T09:00", 60)


def test_a_series_says_how_many_there_are_and_is_taken_back(desk, window):
    staff = desk.person("staff")
    patient = desk.practice.patient(lastName="Serie", mobile="+436641234501", reminderKind="sms")
    booked = staff.submit(
        "/termine/neu", patientId=patient["id"], locationId=desk.practice.location["id"], start="2027-03-03",
        startTime="09:00", end="60", weeksApart="1", times="3", zurueck=CALENDAR)
    person = window("staff")
    page = person.page
    person.open(booked.headers["Location"])
    assert "3 Termine angelegt. Bei 1 Termin entfällt die Erinnerung: Mi 03.03., 09:00" in page.locator(".toast").inner_text()
    statuses = lambda: [row[0] for row in desk.sql("SELECT status FROM appointments ORDER BY start_at")]
    second = desk.sql("SELECT id FROM appointments ORDER BY start_at")[1][0]
    grid = Grid(person, "woche", "2027-03-10")
    grid.event({"id": second}).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Absagen").click()
    dialog.get_by_text("Nur dieser Termin der Serie").wait_for()
    assert person.violations() == []
    page.keyboard.press("Escape")
    person.open(f"/termine/{second}/absagen?zurueck=/kalender%3Fansicht%3Dwoche%26tag%3D2027-03-10")
    page.get_by_label("Diesen und alle späteren").check()
    page.get_by_role("button", name="Termin absagen", exact=True).click()
    page.locator(".toast", has_text="2 Termine abgesagt.").wait_for()
    assert statuses() == ["booked", "cancelled", "cancelled"]
    page.get_by_role("button", name="Rückgängig").click()
    page.get_by_text("Zurückgenommen. 2 Termine sind wieder wie zuvor.").wait_for()
    grid.event({"id": second}).wait_for()
    assert statuses() == ["booked"] * 3


def test_a_list_says_with_which_day_it_goes_on(desk, window):
    person = window("staff")
    person.open("/kalender?ansicht=liste&tag=2027-03-10")
    assert person.page.get_by_role("link", name="Weiter ab Mi 24.03.").count() == 1
    assert person.page.get_by_role("link", name="Zurück bis Mi 24.02.").count() == 1


def test_a_key_leads_nobody_to_a_page_that_is_refused(desk, window):
    person = window("reader")
    for address in (CALENDAR, "/patienten", "/"):
        person.open(address)
        person.page.locator("h1").click()
        person.page.keyboard.press("n")
        person.page.wait_for_timeout(200)
        assert "/termine/neu" not in person.page.url, address


def test_the_first_thing_in_an_opened_appointment_is_to_open_it(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    desk.send(appointment)
    grid = Grid(window("staff"), "woche", "2027-03-08")
    grid.event(appointment).click()
    dialog = grid.page.get_by_role("dialog")
    dialog.get_by_role("link", name="Termin öffnen").wait_for()
    grid.page.wait_for_function("document.activeElement.matches('#calendar-dialog .main')")


def test_of_somebody_who_was_erased_nothing_is_noted(desk):
    appointment = desk.book("2027-03-01T08:00")
    staff = desk.person("staff")
    assert "Nicht gekommen" in staff.open(f"/termine/{appointment['id']}").text
    desk.practice.api.delete(f"/patients/{appointment['patientId']}")
    page = staff.open(f"/termine/{appointment['id']}").text
    assert "Nicht gekommen" not in page and "/absagen" not in page and "/verschieben" not in page
    week = staff.open("/kalender?ansicht=woche&tag=2027-03-01").text
    assert f"/termine/{appointment['id']}" in week and f"/termine/{appointment['id']}/absagen" not in week
