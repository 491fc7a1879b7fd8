"""What pages show of e-mails: the log, a message's way, the address that bounces, and whom to call."""

import re

import pytest

from desk import Desk
from mails import WORD, Mails


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("mails"), "web")
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def log(desk):
    """Ids of messages: one that came back, one that was handed over, one that the account was refused for."""
    mails = desk.mails = Mails(desk)
    patients = [
        desk.practice.patient(kind="email", email="maria@example.org", firstName=name) for name in ("Maria", "Eva", "Ute")
    ]
    bounced = mails.message(mails.appointment(patients[0]), "bounced", bounce="unknown_recipient")
    mails.report(bounced, "submitted", "4.4.1 no answer from host")
    mails.report(bounced, "bounced", "5.1.1 user unknown")
    desk.sql(
        "UPDATE patients SET email_bounced_at = ?, email_bounce = 'unknown_recipient' WHERE id = ?",
        mails.milliseconds(-1800), patients[0]["id"],
    )
    submitted = mails.message(mails.appointment(patients[1]), "submitted", word="b" * 32, copy="failed")
    refused = mails.message(mails.appointment(patients[2]), "provider_refused", word="c" * 32, copy="planned")
    return {"bounced": bounced, "submitted": submitted, "refused": refused, "patient": patients[0]}


