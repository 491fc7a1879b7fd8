"""The JSON interface about e-mails: texts, the other way, and what the log tells of them."""

import sqlite3

import pytest

from api_world import CLOCK, LATER, open_world, web

REASONS = {"unknown_recipient", "unknown_domain", "mailbox_full", "refused", "too_large", "not_reached", "other"}
PLACEHOLDERS = {
    "vorname", "nachname", "wochentag", "datum", "uhrzeit", "ort", "standort", "adresse", "therapeut", "praxis",
}


@pytest.fixture
def world(vortag):
    server = web(vortag)
    return open_world(vortag, server)


def test_a_practice_has_texts_or_the_products_own(world):
    assert world.api.get("/practice") | {"emailSubject": None, "emailBody": None, "fallsBack": False} \
        == world.api.get("/practice")
    changed = world.api.patch("/practice", {"emailSubject": " Termin am {Datum} ", "emailBody": "Hallo\r\n{vorname}"})
    assert (changed["emailSubject"], changed["emailBody"]) == ("Termin am {Datum}", "Hallo\n{vorname}")
    assert world.api.get("/practice") == changed
    assert world.api.patch("/practice", {"emailSubject": None})["emailSubject"] is None
    assert world.api.get("/practice")["emailBody"] == "Hallo\n{vorname}"


def test_a_location_has_texts_of_its_own(world):
    location = world.location(emailSubject="Termin {ort}")
    assert (location["emailSubject"], location["emailBody"]) == ("Termin {ort}", None)
    changed = world.api.patch(f"/locations/{location['id']}", {"emailSubject": None, "emailBody": "{praxis}"})
    assert (changed["emailSubject"], changed["emailBody"]) == (None, "{praxis}")


def test_the_other_way_is_a_switch(world):
    assert world.api.patch("/practice", {"fallsBack": True})["fallsBack"] is True
    assert world.api.codes("PATCH", "/practice", {"fallsBack": "ja"}) == {"field.invalid"}


@pytest.mark.parametrize("field, text, code", [
    ("emailSubject", "{uhr}", "text.unknown_placeholder"),
    ("emailBody", "Um {uhr}", "text.unknown_placeholder"),
    ("emailBody", "{}", "text.unknown_placeholder"),
    ("emailBody", "{vorname", "text.stray_brace"),
    ("emailSubject", "vorname}", "text.stray_brace"),
    ("emailSubject", "a\nb", "field.invalid"),
    ("emailSubject", "x" * 151, "field.too_long"),
    ("emailBody", "x" * 5001, "field.too_long"),
])
def test_a_text_that_breaks_a_rule_is_refused(world, field, text, code):
    location = world.location()
    for path in ("/practice", f"/locations/{location['id']}"):
        problem = world.api.patch(path, {field: text}, expect=422)
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]


def test_an_unknown_placeholder_is_named_and_the_known_ones_are_told(world):
    problem = world.api.patch("/practice", {"emailBody": "Um {uhr}"}, expect=422)
    message = problem["errors"][0]["message"]
    assert "„uhr“" in message
    assert [name for name in PLACEHOLDERS if "{" + name + "}" not in message] == []


