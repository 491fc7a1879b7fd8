"""The calendar by mouse: what is dragged is moved, and what follows from it is said before it is saved."""

import pytest

from calendar_desk import CalendarDesk, Grid
from harness.waiting import eventually


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture(autouse=True)
def nothing_booked(desk):
    desk.empty()


def saved(desk, appointment, start, minutes=60):
    eventually(lambda: desk.row(appointment)[:2] == (start, minutes) or None)


def test_a_drag_moves_and_is_taken_back(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("staff"), "woche", "2027-03-08")
    assert "geplant" in grid.event(appointment).inner_text()
    grid.move(appointment, "2027-03-11", "13:30")
    toast = grid.page.locator(".toast")
    toast.wait_for()
    assert "Termin auf Do 11.03., 13:30 verschoben." in toast.inner_text()
    saved(desk, appointment, "2027-03-11T13:30")
    assert desk.reminders(appointment) == ["reminder skipped", "reminder planned"]
    assert grid.person.violations() == []
    toast.get_by_role("button", name="Rückgängig").click()
    grid.page.get_by_text("Zurückgenommen.").wait_for()
    saved(desk, appointment, "2027-03-10T10:00")
    assert desk.reminders(appointment) == ["reminder planned"]
    grid.page.locator("td[data-date='2027-03-10'] .fc-event").wait_for()
    deeds = desk.sql("SELECT deed, subject FROM audit WHERE subject = 'appointment' AND subject_id = ? AND deed = 'changed'", appointment["id"])
    assert deeds == [("changed", "appointment")] * 2


def test_the_lower_edge_changes_the_end_only(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("staff"), "tag", "2027-03-10")
    grid.stretch(appointment, "2027-03-10", "11:15")
    grid.page.get_by_text("endet nun um 11:30").wait_for()
    saved(desk, appointment, "2027-03-10T10:00", 90)
    assert desk.reminders(appointment) == ["reminder planned"]


def test_inside_48_hours_it_is_said_that_the_reminder_goes(desk, window):
    appointment = desk.book("2027-03-04T10:00")
    grid = Grid(window("staff"), "woche", "2027-03-01")
    grid.move(appointment, "2027-03-02", "15:00")
    dialog = grid.page.get_by_role("dialog")
    dialog.wait_for()
    assert dialog.get_by_role("heading").inner_text().endswith("Auer: von Do 04.03., 10:00 auf Di 02.03., 15:00 verschieben?")
    assert "per SMS entfällt, weil bis zum neuen Beginn weniger als 48 Stunden bleiben" in dialog.inner_text()
    assert grid.person.violations() == []
    assert desk.row(appointment)[0] == "2027-03-04T10:00", "nothing is saved before the answer"
    dialog.get_by_role("link", name="Doch nicht").click()
    # It springs back.
    grid.page.locator("td[data-date='2027-03-04'] .fc-event").wait_for()
    grid.move(appointment, "2027-03-02", "15:00")
    dialog.get_by_role("button", name="Verschieben, ohne Erinnerung").click()
    grid.page.locator(".toast").wait_for()
    assert desk.row(appointment) == ("2027-03-02T15:00", 60, "booked", "none", 2)
    grid.page.get_by_role("button", name="Rückgängig").click()
    grid.page.get_by_text("Zurückgenommen.").wait_for()
    assert desk.row(appointment) == ("2027-03-04T10:00", 60, "booked", "sms", 3)
    assert desk.reminders(appointment) == ["reminder planned"]


@pytest.mark.parametrize("answer", ["Verschieben und Patient:in verständigen", "Verschieben ohne Nachricht"])
def test_after_it_went_out_it_asks_and_offers_the_correction(desk, window, answer):
    appointment = desk.book("2027-03-04T10:00")
    desk.send(appointment)
    grid = Grid(window("staff"), "woche", "2027-03-01")
    assert "übergeben" in grid.event(appointment).inner_text()
    grid.move(appointment, "2027-03-05", "09:00")
    dialog = grid.page.get_by_role("dialog")
    dialog.wait_for()
    assert "Am Mo 01.03.2027, 07:00 Uhr ging eine Erinnerung per SMS hinaus." in dialog.inner_text()
    assert grid.person.violations() == []
    grid.page.keyboard.press("Escape")
    assert desk.row(appointment)[0] == "2027-03-04T10:00"
    assert grid.page.locator("td[data-date='2027-03-04'] .fc-event").count() == 1
    grid.move(appointment, "2027-03-05", "09:00")
    dialog.get_by_role("button", name=answer).click()
    grid.page.locator(".toast").wait_for()
    assert desk.row(appointment)[0] == "2027-03-05T09:00"
    expected = ["correction planned"] if "verständigen" in answer else []
    assert [line for line in desk.reminders(appointment) if "correction" in line] == expected


def test_a_drag_over_free_time_and_a_click_open_the_form(desk, window):
    grid = Grid(window("staff"), "woche", "2027-03-08")
    grid.drag(grid.point("2027-03-10", "10:00"), grid.point("2027-03-10", "11:15"))
    grid.page.wait_for_url("**/termine/neu?**")
    assert "start=2027-03-10&startTime=10%3A00&end=90&zurueck=%2Fkalender%3Fansicht%3Dwoche" in grid.page.url
    grid.page.go_back()
    grid.wait()
    grid.page.mouse.click(*grid.point("2027-03-11", "09:00"))
    grid.page.wait_for_url("**/termine/neu?**")
    assert grid.page.locator("#start").input_value() == "2027-03-11"
    assert grid.page.locator("#startTime").input_value() == "09:00"


def test_somebody_elses_change_is_told_and_nothing_is_overwritten(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("staff"), "woche", "2027-03-08")
    desk.practice.api.patch(f"/appointments/{appointment['id']}", {"end": "2027-03-10T12:00:00+01:00"})
    grid.move(appointment, "2027-03-11", "13:30")
    dialog = grid.page.get_by_role("dialog")
    dialog.wait_for()
    assert "Jemand anderes hat das inzwischen geändert." in dialog.inner_text()
    assert desk.row(appointment)[0] == "2027-03-10T10:00"


def test_a_reader_sees_and_moves_nothing(desk, window):
    appointment = desk.book("2027-03-10T10:00")
    grid = Grid(window("reader"), "woche", "2027-03-08")
    grid.move(appointment, "2027-03-11", "13:30")
    grid.page.wait_for_timeout(300)
    assert desk.row(appointment)[0] == "2027-03-10T10:00"
    assert grid.page.get_by_role("link", name="Neuer Termin").count() == 0
    dialog = grid.page.get_by_role("dialog")
    if dialog.count() == 0:
        grid.event(appointment).click()
    dialog.get_by_role("link", name="Termin öffnen").wait_for()
    assert dialog.get_by_role("link", name="Verschieben").count() == 0
    person = desk.person("reader")
    assert person.submit(f"/termine/{appointment['id']}/verschieben", start="2027-03-12").status_code == 403
    assert person.submit(f"/termine/{appointment['id']}/rueckgaengig").status_code == 403
