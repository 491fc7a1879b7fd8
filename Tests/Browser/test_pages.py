"""Every page, at both widths and in both schemes: accessible, complete, and silent in the console."""

import pytest

PAGES = [
    "/",
    "/anrufe",
    "/anrufe/drucken",
    "/termine/neu",
    "/termine/1",
    "/termine/30/absagen",
    "/patienten",
    "/patienten/neu",
    "/patienten/1",
    "/patienten/1/loeschen",
    "/nachrichten",
    "/nachrichten?status=delivered&channel=sms",
    "/antworten",
    "/einstellungen",
    "/einstellungen/praxis",
    "/einstellungen/erinnerungen",
    "/einstellungen/absender",
    "/einstellungen/standorte",
    "/einstellungen/therapeuten",
    "/einstellungen/schliesstage",
    "/einstellungen/kosten",
    "/einstellungen/morgenbericht",
    "/einstellungen/versand",
    "/einstellungen/postfach",
    "/einstellungen/postfach/neu",
    "/einstellungen/standorte/neu",
    "/einstellungen/standorte/1",
    "/einstellungen/therapeuten/neu",
    "/hilfe",
]

EIGHT = [
    "Nachricht wurde zum Senden übergeben",
    "Nachricht erfolgreich zugestellt",
    "Nachricht konnte nicht zugestellt werden",
    "Frist für Zustellung ist abgelaufen",
    "Nachricht wurde vom Empfänger abgelehnt",
    "SMS Service nicht erreichbar",
    "Fehler vom Provider gemeldet, senden nicht möglich",
    "Provider hat Annahme abgelehnt, bitte beim Support melden!",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible(visitor, width, scheme):
    person = visitor(width, scheme)
    faults = {}
    for path in PAGES:
        assert person.open(path).status == 200, path
        assert person.page.locator("h1").count() == 1, path
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := person.violations() + (["wider than the window"] if wide else []):
            faults[path] = found
    assert faults == {}


def test_sign_in_page_is_accessible_and_german(visitor):
    person = visitor(390, signed_in=False)
    person.open("/")
    assert person.page.url.endswith("/anmelden")
    assert person.page.locator("html").get_attribute("lang") == "de"
    assert person.page.locator("input[type=email]").count() == 1
    assert person.page.locator("input[type=password]").count() == 1
    assert person.violations() == []


def test_nothing_is_wider_than_a_small_phone_or_lost_on_a_large_screen(visitor):
    for width in (360, 2560):
        person = visitor(width)
        for path in PAGES:
            person.open(path)
            assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), (width, path)


def test_the_help_shows_the_eight_messages_word_for_word(visitor):
    person = visitor()
    person.open("/hilfe")
    text = person.page.locator("main").inner_text()
    assert [message for message in EIGHT if message not in text] == []


def test_targets_are_large_enough_for_a_thumb(visitor):
    person = visitor(390)
    for path in ("/", "/termine/neu", "/patienten/neu"):
        person.open(path)
        for target in person.page.locator("nav a:visible, .button:visible, input:visible:not([type=radio])").all():
            assert target.bounding_box()["height"] >= 44, (path, target.inner_html())


def test_keys_lead_where_the_help_says(visitor):
    person = visitor()
    person.open("/patienten")
    person.page.keyboard.press("/")
    assert person.page.evaluate("document.activeElement.id") == "suche"
    person.open("/hilfe")
    person.page.keyboard.press("n")
    person.page.wait_for_url("**/termine/neu")
    # Not from there: somebody may have filled in a part of it.
    person.open("/hilfe")
    person.page.keyboard.press("t")
    person.page.wait_for_url(person.url + "/")