@pytest.fixture
def bounced(world):
    """An e-mail that came back, as the engine puts it on record, and an SMS beside it."""
    world.switch_on()
    world.location()
    patient = world.patient(email="anna@example.org", mobile="+43 664 1234500")
    appointment = world.appointment(patientId=patient["id"], reminderKind="both", start=LATER)
    with sqlite3.connect(world.program.database, timeout=10) as database:
        at = 1_804_053_600_000
        provider = database.execute(
            "INSERT INTO providers (practice_id, name, kind, url, account, options, priority, version, created_at,"
            " changed_at) VALUES (?, 'm', 'mailbox', 'smtp://127.0.0.1', '', '', 100, 1, ?, ?)",
            (world.practice, at, at),
        ).lastrowid
        for channel, status, bounce in (("sms", "submitted", None), ("email", "bounced", "mailbox_full")):
            reminder = database.execute(
                "SELECT id FROM reminders WHERE appointment_id = ? AND channel = ?", (appointment["id"], channel)
            ).fetchone()[0]
            message = database.execute(
                "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
                " attempts, possibly_twice, created_at, submitted_at, reminder_id, provider_id, bounce)"
                " VALUES (?, ?, 'x', 'y', 'Guten Tag', 1, ?, 0, 0, 1, 0, ?, ?, ?, ?, ?)",
                (world.practice, channel, status, at, at, reminder, provider, bounce),
            ).lastrowid
            if channel == "email":
                database.execute(
                    "INSERT INTO mails (message_id, provider_id, name, unsubscribe_word, subject, copy, created_at)"
                    " VALUES (?, ?, 'n@example.at', 'w', 'Terminerinnerung', 'kept', ?)", (message, provider, at),
                )
    return patient


def test_the_e_mail_log_says_why_an_e_mail_came_back(world, bounced):
    (mail,) = world.api.items("/messages", channel="email")
    assert mail["status"] == "bounced" and mail["bounceReason"] == "mailbox_full"
    assert mail["statusText"] == "E-Mail konnte nicht zugestellt werden"
    assert (mail["subject"], mail["text"], mail["deliveredAt"]) == ("Terminerinnerung", "Guten Tag", None)
    (sms,) = world.api.items("/messages", channel="sms")
    assert (sms["subject"], sms["bounceReason"]) == (None, None)
    assert sms["statusText"] == "Nachricht wurde zum Senden übergeben"
    assert world.api.items("/messages", status="bounced") == [mail]
    world.api.patch("/practice", {"language": "en"})
    assert world.api.get(f"/messages/{mail['id']}")["statusText"] == "E-mail could not be delivered"


@pytest.mark.parametrize("status, german", [
    ("submitted", "E-Mail wurde zum Senden übergeben"),
    ("service_unreachable", "Mailserver nicht erreichbar"),
    ("provider_error", "Fehler vom Mailserver gemeldet, senden nicht möglich"),
    ("provider_refused", "Mailserver hat Annahme abgelehnt, bitte beim Support melden!"),
])
def test_each_status_of_an_e_mail_has_words_of_its_own(world, bounced, status, german):
    with sqlite3.connect(world.program.database, timeout=10) as database:
        database.execute("UPDATE messages SET status = ? WHERE channel = 'email'", (status,))
    assert world.api.items("/messages", channel="email")[0]["statusText"] == german


def test_an_unclear_outcome_is_told_in_words(world, bounced):
    with sqlite3.connect(world.program.database, timeout=10) as database:
        database.execute("UPDATE messages SET status = NULL, unclear = 1, bounce = NULL WHERE channel = 'email'")
    assert world.api.items("/messages", channel="email")[0]["statusText"] == "Ausgang noch unklar"


def test_the_command_prints_the_same_log(world, bounced):
    printed = world.program("log", "--practice", world.practice, "--channel", "email", clock=CLOCK).out
    assert printed.count("\n") == 1
    assert "E-Mail konnte nicht zugestellt werden: Postfach voll" in printed
    line = world.program("log", "--practice", world.practice, "--channel", "email", "--json", clock=CLOCK).out
    assert '"bounceReason":"mailbox_full"' in line and '"subject":"Terminerinnerung"' in line


def test_the_description_names_every_reason_and_member(world, bounced):
    schemas = world.api.get("/openapi.json")["components"]["schemas"]
    assert set(schemas["Message"]["properties"]["bounceReason"]["enum"]) == REASONS | {None}
    (mail,) = world.api.items("/messages", channel="email")
    assert set(mail) == set(schemas["Message"]["properties"])
    text = schemas["PracticeWrite"]["properties"]["emailSubject"]["description"]
    assert [name for name in PLACEHOLDERS if name not in text] == []
