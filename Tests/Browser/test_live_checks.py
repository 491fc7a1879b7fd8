"""What the forms about sender and text say while somebody types, and how one click mends it."""

import pytest
from playwright.sync_api import expect

PLACE = "/einstellungen/standorte/1"
NOTE = "#senderId-note"


@pytest.fixture
def typing(visitor):
    person = visitor()
    person.open(PLACE)
    return person


def settle(page, text: str, where: str = NOTE):
    page.locator(where).get_by_text(text).first.wait_for()


def test_the_sender_names_all_faults_at_once_and_is_mended_by_one_click(typing):
    page = typing.page
    page.fill("#senderId", "")
    page.locator("#senderId").press_sequentially("Prä!xis am Park")
    settle(page, "zu lang")
    assert "nicht: ä !" in page.locator(NOTE).inner_text()
    assert page.locator("#senderId").get_attribute("aria-invalid") == "true"
    assert page.evaluate("document.activeElement.id") == "senderId", "the focus stays"
    assert typing.violations() == []
    page.fill("#senderId", "0676 1234567")
    settle(page, "Landesvorwahl")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Übernehmen: 00436761234567")
    page.keyboard.press("Enter")
    assert page.locator("#senderId").input_value() == "00436761234567"
    assert page.evaluate("document.activeElement.id") == "senderId"
    page.locator("#senderId:not([aria-invalid])").wait_for()
    settle(page, "keine Registrierung nötig", "#registration")
    assert page.locator("#phone .from").inner_text() == "00436761234567", "the phone shows it"


def test_the_question_of_registration_follows_the_name(typing):
    page = typing.page
    page.fill("#senderId", "")
    page.locator("#registration").get_by_text("„Musterhof“").wait_for()
    page.set_checked("#senderRegistered", True)
    page.get_by_role("button", name="Standort speichern").click()
    page.wait_for_url("**/standorte/1?gespeichert=1")
    page.fill("#senderId", "Physio")
    page.locator("#registration").get_by_text("„Physio“ muss bei der RTR registriert sein").wait_for()
    assert not page.is_checked("#senderRegistered"), "the tick was about another name"
    page.check("#senderRegistered")
    page.get_by_role("button", name="Standort speichern").click()
    page.wait_for_url("**/standorte/1?gespeichert=1")
    assert page.is_checked("#senderRegistered"), "this one was about the new name"
    assert "„Physio“ ist als registriert bestätigt" in page.locator("#registration").inner_text()
    page.fill("#senderId", "")
    page.locator("#registration").get_by_text("„Musterhof“").wait_for()
    page.check("#senderRegistered")
    page.get_by_role("button", name="Standort speichern").click()
    page.wait_for_url("**/standorte/1?gespeichert=1")


def test_the_text_is_counted_and_its_costly_signs_named_and_mended_one_by_one(typing):
    page = typing.page
    page.fill("#closingText", "Bis „bald“ €")
    page.locator("#phone mark").first.wait_for()
    assert page.locator("#phone mark").all_inner_texts() == ["„", "“"]
    assert "Zählt doppelt: €" in page.locator("#phone").inner_text()
    assert typing.violations() == []
    said = page.locator("#phone-said")
    assert "Zählt doppelt: €" in said.inner_text() and "Das Zeichen „ gibt es in SMS nicht" in said.inner_text()
    page.get_by_role("button", name='„ als " schreiben').click()
    assert page.locator("#closingText").input_value() == 'Bis "bald“ €'
    assert page.evaluate("document.activeElement.id") == "closingText"
    expect(page.locator("#phone mark")).to_have_count(1)
    page.get_by_role("button", name="Vorgeschlagene Schreibweise übernehmen").click()
    assert page.locator("#closingText").input_value() == 'Bis "bald" €'
    page.locator("#phone").get_by_text("noch 111 Zeichen").wait_for()
    assert said.inner_text().startswith("1 SMS, noch 111 Zeichen.")


def test_all_costly_signs_are_mended_by_one_click_without_a_new_page(typing):
    page = typing.page
    page.evaluate("window.untouched = true")
    page.fill("#closingText", "„Bis bald“ – 😀")
    page.get_by_role("button", name="Vorgeschlagene Schreibweise übernehmen").click()
    assert page.locator("#closingText").input_value() == '"Bis bald" - '
    expect(page.locator("#phone mark")).to_have_count(0)
    assert page.evaluate("window.untouched")


def test_typing_moves_nothing_else(typing):
    page = typing.page
    top = page.locator("#registration").bounding_box()["y"]
    page.fill("#senderId", "Praxis!")
    settle(page, "nicht: !")
    assert abs(page.locator("#registration").bounding_box()["y"] - top) < 4


def test_without_a_script_the_same_is_said_on_saving(visitor):
    person = visitor(scripts=False)
    page = person.page
    person.open(PLACE)
    text = page.locator("#closingText").input_value()
    page.fill("#closingText", "Bis „bald“")
    page.get_by_role("button", name="Vorschau zeigen").click()
    assert page.locator("#phone mark").all_inner_texts() == ["„", "“"]
    assert page.locator("button[data-take]:visible").all_inner_texts() == ["Vorgeschlagene Schreibweise übernehmen"]
    page.get_by_role("button", name="Vorgeschlagene Schreibweise übernehmen").click()
    assert page.locator("#closingText").input_value() == 'Bis "bald"'
    page.fill("#closingText", text)
    page.fill("#senderId", "Prä!xis am Park")
    page.get_by_role("button", name="Standort speichern").click()
    problems = page.locator(NOTE).inner_text()
    assert "zu lang" in problems and "nicht: ä !" in problems


@pytest.mark.parametrize("width, scheme", [(390, "dark"), (1280, "light")])
def test_the_practices_own_sender_is_checked_too(visitor, width, scheme):
    person = visitor(width, scheme)
    page = person.page
    for path in ("/einstellungen", "/einstellungen/absender"):
        person.open(path)
        page.fill("#senderId", "+43 676 1234567")
        settle(page, "international")
        assert person.violations() == []
        page.get_by_role("button", name="Übernehmen: 00436761234567").click()
        assert page.input_value("#senderId") == "00436761234567"
        page.fill("#senderId", "")
        settle(page, "braucht jeder Standort eine eigene")


def test_the_sender_page_tells_the_rule_and_how_each_location_stands(visitor):
    person = visitor()
    person.open("/einstellungen/absender")
    text = person.page.locator("main").inner_text()
    assert "Netze in Österreich stellen Namen seit 1. Oktober 2026 nur zu" in text
    leibnitz = person.page.locator(".rows li", has_text="Leibnitz").inner_text()
    assert "00436761234500 · eigene Absenderkennung" in leibnitz and "keine Registrierung nötig" in leibnitz
    graz = person.page.locator(".rows li", has_text="Graz").inner_text()
    assert "wie die Praxis" in graz and "registriert" in graz
