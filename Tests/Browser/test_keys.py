"""Single keys: where they lead, where they have no business, and how somebody does without them."""

import pytest

from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("keys"), role="web")
    desk.patient = desk.practice.patient(lastName="Traube")
    yield desk
    desk.close()


@pytest.mark.parametrize("address", ["/termine/neu", "/patienten/:id", "/konto"])
def test_no_key_leads_away_from_a_form(desk, window, address):
    person = window("admin")
    page = person.page
    person.open(address.replace(":id", str(desk.patient["id"])))
    before = page.url
    page.evaluate("document.activeElement.blur()")
    for key in ("n", "t", "/"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.url == before
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_keys_can_be_turned_off_for_a_browser(desk, window):
    person = window("staff")
    page = person.page

    def leads_away() -> bool:
        person.open("/patienten")
        page.locator("h1").click()
        page.keyboard.press("n")
        page.wait_for_timeout(300)
        return "/termine/neu" in page.url

    assert leads_away()
    person.open("/konto")
    page.get_by_label("Diese Tasten gelten").uncheck()
    assert person.violations() == []
    assert not leads_away()
    person.open("/konto")
    assert not page.get_by_label("Diese Tasten gelten").is_checked()
    page.get_by_label("Diese Tasten gelten").check()
    assert leads_away()


def test_without_a_script_there_is_no_switch_for_keys(desk, window):
    person = window("staff", scripts=False)
    person.open("/konto")
    assert not person.page.get_by_text("Diese Tasten gelten").is_visible()
