"""Whose appointments the calendar shows: chosen, kept in the address, and remembered until the next visit."""

import pytest

from calendar_desk import CalendarDesk, Grid
from harness.waiting import eventually


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture
def week(desk):
    return desk.week()


def test_filters_narrow_what_is_shown_and_stay_in_the_address(desk, week, window):
    other = desk.practice.api.post("/practitioners", {"name": "Jan Auer"})
    grid = Grid(window("staff"), "woche", "2027-03-10")
    grid.page.locator("#therapeut").focus()
    grid.page.locator("#therapeut").select_option(label="Eva Berger")
    grid.page.wait_for_url("**therapeut=*")
    grid.page.locator("h1", has_text="3 Termine").wait_for()
    assert grid.event(week["failed"]).count() == 0
    assert grid.page.evaluate("document.activeElement.id") == "therapeut"
    grid.page.keyboard.press("Tab")
    grid.page.get_by_role("link", name="Nächste Woche").click()
    grid.page.locator("h1", has_text="Woche 11").wait_for()
    assert "therapeut=" in grid.page.url and "tag=2027-03-17" in grid.page.url
    desk.practice.api.delete(f"/practitioners/{other['id']}")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_chosen_is_there_at_the_next_visit(desk, week, window, scripts):
    other = desk.practice.api.post("/practitioners", {"name": "Jan Auer"})
    person = window("staff", scripts=scripts)
    page = person.page

    def choose(label: str):
        page.locator("#therapeut").select_option(label=label)
        if not scripts:
            page.get_by_role("button", name="Filtern").click()

    def visit():
        person.open("/")
        page.locator(".to-calendar").click()
        page.wait_for_url("**/kalender*")
        return page.locator("#therapeut option:checked").inner_text()

    person.open("/kalender?ansicht=woche&tag=2027-03-10")
    choose("Eva Berger")
    page.locator("h1", has_text="3 Termine").wait_for()
    assert visit() == "Eva Berger"
    # An address says what it says.
    person.open("/kalender?ansicht=woche&tag=2027-03-10")
    assert page.locator("#therapeut option:checked").inner_text() == "alle"
    assert visit() == "Eva Berger"
    choose("alle")
    page.locator("h1", has_text="kein Termin").wait_for()
    eventually(lambda: visit() == "alle")
    choose("Jan Auer")
    page.wait_for_url("**therapeut=*")
    desk.practice.api.delete(f"/practitioners/{other['id']}")
    person.open("/kalender")
    assert page.url.endswith("/kalender"), "who is gone filters nothing"


def test_the_choice_is_of_whom_it_was(desk, week):
    staff, admin = desk.person("staff"), desk.person("admin")
    kept = staff.open(f"/kalender?therapeut={desk.practice.practitioner['id']}&standort=").headers["Set-Cookie"]
    assert "HttpOnly" in kept and "SameSite=Lax" in kept
    name, value = kept.split(";")[0].split("=")
    assert staff.session.get(staff.url + "/kalender", allow_redirects=False).status_code == 303
    admin.session.cookies.set(name, value)
    assert admin.session.get(admin.url + "/kalender", allow_redirects=False).status_code == 200
