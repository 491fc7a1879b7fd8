"""Forms about the sender that is allowed, with and without JavaScript: registration, fallback number, monthly limit."""

import pytest

from forms import Forms, beside

NUMBER = "00436761234567"


def open_place(person, **fields: str):
    """The location whose sender is the practice's name, filled in and saved."""
    person.open("/einstellungen/standorte/1")
    for field, value in fields.items():
        if isinstance(value, bool):
            person.page.set_checked("#" + field, value)
        else:
            person.page.fill("#" + field, value)
    person.page.get_by_role("button", name="Standort speichern").click()
    person.page.wait_for_url("**/standorte/1?gespeichert=1")


def told(person) -> str:
    return person.page.locator("#registrierung").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_way_to_a_registered_name(visitor, scripts):
    person = visitor(scripts=scripts)
    open_place(person, senderRegistered=False, fallbackSenderId="")
    assert "„Musterhof“ muss bei der RTR registriert sein" in told(person) and "Ersatznummer" in told(person)
    assert "urgent" in person.page.locator("#registrierung").get_attribute("class")
    person.open("/")
    banner = person.page.locator(".banner", has_text="noch nicht als registriert bestätigt: Graz.")
    assert "seit 1. Oktober 2026 nicht zu" in banner.inner_text()
    banner.get_by_role("link").click()
    person.page.wait_for_url("**/einstellungen/standorte/1")
    open_place(person, fallbackSenderId=NUMBER)
    assert f"unter {NUMBER} hinaus" in told(person)
    assert "urgent" not in person.page.locator("#registrierung").get_attribute("class")
    if scripts:
        assert person.violations() == []
    open_place(person, senderRegistered=True, senderRegisteredOn="2026-10-05")
    assert "bestätigt, seit 5. Oktober 2026" in told(person)
    person.open("/")
    assert person.page.locator(".banner", has_text="registriert").count() == 0


def test_a_tick_does_not_go_over_to_another_name(visitor):
    person = visitor()
    open_place(person, senderRegistered=True, senderRegisteredOn="2026-10-05")
    open_place(person, senderId="Physio")
    assert "„Physio“ muss bei der RTR registriert sein" in told(person)
    assert not person.page.locator("#senderRegistered").is_checked()
    assert person.page.locator("#senderRegisteredOn").input_value() == ""
    open_place(person, senderRegistered=True)
    assert "„Physio“ ist als registriert bestätigt." in told(person)
    open_place(person, senderId="", senderRegisteredOn="2026-11-01")
    assert "„Musterhof“ ist als registriert bestätigt, seit 1. November 2026." in told(person)


def test_a_number_needs_no_registration(visitor):
    person = visitor()
    person.open("/einstellungen/standorte/2")
    assert "keine Registrierung nötig" in told(person)
    assert person.page.locator("#senderRegistered").count() == 0
    assert "antworten" not in person.page.locator("#senderId-note").inner_text()


def test_nothing_typed_is_lost_when_the_fallback_number_is_refused(visitor):
    person = visitor()
    open_place(person, senderRegistered=False, senderRegisteredOn="", fallbackSenderId="")
    person.page.fill("#fallbackSenderId", "Praxis")
    person.page.fill("#senderId", "Präxis")
    person.page.check("#senderRegistered")
    person.page.get_by_role("button", name="Standort speichern").click()
    person.page.locator("#summary").wait_for()
    assert person.page.locator("#fallbackSenderId").input_value() == "Praxis"
    assert person.page.locator("#senderRegistered").is_checked()
    assert "nur eine Nummer" in person.page.locator("#fallbackSenderId-note .problem").inner_text()
    person.page.fill("#fallbackSenderId", "0676 1234567")
    person.page.get_by_role("button", name="Standort speichern").click()
    person.page.get_by_role("button", name=f"Übernehmen: {NUMBER}").click()
    assert person.page.locator("#fallbackSenderId").input_value() == NUMBER


def test_the_settings_say_that_nobody_answers_a_name(visitor):
    person = visitor()
    person.open("/einstellungen/absender")
    assert "können Patient:innen nicht antworten" in person.page.locator("#senderId-note").inner_text()
    person.open("/einstellungen/erinnerungen")
    person.page.fill("#smsMonthlyLimit", "1 500")
    person.page.get_by_role("button", name="Einstellungen speichern").click()
    person.page.wait_for_url("**/einstellungen/erinnerungen?gespeichert=1")
    assert person.page.locator("#smsMonthlyLimit").input_value() == "1500"
    person.page.fill("#smsMonthlyLimit", "viele")
    person.page.get_by_role("button", name="Einstellungen speichern").click()
    person.page.locator("#summary").wait_for()
    assert person.page.locator("#smsMonthlyLimit").input_value() == "viele"
    assert "ganze Zahl" in person.page.locator("#smsMonthlyLimit-note").inner_text()
    assert person.violations() == []


def test_a_german_practice_is_not_asked_about_austria_and_refused_a_vague_name(practice):
    german = practice.program("practice", "add", "--name", "Spree", "--country", "DE").last_word
    practice.program(
        "user", "add", "--practice", german, "--email", "d@example.org", "--role", "admin", stdin="nur-an-der-spree\n"
    )
    admin = Forms(practice.url, "d@example.org", "nur-an-der-spree")
    settings = {
        "name": "Spree", "smsEnabled": "on", "smsSendTime": "07:00", "emailSendTime": "07:00",
        "latestSendTime": "20:00", "timeZone": "Europe/Berlin",
    }
    refused = admin.submit("/einstellungen", **settings, senderId="Info")
    assert refused.status_code == 422 and "sagt nicht, wer schreibt" in beside(refused.text, "senderId")
    assert admin.submit("/einstellungen", **settings, senderId="Spree").status_code == 303
    page = admin.open("/einstellungen/standorte/neu").text
    assert "RTR" not in page and "fallbackSenderId" not in page
    assert "fallbackSenderId" not in admin.open("/einstellungen/absender").text
