"""The settings: an overview, a page for each part, and what is said while somebody types."""

import re

import pytest

from desk import Desk
from forms import beside

PAGES = [
    "/einstellungen", "/einstellungen/praxis", "/einstellungen/erinnerungen", "/einstellungen/absender",
    "/einstellungen/standorte", "/einstellungen/therapeuten", "/einstellungen/schliesstage",
]
WHOLE = {
    "name": "Praxis am Park", "timeZone": "Europe/Vienna", "senderId": "00436641234567", "smsSendTime": "07:00",
    "emailSendTime": "07:00", "latestSendTime": "20:00",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("settings"), role="web")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def admin(desk):
    return desk.person("admin")


def row(desk, columns: str):
    return desk.sql(f"SELECT {columns} FROM practices WHERE id = ?", desk.practice.id)[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible(window, width, scheme):
    person = window(width=width, scheme=scheme)
    faults = {}
    for path in PAGES:
        assert person.open(path).status == 200, path
        assert person.page.locator("h1").count() == 1, path
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := person.violations() + (["wider than the window"] if wide else []):
            faults[path] = found
        for target in person.page.locator("main .button:visible, .places a:visible, .places-back a:visible").all():
            assert target.bounding_box()["height"] >= 44, (path, target.inner_html())
    assert faults == {}


def test_the_list_of_places_leads_everywhere_and_says_where_one_is(window):
    person = window()
    person.open("/einstellungen/absender")
    places = person.page.locator("nav.places a")
    assert places.count() == 16
    assert person.page.locator("nav.places [aria-current=page]").inner_text() == "Absender"
    person.page.locator("nav.places").get_by_role("link", name="Erinnerungen").click()
    person.page.wait_for_url("**/einstellungen/erinnerungen")
    assert not person.page.locator(".places-back").is_visible()


def test_on_a_phone_the_overview_is_the_list_and_each_page_leads_back(window):
    person = window(width=390)
    person.open("/einstellungen/praxis")
    assert not person.page.locator("nav.places").is_visible()
    person.page.locator(".places-back a").click()
    person.page.wait_for_url("**/einstellungen")
    link = person.page.locator("nav.places").get_by_role("link", name="Standorte")
    assert "Freitext je Standort" in link.inner_text()
    link.click()
    person.page.wait_for_url("**/einstellungen/standorte")


def test_accounts_and_keys_are_listed_for_administrators_only(desk, admin):
    for path in ("/einstellungen/konten", "/einstellungen/schluessel"):
        assert f'href="{path}"' in admin.open("/einstellungen").text
        assert f'href="{path}"' not in desk.person("reader").open("/einstellungen").text


@pytest.mark.parametrize("scripts", [True, False])
def test_the_overview_switches_channels_and_says_what_goes_out_when(desk, window, scripts):
    desk.sql("UPDATE practices SET sms_enabled = 1, email_enabled = 0, resends_unknown = 1, falls_back = 1 WHERE id = ?", desk.practice.id)
    person = window(scripts=scripts)
    person.open("/einstellungen")
    assert "E-Mails sind ausgeschaltet" in person.page.locator(".lead").inner_text()
    person.page.check("#emailEnabled")
    person.page.select_option("#emailSendTime", "09:00")
    person.page.get_by_role("button", name="Einstellungen speichern").click()
    person.page.wait_for_url("**/einstellungen?gespeichert=1")
    assert "SMS um 07:00 Uhr und E-Mails um 09:00 Uhr" in person.page.locator(".lead").inner_text()
    person.page.uncheck("#emailEnabled")
    person.page.get_by_role("button", name="Einstellungen speichern").click()
    person.page.wait_for_load_state()
    found = row(desk, "email_enabled, email_send_time, sms_enabled, resends_unknown, falls_back")
    assert found == (0, "09:00", 1, 1, 1), "what the form does not hold stays"


def test_a_form_changes_only_what_it_holds(desk, admin):
    desk.sql("UPDATE practices SET sms_enabled = 1, resends_unknown = 1, falls_back = 1, sms_send_time = '08:00' WHERE id = ?", desk.practice.id)
    assert admin.submit("/einstellungen", latestSendTime="19:30").status_code == 303
    assert row(desk, "latest_send_time, sms_enabled, resends_unknown, falls_back, sms_send_time") == (
        "19:30", 1, 1, 1, "08:00")
    assert admin.submit("/einstellungen/erinnerungen", switches="fallsBack", smsSendTime="09:00").status_code == 303
    assert row(desk, "sms_enabled, resends_unknown, falls_back, sms_send_time") == (1, 1, 0, "09:00")
    assert admin.submit("/einstellungen", resendUnknown="off").status_code == 303
    assert row(desk, "sms_enabled, resends_unknown") == (1, 0)


def test_the_one_form_that_holds_all_switches_off_what_is_not_ticked(desk, admin):
    desk.sql("UPDATE practices SET sms_enabled = 1, resends_unknown = 1, falls_back = 1 WHERE id = ?", desk.practice.id)
    assert admin.submit("/einstellungen", **WHOLE, resendUnknown="on").status_code == 303
    assert row(desk, "sms_enabled, email_enabled, resends_unknown, falls_back") == (0, 0, 1, 0)
    assert admin.submit("/einstellungen", **WHOLE, smsEnabled="on").status_code == 303
    assert row(desk, "sms_enabled, resends_unknown") == (1, 0)


def test_what_is_refused_stands_beside_its_field_on_whichever_page(admin):
    for path in ("/einstellungen", "/einstellungen/praxis", "/einstellungen/absender", "/einstellungen/erinnerungen"):
        page = admin.submit(path, latestSendTime="22:00", smsMonthlyLimit="viele", name="")
        assert page.status_code == 422
        assert "zwischen" in beside(page.text, "latestSendTime") and "ganze Zahl" in beside(page.text, "smsMonthlyLimit")
        assert "Der Name fehlt" in beside(page.text, "name")
        assert 'value="viele"' in page.text


def test_a_reader_sees_the_settings_and_changes_nothing(desk, window):
    person = window("reader")
    for path in PAGES:
        assert person.open(path).status == 200
        assert person.page.locator("main form:not(.searching) button[type=submit]:enabled").count() == 0, path
    assert desk.person("reader").submit("/einstellungen/praxis", name="Meine").status_code == 403


def test_country_and_region_go_together(desk, admin):
    assert admin.submit("/einstellungen/praxis", country="DE", region="").status_code == 303
    page = admin.open("/einstellungen/praxis").text
    assert 'value="DE-BY"' in page and "Bayern" in page
    assert admin.submit("/einstellungen/praxis", country="DE", region="DE-BY").status_code == 303
    assert row(desk, "country, region") == ("DE", "DE-BY")
    assert admin.submit("/einstellungen/praxis", country="DE", region="AT-1").status_code == 422
    assert admin.submit("/einstellungen/praxis", country="AT", region="DE-BY").status_code == 303
    assert row(desk, "country, region") == ("AT", "")
    assert 'id="region"' not in admin.open("/einstellungen/praxis").text


def test_every_change_is_on_record(desk, admin):
    desk.sql("DELETE FROM audit")
    admin.submit("/einstellungen/praxis", name="Praxis am Park")
    admin.submit("/einstellungen/praxis", name="Praxis am Teich")
    place = admin.submit("/einstellungen/standorte/neu", name="Am Teich").headers["Location"].split("?")[0]
    admin.submit(place, name="Am See")
    admin.submit(place + "/loeschen")
    admin.submit("/einstellungen/pause", paused="on")
    admin.submit("/einstellungen/pause", paused="")
    person = admin.submit("/einstellungen/therapeuten/neu", name="Dr. Weide")
    assert person.headers["Location"] == "/einstellungen/therapeuten"
    found = [f"{deed} {subject}" for deed, subject in desk.sql("SELECT deed, subject FROM audit ORDER BY id")]
    assert found == [
        "changed practice", "created location", "changed location", "deleted location", "changed practice",
        "changed practice", "created practitioner",
    ]
    admin.submit("/einstellungen/praxis", name="Praxis am Park")


def test_an_empty_practice_is_led_step_by_step(desk):
    other = desk.person("other")

    def steps():
        page = other.open("/einstellungen").text
        found = re.search(r'class="card first-steps".*?</section>', page, re.DOTALL)
        return found and re.findall(r'<span class="hidden">(\w+)</span></span><div>.*?<b>(.*?)</b>', found[0], re.DOTALL)

    assert steps() == [
        ("Offen", "Standort anlegen"), ("Offen", "Absender festlegen"),
        ("Offen", "Versanddienstleister oder Postfach einrichten"), ("Offen", "SMS oder E-Mail einschalten"),
        ("Offen", "Testnachricht senden"),
    ]
    other.submit("/einstellungen/standorte/neu", name="Andere")
    other.submit("/einstellungen/absender", senderId="Andere")
    other.submit("/einstellungen", switches="smsEnabled", smsEnabled="on")
    practice = desk.sql("SELECT MAX(id) FROM practices")[0][0]
    desk.program("provider", "add", "eigener", "--kind", "simulator", "--practice", str(practice))
    assert [state for state, _ in steps()] == ["Erledigt"] * 4 + ["Offen"]
    own = desk.sql("SELECT id FROM providers WHERE name = 'eigener'")[0][0]
    desk.sql("INSERT INTO trials (provider_id, recipient, sender, step, detail, created_at, ended_at)"
             " VALUES (?, '', 'Andere', 'accepted', '', 1, 1)", own)
    assert steps() is None
    desk.sql("UPDATE trials SET step = 'failed'")
    assert steps()[-1] == ("Offen", "Testnachricht senden")
    desk.sql("INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, unclear, presumed, attempts,"
             " possibly_twice, created_at) VALUES (?, 'sms', '', '', '', 1, 0, 0, 0, 0, 1)", practice)
    assert steps() is None, "whoever sends already needs no first steps"


def test_empty_lists_say_what_belongs_there(desk, window):
    other = desk.person("other")
    page = other.open("/einstellungen/therapeuten").text
    assert "Es ist noch niemand eingetragen" in page and "Termine gehen auch ohne" in page
    assert 'href="/einstellungen/therapeuten/neu"' in page


def test_what_is_in_use_says_why_it_cannot_go(desk, admin):
    desk.practice.appointment(desk.practice.patient(), "2099-03-04T10:00:00+01:00", "2099-03-04T10:30:00+01:00")
    place = f"/einstellungen/standorte/{desk.practice.location['id']}"
    page = admin.submit(place + "/loeschen")
    assert page.status_code == 422 and "Termine verweisen noch darauf" in page.text
    person = f"/einstellungen/therapeuten/{desk.practice.practitioner['id']}"
    page = admin.submit(person + "/loeschen")
    assert page.status_code == 422 and "Termine verweisen noch darauf" in page.text
