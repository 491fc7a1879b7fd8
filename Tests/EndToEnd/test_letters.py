"""Letters to people of the practice, over Postfix: the morning report, and the way to a new password."""

import re
import sqlite3
import time
from datetime import datetime

import pytest

from harness.practice import Practice
from harness.waiting import eventually

SAVED = "2027-02-26T12:00:00+01:00"
BEFORE = "2027-03-01T07:29:57+01:00"
LATE = "2027-03-01T09:00:00+01:00"
NOON = "2027-03-01T12:05:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
CHIEF = "anna.huber@example.org"


@pytest.fixture
def practice(migrated):
    """A practice that wants to be told, with a reminder whose number the simulator takes for undeliverable."""
    practice = Practice(migrated, clock=SAVED)
    migrated("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    server = migrated.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    practice.api.patch("/practice", {"reportTo": CHIEF})
    practice.appointment(practice.patient(mobile="+436641234591", firstName="Marie", lastName="Leitner"), START, END)
    server.stop()
    return practice


def text(message) -> str:
    return message.get_body(("plain",)).get_content()


def test_a_failed_reminder_is_told_at_half_past_seven_once_and_without_names(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    vortag("deliver", "--once", clock="2027-03-01T07:05:00+01:00")
    assert post.read(CHIEF) == []
    server = vortag.serve(clock=BEFORE, VORTAG_PUBLIC_URL="https://vortag.example")
    other = vortag.serve(clock=BEFORE, VORTAG_PUBLIC_URL="https://vortag.example")
    assert post.read(CHIEF) == [], "nothing may leave before half past seven"
    [report] = post.wait_for(CHIEF, 1, seconds=90)
    assert report["Subject"] == "Vortag: bitte eine Person anrufen"
    assert report["From"].addresses[0].addr_spec == post.practice
    assert report["Auto-Submitted"] == "auto-generated"
    body = text(report)
    assert "Dienstag, 02.03.2027, 10:30 Uhr: M. L., SMS nicht angekommen" in body
    assert "https://vortag.example/anrufe" in body
    assert "Leitner" not in report.as_string() and "1234591" not in report.as_string()
    time.sleep(5)
    server.stop()
    other.stop()
    vortag("deliver", "--once", clock=LATE)
    assert len(post.read(CHIEF)) == 1 and post.read(post.practice, "Sent") == []
    assert len(practice.open(vortag.serve("--role", "web", clock=LATE)).items("/messages")) == 1, "it is none of the log"


def test_a_server_that_starts_late_tells_still_and_after_noon_no_more(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    vortag("deliver", "--once", clock=NOON)
    assert post.read(CHIEF) == []
    vortag("deliver", "--once", clock=LATE)
    assert len(post.wait_for(CHIEF, 1)) == 1


def ask_for_a_password(vortag, user: str):
    """A wish as the page notes it."""
    now = int(datetime.fromisoformat(LATE).timestamp() * 1000)
    with sqlite3.connect(vortag.database, timeout=10) as database:
        practice, email = database.execute("SELECT practice_id, email FROM users WHERE id = ?", (user,)).fetchone()
        database.execute(
            "INSERT INTO letters (practice_id, kind, user_id, recipient, occasion, created_at, next_at, expires_at)"
            " VALUES (?, 'password_reset', ?, ?, 'test', ?, ?, ?)", (practice, user, email, now, now, now + 3_600_000))


def fate(vortag):
    with sqlite3.connect(vortag.database, timeout=10) as database:
        return database.execute("SELECT sent_at, ended_at, detail FROM letters WHERE kind = 'password_reset'").fetchone()


def test_the_way_to_a_new_password_goes_to_the_user_alone(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    user = vortag("user", "add", "--practice", practice.id, "--email", CHIEF, "--role", "admin", clock=SAVED,
                  stdin="ein-gutes-wort\n").last_word
    with sqlite3.connect(vortag.database, timeout=10) as database:
        database.execute("UPDATE practices SET report_to = NULL")
    ask_for_a_password(vortag, user)
    vortag("deliver", "--once", clock=LATE, VORTAG_PUBLIC_URL="https://vortag.example")
    [letter] = post.wait_for(CHIEF, 1)
    assert letter["Subject"] == "Vortag: neues Passwort"
    [word] = re.findall(r"https://vortag\.example/anmelden/neu/([A-Za-z0-9_-]{43})\s", text(letter))
    assert post.read(post.practice, "Sent") == []
    with sqlite3.connect(vortag.database, timeout=10) as database:
        [(hashed,)] = database.execute("SELECT word_hash FROM password_resets").fetchall()
    assert word.encode() not in hashed and len(hashed) == 32
    assert word.encode() not in vortag.database.read_bytes()


def test_without_an_address_of_the_pages_no_way_is_sent_and_the_reason_is_kept(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    user = vortag("user", "add", "--practice", practice.id, "--email", CHIEF, "--role", "admin", clock=SAVED,
                  stdin="ein-gutes-wort\n").last_word
    ask_for_a_password(vortag, user)
    vortag("deliver", "--once", clock=LATE, VORTAG_HTTP_HOST="0.0.0.0")
    sent, ended, detail = eventually(lambda: fate(vortag))
    assert sent is None and ended and "VORTAG_PUBLIC_URL" in detail
