"""The texts of e-mails: written, previewed, refused and given back, with and without scripts."""

import html
import re

import pytest

from desk import Desk
from forms import beside
from mails import Mails

PATH = "/einstellungen/e-mail-texte"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("texts"), "web")
    yield desk
    desk.close()


@pytest.fixture
def admin(desk):
    desk.sql("UPDATE practices SET email_subject = NULL, email_body = NULL")
    desk.sql("UPDATE locations SET email_subject = NULL, email_body = NULL")
    return desk.person("admin")


def own(desk) -> tuple:
    practice = desk.practice.api.get("/practice")
    return practice["emailSubject"], practice["emailBody"]


def preview(page: str) -> str:
    start = page.index('id="mail"')
    return html.unescape(re.sub(r"<[^>]+>", "", page[start:page.index("</form>", start)]))


def test_the_products_text_stands_there_with_an_example(desk, admin):
    page = admin.open(PATH).text
    assert "E-Mails gehen mit dem Text von Vortag hinaus." in page
    assert "Terminerinnerung: {wochentag}, {datum}, {uhrzeit} Uhr" in page
    for word in ("vorname", "nachname", "wochentag", "datum", "uhrzeit", "ort", "standort", "adresse", "therapeut", "praxis"):
        assert f"<code>{{{word}}}</code>" in page
    assert "Dazu kommt der Termin für den Kalender." in preview(page), "without a public address there is no link"
    assert "mit einem Beispiel" in preview(page) and "Guten Tag Anna Huber," in preview(page)
    assert "{" not in preview(page)


def test_saving_what_stands_there_changes_nothing(desk, admin):
    page = admin.open(PATH).text
    subject = html.unescape(re.search(r'id="emailSubject"[^>]* value="([^"]*)"', page)[1])
    body = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]).replace("\n", "\r\n")
    assert admin.submit(PATH, emailSubject=subject, emailBody=body).status_code == 303
    assert own(desk) == (None, None)
    assert admin.submit(PATH, emailSubject="Termin {datum}", emailBody=body).status_code == 303
    assert own(desk) == ("Termin {datum}", None)
    assert "E-Mails gehen mit eurem eigenen Text hinaus." in admin.open(PATH).text
    assert admin.submit(PATH, action="reset").status_code == 303
    assert own(desk) == (None, None)


def test_an_unknown_placeholder_is_refused_and_marked(desk, admin):
    answer = admin.submit(PATH, emailSubject="Um {uhr}", emailBody="Hallo {vorname} }")
    assert answer.status_code == 422 and own(desk) == (None, None)
    assert "Den Platzhalter „uhr“ gibt es nicht." in beside(answer.text, "emailSubject")
    assert "geschweifte Klammer" in beside(answer.text, "emailBody")
    assert "<mark>{uhr}</mark>" in answer.text and "<mark>}</mark>" in answer.text
    assert 'value="Um {uhr}"' in answer.text


def test_a_specialty_in_the_subject_is_warned_of_and_not_refused(desk, admin):
    assert admin.submit(PATH, emailSubject="Psychotherapie am {datum}", emailBody="").status_code == 303
    assert "Der Betreff nennt „Psychotherapie“" in preview(admin.open(PATH).text)


def test_a_location_takes_over_the_practices_text_or_has_its_own(desk, admin):
    location = desk.practice.location["id"]
    admin.submit(PATH, emailSubject="Termin {datum}", emailBody="")
    page = admin.open(f"{PATH}/{location}").text
    assert "Für Hauptplatz gilt der Text der Praxis." in page and 'value="Termin {datum}"' in page
    assert admin.submit(f"{PATH}/{location}", emailSubject="Hier {ort}", emailBody="").status_code == 303
    assert desk.practice.api.get(f"/locations/{location}")["emailSubject"] == "Hier {ort}"
    assert "Hauptplatz hat einen eigenen Text." in admin.open(f"{PATH}/{location}").text
    assert admin.submit(f"{PATH}/{location}", action="reset").status_code == 303
    assert desk.practice.api.get(f"/locations/{location}")["emailSubject"] is None
    assert admin.open(PATH + "/999").status_code == 404


def test_only_who_configures_may_change_a_text(desk, admin):
    staff = desk.person("staff")
    assert staff.open(PATH).status_code == 200
    assert staff.submit(PATH, emailSubject="x", emailBody="y").status_code == 403
    assert admin.send(PATH, emailSubject="x", emailBody="y").status_code == 403
    assert admin.submit(PATH, version="999", emailSubject="x", emailBody="y").status_code == 422
    assert own(desk) == (None, None)


def test_the_preview_follows_while_somebody_types(desk, admin, window):
    page = window().page
    page.goto(desk.server.url + PATH)
    page.locator("#emailSubject").fill("Hallo {vorname} {uhr}")
    page.locator("#mail mark").wait_for()
    assert page.locator("#mail mark").inner_text() == "{uhr}"
    assert "Hallo Anna" in page.locator("#mail").inner_text()
    page.locator("#emailSubject").fill("")
    page.locator("#mail", has_text="Terminerinnerung").wait_for()
    page.locator("#emailBody").fill("Bis bald, ")
    page.get_by_role("button", name="{vorname} einfügen").click()
    assert page.locator("#emailBody").input_value() == "Bis bald, {vorname}"
    page.locator("#mail", has_text="Bis bald, Anna").wait_for()


def test_without_scripts_a_button_shows_the_preview(desk, admin, window):
    page = window(scripts=False).page
    page.goto(desk.server.url + PATH)
    page.locator("#emailSubject").fill("Hallo {nachname}")
    page.get_by_role("button", name="Vorschau zeigen").click()
    assert "Hallo Huber" in page.locator("#mail").inner_text()
    assert page.locator("#emailSubject").input_value() == "Hallo {nachname}"
    assert own(desk) == (None, None)


def test_the_preview_shows_the_next_appointment(desk, admin):
    Mails(desk).appointment(desk.practice.patient(firstName="{datum}", lastName="Öllinger", kind="none"), kind="none")
    shown = preview(admin.open(PATH).text)
    assert "Guten Tag (datum) Öllinger," in shown and "Ort: Hauptplatz" in shown
    assert "mit einem Beispiel" not in shown
