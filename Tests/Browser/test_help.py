"""The help centre: topics, search, links from elsewhere."""

import re

import pytest

from test_pages import EIGHT

TOPICS = [
    "erste-schritte", "erinnerungsart-waehlen", "warum-48-stunden", "die-acht-meldungen", "zwei-schritte", "anrufliste",
    "morgenbericht", "absagen-und-aendern", "antworten", "kalender", "sms-einstellungen", "absender-registrieren",
    "versanddienstleister", "e-mail-einstellungen", "terminseite", "sms-kosten", "datenschutz-kurz",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_topic_is_accessible(visitor, width, scheme):
    person = visitor(width, scheme)
    faults = {}
    paths = ["/hilfe", "/hilfe?suche=SMS", "/hilfe?suche=xyzzy"] + ["/hilfe/" + topic for topic in TOPICS]
    for path in paths:
        assert person.open(path).status == 200, path
        assert person.page.locator("h1").count() == 1, path
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := person.violations() + (["wider than the window"] if wide else []):
            faults[path] = found
    assert faults == {}


def test_every_topic_is_reached_by_reading_on(visitor):
    person = visitor(scripts=False)
    person.open("/hilfe")
    listed = person.page.locator(".help-groups a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert sorted(listed) == sorted("/hilfe/" + topic for topic in TOPICS)
    person.open("/hilfe/" + TOPICS[0])
    seen = [person.page.locator("h1").inner_text()]
    while person.page.locator(".neighbours .next").count():
        person.page.locator(".neighbours .next").click()
        seen.append(person.page.locator("h1").inner_text())
    assert len(seen) == len(set(seen)) == len(TOPICS)
    assert person.page.locator(".neighbours a").count() == 1


def test_the_topic_about_messages_has_all_eight_with_their_looks(visitor):
    person = visitor()
    person.open("/hilfe/die-acht-meldungen")
    text = person.page.locator("#sms").inner_text()
    assert [message for message in EIGHT if message not in text] == []
    assert person.page.locator("#sms .status svg").count() == 8
    assert person.page.locator("#formen .status svg").count() == 6
    person.page.locator(".contents").get_by_role("link", name="Wenn eine E-Mail zurückkommt").click()
    assert person.page.url.endswith("#zurueck")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_search_forgives_and_marks(visitor, scripts):
    person = visitor(scripts=scripts)
    page = person.page
    person.open("/patienten")
    person.open("/hilfe")
    page.get_by_role("searchbox", name="In der Hilfe suchen").fill("uebergeben")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hilfe?suche=uebergeben")
    assert re.match(r"\d+ Stellen passen|Eine Stelle", page.locator("h1").inner_text())
    assert page.locator(".found-help a").first.inner_text().startswith("Übergeben ist nicht zugestellt")
    assert "übergeben" in [text.lower() for text in page.locator(".found-help mark").all_inner_texts()]
    page.locator(".found-help a").first.click()
    page.wait_for_url("**/hilfe/zwei-schritte*")
    person.open("/hilfe?suche=Registrirung")
    assert "Gesucht wurde: Registrierung" in page.locator(".lead").inner_text()
    person.open("/hilfe?suche=xyzzy")
    assert "Dazu steht nichts in der Hilfe." in page.locator("h1").inner_text()
    assert page.input_value("#suche") == "xyzzy" and page.locator(".help-groups a").count() == len(TOPICS)


def test_what_is_asked_is_never_markup(visitor):
    person = visitor()
    person.open("/hilfe?suche=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert person.page.locator("main script").count() == 0
    assert person.page.input_value("#suche") == '"><script>alert(1)</script>'


@pytest.mark.parametrize("anchor", ["versand", "meldungen", "e-mail", "ausweichen", "antworten", "kosten"])
def test_addresses_of_the_earlier_help_still_lead_somewhere(visitor, anchor):
    person = visitor()
    person.open("/hilfe#" + anchor)
    assert person.page.locator("#" + anchor).count() == 1


def test_a_topic_that_is_not_there_is_not_found(visitor):
    person = visitor()
    assert person.open("/hilfe/zahnstein").status == 404


def test_questions_lead_to_their_answers(visitor):
    person = visitor()
    page = person.page
    for path, where, topic in [
        ("/einstellungen/absender", "#senderId-note a", "/hilfe/sms-einstellungen#absender"),
        ("/einstellungen/standorte/1", "#senderId-note a", "/hilfe/sms-einstellungen#absender"),
        ("/einstellungen/erinnerungen", "#fallsBack-note a", "/hilfe/absagen-und-aendern#ausweichen"),
        ("/einstellungen/erinnerungen", "#smsMonthlyLimit-note a", "/hilfe/sms-kosten#grenze"),
        ("/termine/neu", "#kinds legend a", "/hilfe/erinnerungsart-waehlen"),
        ("/nachrichten", ".log-help", "/hilfe/die-acht-meldungen"),
        ("/einstellungen/terminseite", ".prose a", "/hilfe/terminseite"),
        ("/einstellungen/morgenbericht", "main .topic", "/hilfe/morgenbericht"),
    ]:
        person.open(path)
        link = page.locator(where).first
        assert link.get_attribute("href") == topic, path
        link.click()
        page.wait_for_url("**" + topic)
        if "#" in topic:
            assert page.locator("#" + topic.split("#")[1]).count() == 1


def test_the_help_prints_as_text(visitor):
    person = visitor()
    person.open("/hilfe/sms-einstellungen")
    person.page.emulate_media(media="print")
    assert not person.page.locator(".neighbours").is_visible()
    assert not person.page.locator("nav.side").is_visible()
    assert person.page.locator("#absender").is_visible()
