"""Each broken rule is told beside its field, and in the summary with a link that leads there."""

import datetime
import html
import re

import pytest

from forms import Forms, beside


def in_days(days: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def admin(practice):
    return Forms(practice.url, practice.email, practice.password)


@pytest.fixture(scope="module")
def patients(admin):
    """The addresses of one with a number only, and of one with neither number nor e-mail address."""
    found = {}
    for name, fields in {"mobile": {"mobile": "0664 1234500"}, "nothing": {}}.items():
        answer = admin.submit("/patienten/neu", lastName=name, reminderKind="none", **fields)
        found[name] = re.match(r"/patienten/(\d+)", answer.headers["Location"])[1]
    return found


def refused(answer, field: str, sentence: str):
    assert answer.status_code == 422, answer.text
    page = html.unescape(answer.text)
    assert 'class="problem"' in beside(page, field) and sentence in beside(page, field), beside(page, field)
    assert f'<li><a href="#{field}">' in page
    assert f'id="{field}"' in page


@pytest.mark.parametrize(
    "code, field, value, sentence",
    [
        ("mobile.invalid", "mobile", "0664 12", "Mobilnummer"),
        ("mobile.landline", "mobile", "01 5550100", "Festnetznummer"),
        ("email.invalid", "email", "ada", "keine gültige E-Mail-Adresse"),
    ],
)
def test_a_patient(admin, code, field, value, sentence):
    refused(admin.submit("/patienten/neu", lastName="Muster", **{field: value}), field, sentence)


@pytest.mark.parametrize(
    "code, field, value, sentence",
    [
        ("sender.too_long", "senderId", "Praxis am Park", "zu lang"),
        ("sender.special_character", "senderId", "Präxis", "nicht: ä"),
        ("sender.country_code_missing", "senderId", "06761234567", "Landesvorwahl"),
        ("sender.not_international", "senderId", "+436761234567", "international"),
        ("sender.no_letter", "senderId", "12 34", "mindestens einen Buchstaben"),
        ("sender.not_numeric", "fallbackSenderId", "Praxis", "nur eine Nummer"),
        ("field.invalid", "senderRegisteredOn", "gestern", "Diesen Tag gibt es nicht"),
        ("text.too_long", "closingText", "x" * 125, "um 1 Zeichen zu lang"),
        ("text.not_gsm", "closingText", "Bis „bald“", "gibt es in SMS nicht"),
    ],
)
def test_a_location(admin, code, field, value, sentence):
    refused(admin.submit("/einstellungen/standorte/neu", name="Am Park", **{field: value}), field, sentence)


@pytest.mark.parametrize(
    "code, field, value, sentence",
    [
        ("send_time.not_offered", "smsSendTime", "06:00", "wird nicht angeboten"),
        ("send_time.not_offered", "emailSendTime", "07:30", "wird nicht angeboten"),
        ("send_time.not_offered", "latestSendTime", "21:00", "späteste Versand"),
        ("sender.too_long", "senderId", "Praxis am Park", "zu lang"),
        ("sender.not_numeric", "fallbackSenderId", "Praxis", "nur eine Nummer"),
        ("field.invalid", "smsMonthlyLimit", "0", "ganze Zahl von 1 bis"),
    ],
)
def test_the_settings(admin, code, field, value, sentence):
    refused(admin.submit("/einstellungen", **({"name": "Musterhof"} | {field: value})), field, sentence)


def test_sms_without_any_sender(practice):
    other = practice.program("practice", "add", "--name", "Ohne").last_word
    practice.program(
        "user", "add", "--practice", other, "--email", "o@example.org", "--role", "admin", stdin="ohne-absender\n"
    )
    answer = Forms(practice.url, "o@example.org", "ohne-absender").submit(
        "/einstellungen", name="Ohne", smsEnabled="on", smsSendTime="07:00", emailSendTime="07:00",
        latestSendTime="20:00", timeZone="Europe/Vienna", senderId="",
    )
    assert answer.status_code == 422
    found = re.search(r'href="#(\w+)">Es fehlt eine Absenderkennung', answer.text)
    assert "Absenderkennung" in beside(answer.text, found[1])


@pytest.mark.parametrize(
    "code, patient, more, field, sentence",
    [
        ("appointment.end_before_start", "mobile", {"end": "0"}, "end", "nicht nach dem Beginn"),
        ("appointment.end_before_start", "mobile", {"end": "-700"}, "end", "nicht nach dem Beginn"),
        ("appointment.too_long", "mobile", {"end": "1441"}, "end", "höchstens einen Tag"),
        ("appointment.in_past", "mobile", {"start": in_days(-2)}, "start", "vor dem heutigen Tag"),
        ("reminder.too_late", "mobile", {"start": in_days(1), "reminderKind": "sms"}, "reminderKind", "48 Stunden"),
        ("reminder.no_mobile", "nothing", {"reminderKind": "sms"}, "reminderKind", "keine Mobilnummer"),
        ("reminder.no_email", "nothing", {"reminderKind": "email"}, "reminderKind", "keine E-Mail-Adresse"),
        ("reminder.channel_off", "mobile", {"reminderKind": "email"}, "reminderKind", "ausgeschaltet"),
        ("field.required", "mobile", {"start": "", "startTime": ""}, "start", "Datum und Beginn"),
    ],
)
def test_an_appointment(admin, patients, code, patient, more, field, sentence):
    fields = {
        "patientId": patients[patient], "locationId": "1", "start": in_days(9), "startTime": "10:30", "end": "50",
        "preselected": "none",
    }
    refused(admin.submit("/termine/neu", **(fields | more)), field, sentence)


def test_a_change_after_the_reminder_asks_before_it_saves(admin, patients):
    """`reminder.already_sent`: tells when it went out, and lets one choose."""
    rows = re.findall(r'<a href="/termine/(\d+)">(?:(?!</li>).)*status delivered', admin.open("/").text, re.DOTALL)
    late = [row for row in rows if "ging eine Erinnerung per SMS hinaus" in admin.open(f"/termine/{row}/absagen").text]
    assert late, "the demonstration has a delivered reminder of an appointment to come"
    page = admin.open(f"/termine/{late[0]}").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    fields = {"version": version, "locationId": "1", "status": "booked", "reminderKind": "sms", "preselected": "sms"}
    patient = re.search(r'name="patientId" value="(\d+)" checked', page)[1]
    start = {"start": in_days(20), "startTime": "10:30", "end": "50"}
    answer = admin.submit(f"/termine/{late[0]}", patientId=patient, **start, **fields)
    assert answer.status_code == 409 and "Verschieben ohne Nachricht" in answer.text
    assert "ging eine Erinnerung per SMS hinaus" in answer.text
    assert f'value="{version}"' in admin.open(f"/termine/{late[0]}").text
    other = admin.submit(f"/termine/{late[0]}", patientId=patients["mobile"], **start, **fields).text
    name = re.search(r"<h1>([^,<]+),", page)[1]
    assert f"an {name} hinaus" in other and f"und {name} verständigen" in other, "which of the two"
