"""What an entry says in the room it has, and a month's days on a phone."""

import pytest

from calendar_desk import CalendarDesk, Grid


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture
def told(desk):
    """Three patients who said something, one of whom has a reminder that failed."""
    desk.empty()
    booked = {kind: desk.book(f"2027-03-10T{hour}:00", 30, "Binderzuger") for kind, hour in
              (("confirmed", "09"), ("cancel_asked", "11"), ("wrong_number", "13"))}
    for kind, appointment in booked.items():
        desk.tell(appointment, kind)
    desk.send(booked["confirmed"])
    desk.sql("UPDATE messages SET status = 'undeliverable'")
    return booked


@pytest.mark.parametrize("view, width", [("woche", 1280), ("woche", 2560), ("tag", 390)])
def test_what_a_patient_said_is_the_word_and_the_reminder_a_sign(told, window, view, width):
    grid = Grid(window("staff", width), view, "2027-03-10")
    for kind, word in (("confirmed", "bestätigt"), ("cancel_asked", "möchte absagen"), ("wrong_number", "falsche Nummer")):
        event = grid.event(told[kind])
        assert event.locator(".word").all_inner_texts() == [word], kind
        assert event.locator(".status svg").count() == 2, kind
    assert "nicht zugestellt" in grid.event(told["confirmed"]).get_attribute("aria-label")
    cut = grid.page.evaluate("""() => [...document.querySelectorAll("#calendar .entry :is(.word, .detail, b)")].filter((part) =>
        part.scrollWidth > part.clientWidth && getComputedStyle(part).textOverflow !== "ellipsis").map((part) => part.textContent)""")
    outside = grid.page.evaluate("""() => [...document.querySelectorAll("#calendar .looks")].filter((looks) =>
        looks.scrollWidth > looks.clientWidth + 1).map((looks) => looks.textContent)""")
    assert (cut, outside) == ([], [])


def test_an_opened_entry_says_what_there_is_to_say_on_the_telephone(told, window):
    grid = Grid(window("staff"), "woche", "2027-03-10")
    grid.event(told["cancel_asked"]).click()
    dialog = grid.page.get_by_role("dialog")
    dialog.get_by_text("möchte absagen").wait_for()
    call = dialog.get_by_role("link", name="Anrufen: 0664")
    assert call.get_attribute("href").startswith("tel:+43664")
    assert grid.person.violations() == []
    dialog.get_by_role("link", name="Binderzuger, Maria").click()
    grid.page.wait_for_url(f"**/patienten/{told['cancel_asked']['patientId']}*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_month_on_a_phone_counts_its_days(desk, told, window, scheme):
    desk.sql(
        "INSERT INTO closing_days (practice_id, first_day, last_day, name) VALUES (?, '2027-03-22', '2027-03-24', 'Urlaub')",
        desk.practice.id)
    grid = Grid(window("staff", 390, scheme), "monat", "2027-03-10")
    day = grid.page.locator(".fc-event[data-id]")
    assert day.count() == 1
    assert day.inner_text() == "3"
    assert day.locator(".failed svg").is_visible()
    assert day.get_attribute("aria-label") == (
        "Mittwoch, 10. März 2027, 3 Termine, Erinnerungen: 1 nicht zugestellt und 2 geplant.")
    assert day.bounding_box()["height"] >= 44
    named = grid.page.locator(".calendar-head .banner")
    assert named.all_inner_texts() == ["Mo 22.03. bis Mi 24.03.: Urlaub · Mo 29.03.: Ostermontag"]
    assert grid.page.locator(".named-bar").first.inner_text() == "Urlaub"
    assert grid.person.violations() == []
    day.click()
    grid.page.locator("h1", has_text="10. März 2027: 3 Termine").wait_for()
    desk.sql("DELETE FROM closing_days WHERE name = 'Urlaub'")


def test_a_date_looks_the_same_everywhere(told, window):
    grid = Grid(window("staff"), "woche", "2027-03-10")
    assert grid.page.locator(".fc-col-header-cell").nth(2).inner_text() == "Mi 10.03."
    assert "1 nicht zugestellt" in grid.page.locator(".lead").inner_text()


@pytest.mark.parametrize("width", [320, 360, 390])
def test_the_bar_of_a_phone_can_be_read(told, window, width):
    person = window("admin", width)
    person.open("/kalender?ansicht=monat&tag=2027-03-10")
    labels = person.page.evaluate("""() => [...document.querySelectorAll(".side a")].filter((a) => a.offsetWidth).map((a) =>
        [parseFloat(getComputedStyle(a).fontSize) >= 11, a.getBoundingClientRect().right <= innerWidth])""")
    assert labels and all(big and within for big, within in labels), labels
    tall = person.page.evaluate("""() => [...document.querySelectorAll(".calendar-head .tabs a, .fc-col-header-cell a")].filter((a) =>
        a.scrollWidth > a.clientWidth + 1 || a.offsetHeight > 50).map((a) => a.textContent)""")
    assert tall == []
