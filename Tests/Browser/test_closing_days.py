"""Closing days and public holidays."""

from datetime import date, timedelta

import pytest

from desk import Desk

PATH = "/einstellungen/schliesstage"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("closing"), role="web")
    yield desk
    desk.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_closing_day_is_entered_and_removed(window, scripts):
    person = window(scripts=scripts)
    page = person.page
    person.open(PATH)
    assert "Erinnerungen gehen auch an Feiertagen und Schließtagen hinaus" in page.locator(".lead").inner_text()
    assert "Es ist kein Schließtag eingetragen." in page.locator("h1").inner_text()
    first = date.today() + timedelta(days=30)
    page.fill("#name", "Betriebsurlaub")
    page.fill("#firstDay", first.isoformat())
    page.fill("#lastDay", (first + timedelta(days=4)).isoformat())
    page.get_by_role("button", name="Eintragen").click()
    page.wait_for_url(f"**{PATH}?gespeichert=1")
    assert "Betriebsurlaub, ab" in page.locator("h1").inner_text()
    assert "ganze Praxis" in page.locator(".closings li").first.inner_text()
    page.get_by_role("button", name="Betriebsurlaub").click()
    page.wait_for_url(f"**{PATH}")
    assert page.locator(".closings li").count() == 0


def test_what_is_wrong_is_said_and_nothing_is_lost(window):
    person = window()
    page = person.page
    person.open(PATH)
    page.fill("#firstDay", "2027-08-10")
    page.fill("#lastDay", "2027-08-02")
    page.get_by_role("button", name="Eintragen").click()
    page.locator("#summary").wait_for()
    assert "Der Name fehlt" in page.locator("#name-note").inner_text()
    assert "Der letzte Tag liegt vor dem ersten" in page.locator("#lastDay-note").inner_text()
    assert page.input_value("#firstDay") == "2027-08-10"
    assert person.violations() == []


def test_one_location_may_be_closed_and_the_past_is_kept(desk, window):
    admin = desk.person("admin")
    place = str(desk.practice.location["id"])
    today = date.today()
    assert admin.submit(PATH, name="Umbau", firstDay=today.isoformat(), locationId=place).status_code == 303
    assert admin.submit(PATH, name="Früher", firstDay="2020-01-02").status_code == 303
    person = window()
    person.open(PATH)
    assert "Geschlossen bis" in person.page.locator("h1").inner_text()
    assert desk.practice.location["name"] in person.page.locator(".closings li").first.inner_text()
    person.page.locator("summary").click()
    assert "Früher" in person.page.locator("details .closings").inner_text()
    assert person.violations() == []
    found = desk.sql("SELECT deed, subject FROM audit WHERE subject = 'closing_day' ORDER BY id DESC LIMIT 2")
    assert found == [("created", "closing_day")] * 2
    assert admin.submit(PATH, name="Fremd", firstDay="2027-01-02", locationId="999").status_code == 422


def test_nothing_of_another_practice_is_touched(desk):
    desk.person("admin").submit(PATH, name="Unser", firstDay="2027-08-02")
    one = desk.sql("SELECT MAX(id) FROM closing_days")[0][0]
    assert desk.person("other").submit(f"{PATH}/{one}/loeschen").status_code == 404
    assert desk.person("staff").submit(f"{PATH}/{one}/loeschen").status_code == 403
    assert "Unser" not in desk.person("other").open(PATH).text
    assert desk.sql("SELECT COUNT(*) FROM closing_days WHERE id = ?", one)[0][0] == 1


def test_holidays_follow_the_state_that_is_chosen(desk, window):
    person = window()
    page = person.page
    person.open(PATH + "?jahr=2027#feiertage")
    holidays = page.locator(".holidays")
    assert "Stefanitag" in holidays.inner_text() and holidays.locator("li").count() == 13
    desk.sql("UPDATE practices SET country = 'DE' WHERE id = ?", desk.practice.id)
    person.open(PATH + "?jahr=2027")
    assert "Fronleichnam" not in holidays.inner_text() and "nur die Feiertage, die in ganz" in page.locator("main").inner_text()
    page.select_option("#region", "DE-BY")
    page.get_by_role("button", name="Bundesland übernehmen").click()
    page.wait_for_url("**gespeichert=1**")
    person.open(PATH + "?jahr=2027")
    assert holidays.locator("li").count() == 13 and "Fronleichnam" in holidays.inner_text()
    assert "überwiegend katholischer" in page.locator("main").inner_text()
    assert person.violations() == []
    desk.sql("UPDATE practices SET country = 'CH', region = '' WHERE id = ?", desk.practice.id)
    person.open(PATH)
    assert "kennt Vortag keine Feiertage" in page.locator("main").inner_text()
    desk.sql("UPDATE practices SET country = 'AT' WHERE id = ?", desk.practice.id)


@pytest.mark.parametrize("year", ["x", "0", "99999", "-1"])
def test_a_year_that_is_none_is_this_one(desk, year):
    assert f'aria-current="page">{date.today().year}</a>' in desk.person("reader").open(f"{PATH}?jahr={year}").text