PAGES = [
    "/nachrichten", "/nachrichten?channel=email", "/nachrichten?channel=sms", "/nachrichten?channel=email&status=bounced",
    "/nachrichten/{bounced}", "/nachrichten/{submitted}", "/nachrichten/{refused}", "/patienten/1", "/", "/hilfe",
    "/einstellungen", "/einstellungen/e-mail-texte", "/einstellungen/e-mail-texte/1", "/termine/1",
    "/termine/neu?patientId=1", "/abmelden/" + WORD + "a", "/abmelden/" + "b" * 32,
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_about_e_mails_are_accessible(window, log, width, scheme):
    person = window(width=width, scheme=scheme)
    faults = {}
    for path in PAGES:
        person.open(path.format(**log))
        for details in person.page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        heads = person.page.locator("h1").count()
        found = person.violations() + (["wider than the window"] if wide else []) + (["no heading"] if heads != 1 else [])
        if found:
            faults[path] = found
    assert faults == {}


def test_the_e_mail_log_never_says_delivered(desk, log):
    page = desk.person("reader").open("/nachrichten?channel=email").text
    main = page[page.index("<main"):]
    assert "zugestellt" not in main.replace("E-Mail konnte nicht zugestellt werden", "").lower()
    assert 'value="delivered"' not in main and 'value="bounced"' in main
    assert "Diese E-Mail-Adresse gibt es nicht oder nicht mehr." in main
    assert "2 von 3 E-Mails sind nicht angekommen." in main
    assert "Terminerinnerung: Freitag, 10:30 Uhr" in main
    assert "im Ordner „Gesendet“: quota exceeded" in main


def test_each_log_shows_its_own_messages(desk, log):
    person = desk.person("reader")
    assert "maria@example.org" not in person.open("/nachrichten?channel=sms").text
    bounced = person.open("/nachrichten?channel=email&status=bounced").text
    assert "Huber, Maria" in bounced and "Huber, Eva" not in bounced
    assert 'name="channel" value="email"' in bounced


def test_a_message_tells_all_that_happened_to_it(desk, log):
    page = desk.person("reader").open(f"/nachrichten/{log['bounced']}").text
    steps = ["1. Versuch über praxis@example.at: nicht erreichbar", "451 4.7.1 try again later",
             "2. Versuch über praxis@example.at: übergeben", "Es wird weiter versucht.", "4.4.1 no answer from host",
             "Die E-Mail kam zurück: Adresse unbekannt.", "5.1.1 user unknown"]
    assert [page.find(step) for step in steps] == sorted(page.index(step) for step in steps)
    assert "<h1>E-Mail an Huber, Maria: Adresse unbekannt</h1>" in page
    assert "Frage nach der richtigen Adresse" in page and "im Ordner „Gesendet“" in page
    submitted = desk.person("reader").open(f"/nachrichten/{log['submitted']}").text
    assert "<b>Patient:in</b>" not in submitted and "<b>Patient:in</b>" in page
    assert "meldet niemand" in submitted


def test_another_practice_sees_nothing_of_a_message(desk, log):
    assert desk.person("other").open(f"/nachrichten/{log['bounced']}").status_code == 404
    assert desk.person("other").open("/nachrichten/0").status_code == 404


def call_list(page: str) -> str:
    """The section of those to be called; empty where there is none."""
    found = re.search(r'<section[^>]* id="anrufe".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_who_did_not_get_an_e_mail_is_called(desk, log):
    calls = call_list(desk.person("reader").open("/").text)
    assert "Huber, Maria" in calls and "Adresse unbekannt" in calls
    assert "Huber, Eva" not in calls


def test_a_stand_in_that_is_on_its_way_spares_the_call(desk, log):
    calls = lambda: call_list(desk.person("reader").open("/").text)
    assert "Adresse unbekannt" in calls()
    columns = [name for (_, name, *_) in desk.sql("PRAGMA table_info(reminders)") if name not in ("id", "stands_in_for")]
    changed = {"channel": "'sms'", "state": "'planned'"}
    reminder = desk.sql("SELECT reminder_id FROM messages WHERE id = ?", log["bounced"])[0][0]
    row = desk.sql(
        f"INSERT INTO reminders ({', '.join(columns)}, stands_in_for)"
        f" SELECT {', '.join(changed.get(name, name) for name in columns)}, id FROM reminders WHERE id = ?", reminder,
    )[0][0]
    try:
        assert "Adresse unbekannt" not in calls()
        desk.sql("UPDATE reminders SET state = 'skipped', reason = 'too_late_to_send' WHERE id = ?", row)
        assert "Adresse unbekannt" in calls()
    finally:
        desk.sql("DELETE FROM reminders WHERE id = ?", row)


def test_an_address_that_bounces_is_told_until_there_is_another(desk, log):
    staff = desk.person("staff")
    path = f"/patienten/{log['patient']['id']}"
    page = staff.open(path).text
    assert "kam eine E-Mail an diese Adresse zurück." in page and "Neue Adresse eintragen" in page
    form = staff.open(f"/termine/neu?patientId={log['patient']['id']}").text
    assert "kam eine E-Mail an diese Adresse zurück." in form
    assert "E-Mail kam zurück" in staff.open("/patienten").text
    fields = {"firstName": "Maria", "lastName": "Huber", "mobile": "", "reminderKind": "email",
              "smsConsent": "unknown", "emailConsent": "unknown"}
    kept = desk.sql("SELECT email_bounced_at, email_bounce FROM patients WHERE id = ?", log["patient"]["id"])[0]
    try:
        assert staff.submit(path, email="neu@example.org", **fields).status_code == 303
        assert "kam eine E-Mail" not in staff.open(path).text
    finally:
        desk.sql("UPDATE patients SET email = 'maria@example.org', email_bounced_at = ?, email_bounce = ? WHERE id = ?",
                 *kept, log["patient"]["id"])


def test_the_other_way_is_a_switch_with_an_honest_word(desk):
    admin = desk.person("admin")
    page = admin.open("/einstellungen/erinnerungen").text
    assert "Kommt eine Nachricht nicht an, über den anderen Weg senden" in page and "„gegeben“" in page
    assert 'id="fallsBack" name="fallsBack" type="checkbox" value="on" aria-describedby="fallsBack-note">' in page


def test_an_address_that_bounces_is_no_word_about_an_sms(desk, log):
    mails = desk.mails
    patient = desk.practice.patient(kind="sms", email="maria@example.org", firstName="Ida")
    mails.message(mails.appointment(patient, kind="sms"), "delivered", channel="sms")
    desk.sql("UPDATE patients SET email_bounced_at = 1, email_bounce = 'mailbox_full' WHERE id = ?", patient["id"])
    page = desk.person("staff").open(f"/patienten/{patient['id']}").text
    assert page.count("kam eine E-Mail an diese Adresse zurück.") == 1 and "Nachricht erfolgreich zugestellt" in page
