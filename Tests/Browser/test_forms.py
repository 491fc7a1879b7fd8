"""The forms, with and without JavaScript: what is refused says why beside its field, and nothing typed is lost."""

import datetime

import pytest
import requests


def in_days(days: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


def add_patient(person, last_name: str, mobile: str = "0664 1234500"):
    person.open("/patienten/neu")
    person.page.fill("#firstName", "Eva")
    person.page.fill("#lastName", last_name)
    person.page.fill("#mobile", mobile)
    person.page.select_option("#reminderKind", "sms")
    person.page.click("main form button.main")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_patient_and_an_appointment_with_sms(visitor, scripts):
    person = visitor(scripts=scripts)
    name = "Muster" + ("" if scripts else "mann")
    add_patient(person, name)
    person.page.wait_for_url("**/patienten/*gespeichert=1")
    person.open("/termine/neu")
    person.page.fill("#suche", name)
    if scripts:
        # With a script the field is a combobox, and who is found stands in its list.
        person.page.get_by_role("option", name=f"{name}, Eva").click()
        person.page.locator("#patients :checked").wait_for(state="attached")
    else:
        person.page.click("button[value=search]")
        person.page.get_by_label(f"{name}, Eva").check()
    person.page.fill("#start", in_days(9))
    person.page.fill("#startTime", "10:30")
    if scripts:
        person.page.locator("#startTime").blur()
    else:
        person.page.click("button[value=check]")
    bubble = person.page.locator("#phone .bubble")
    bubble.wait_for()
    assert bubble.inner_text().startswith("Terminerinnerung ")
    assert person.page.locator("#kind-sms").is_checked()
    assert person.page.locator("#kind-email").is_disabled()
    assert "E-Mail" in person.page.locator("#kind-email-note").inner_text()
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    text = person.page.locator("main").inner_text()
    assert "geplant" in text and "Versanddienstleister" in text and "10:30 Uhr" in text


def test_refusals_stand_beside_their_fields_and_nothing_is_lost(visitor):
    person = visitor()
    person.open("/patienten/neu")
    person.page.fill("#firstName", "Ada")
    person.page.fill("#mobile", "01 5550100")
    person.page.fill("#email", "ada")
    person.page.click("main form button.main")
    person.page.locator("#summary").wait_for()
    assert person.page.locator("#firstName").input_value() == "Ada"
    for field in ("lastName", "mobile", "email"):
        control = person.page.locator("#" + field)
        assert control.get_attribute("aria-invalid") == "true", field
        note = person.page.locator("#" + control.get_attribute("aria-describedby"))
        assert note.locator(".problem").count() == 1, field
    assert "Festnetz" in person.page.locator("#mobile-note").inner_text()
    assert person.page.evaluate("document.activeElement.id") == "summary"
    assert person.violations() == []


def test_inside_48_hours_every_kind_is_greyed_with_the_reason(visitor):
    person = visitor()
    add_patient(person, "Morgen", "0664 1234502")
    person.page.wait_for_url("**/patienten/*gespeichert=1")
    person.page.get_by_role("link", name="Neuer Termin").click()
    person.page.fill("#start", in_days(1))
    person.page.fill("#startTime", "08:00")
    person.page.locator("#startTime").blur()
    person.page.locator("#kind-sms:disabled").wait_for()
    late = person.page.locator("#kinds-late")
    assert "48 Stunden" in late.inner_text() and "kinds-late" in (
        person.page.locator("#kind-sms").get_attribute("aria-describedby"))
    assert person.page.locator("#kind-none").is_checked()


def test_the_closing_text_is_counted_while_typing_and_mended_by_one_click(visitor):
    person = visitor()
    person.open("/einstellungen/standorte/1")
    person.page.fill("#closingText", "Bis „bald“ 😀")
    person.page.locator("#phone mark").first.wait_for()
    assert person.page.locator("#phone mark").all_inner_texts() == ["„", "“", "😀"]
    person.page.get_by_role("button", name="Vorgeschlagene Schreibweise übernehmen").click()
    person.page.wait_for_load_state()
    assert person.page.locator("#closingText").input_value() == 'Bis "bald" '
    person.page.fill("#closingText", "x" * 125)
    person.page.locator("#phone .over").wait_for()
    assert "1 Zeichen zu viel" in person.page.locator("#phone").inner_text()


def test_the_sender_offers_its_correction(visitor):
    person = visitor()
    person.open("/einstellungen/standorte/1")
    person.page.fill("#senderId", "0676 1234567")
    person.page.get_by_role("button", name="Standort speichern").click()
    person.page.get_by_role("button", name="Übernehmen: 00436761234567").click()
    assert person.page.locator("#senderId").input_value() == "00436761234567"


def test_an_appointment_is_cancelled_after_being_asked(visitor):
    person = visitor(scripts=False)
    person.open("/")
    person.page.locator(".rows a[href^='/termine/']").last.click()
    person.page.get_by_role("link", name="Termin absagen").click()
    person.page.get_by_role("button", name="Termin absagen", exact=True).click()
    assert "abgesagt" in person.page.locator("main").inner_text()


def test_late_cancellation_warns_and_offers_a_message(visitor):
    person = visitor()
    person.open("/")
    tomorrow = person.page.locator("section.card", has_text="Morgen,")
    sent = tomorrow.locator("li", has=person.page.locator(".status.delivered"))
    if sent.count() == 0:
        pytest.skip("the demonstration has no delivered reminder of tomorrow at this hour")
    sent.first.locator("a").first.click()
    person.page.get_by_role("link", name="Termin absagen").click()
    assert "ging eine Erinnerung per SMS hinaus" in person.page.locator("main").inner_text()
    assert person.page.get_by_role("button", name="Absagen ohne Nachricht").count() == 1
    assert person.violations() == []
    person.page.get_by_role("button", name="Termin absagen und Patient:in verständigen").click()
    assert "abgesagt" in person.page.locator("main").inner_text()


def test_a_form_without_its_token_is_refused_and_so_is_a_reader(practice, visitor):
    session = requests.Session()
    session.trust_env = False
    session.post(practice.url + "/anmelden", data={"email": practice.email, "password": practice.password})
    answer = session.post(practice.url + "/patienten/neu", data={"lastName": "Fremd"}, allow_redirects=False)
    assert answer.status_code == 403
    practice.program(
        "user", "add", "--practice", "1", "--email", "r@example.org", "--role", "reader", stdin="nur-lesen-bitte\n"
    )
    reader = visitor(signed_in=False)
    reader.sign_in("r@example.org", "nur-lesen-bitte")
    assert reader.page.get_by_role("link", name="Neuer Termin").count() == 0
    reader.open("/patienten/1")
    assert reader.page.get_by_role("button", name="Stammdaten speichern").count() == 0
    assert reader.open("/patienten/neu").status == 403
    token = reader.page.locator("[name=_csrf]").first.get_attribute("value") if reader.open("/").ok else ""
    cookies = {cookie["name"]: cookie["value"] for cookie in reader.page.context.cookies()}
    answer = session.post(
        practice.url + "/patienten/neu", data={"lastName": "Fremd", "_csrf": token}, cookies=cookies
    )
    assert answer.status_code == 403


def test_the_session_is_guarded(practice):
    session = requests.Session()
    session.trust_env = False
    wrong = session.post(practice.url + "/anmelden", data={"email": practice.email, "password": "falsch"})
    assert wrong.status_code == 422 and "passen nicht zusammen" in wrong.text
    answer = session.post(
        practice.url + "/anmelden",
        data={"email": practice.email, "password": practice.password},
        allow_redirects=False,
    )
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for path in ("/assets/../locales/de/frame.json", "/assets/%2e%2e/locales/de/frame.json", "/assets/styles/..%2f..%2fPackage.swift"):
        assert session.get(practice.url + path).status_code in (400, 404), path
    style = session.get(practice.url + "/assets/styles/vortag.css")
    again = session.get(practice.url + "/assets/styles/vortag.css", headers={"If-None-Match": style.headers["ETag"]})
    assert again.status_code == 304
