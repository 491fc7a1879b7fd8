"""A practice that has nothing yet: what it is led to, and who is led nowhere."""

import pytest

from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    found = Desk(tmp_path_factory.mktemp("first-steps"), role="web")
    yield found
    found.close()


def heading(person) -> str:
    return person.page.locator("h1").inner_text()


def test_an_empty_practice_is_led_through_its_first_steps(desk, window):
    person = window("other")
    assert heading(person) == "Willkommen bei Vortag. Hier fängst du an."
    steps = person.page.locator(".start-steps li")
    assert steps.count() == 5
    steps.first.get_by_role("link").click()
    person.page.wait_for_url("**/einstellungen/standorte/neu")
    person.open("/anrufe")
    assert "Du musst niemanden anrufen." == heading(person)


def test_first_steps_lead_nobody_to_a_page_that_is_refused(desk, window):
    other = desk.sql("SELECT MAX(id) FROM practices")[0][0]
    desk.program("user", "add", "--practice", str(other), "--email", "neuling@example.org", "--role", "staff",
                 stdin="ein-gutes-wort\n")
    person = window("neuling")
    links = [link.get_attribute("href") for link in person.page.locator(".start-steps a").all()]
    assert links == ["/patienten/neu", "/termine/neu"]
    assert [person.open(link).status for link in links] == [200, 200]
