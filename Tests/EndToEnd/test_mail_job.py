"""The main job by e-mail: over Postfix, with a copy in Sent by Dovecot, and with what comes back."""

import json
from datetime import UTC, datetime

import icalendar
import pytest

from harness.practice import Practice
from harness.waiting import eventually

PRACTICE, PATIENT = "praxis@example.at", "anna.huber@example.org"
SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T06:59:55+01:00"
LATER = "2027-03-01T07:10:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
MOVED = "2027-03-02T15:00:00+01:00"


@pytest.fixture
def practice(migrated):
    return Practice(migrated, clock=SAVED)


def save_appointment(program, practice, address: str = PATIENT, **patient):
    """Everything that the practice does on the day of booking; then the server ends."""
    server = program.serve(clock=SAVED)
    api = practice.open(server)
    if not practice.location:
        practice.furnish()
        api.patch("/practice", {"emailEnabled": True, "name": "Praxis für Ergotherapie"})
        api.patch(f"/locations/{practice.location['id']}", {"address": "Hauptplatz 1, 8010 Graz"})
    person = practice.patient(email=address, kind="email", firstName="Änne", lastName="Müller-Lüdenscheidt", **patient)
    appointment = practice.appointment(person, START, END)
    assert appointment["reminderKind"] == "email" and appointment["notices"] == []
    server.stop()
    return appointment


def parts(message) -> dict:
    return {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}


def event(message):
    """The calendar part's method and its one event."""
    calendar = icalendar.Calendar.from_ical(parts(message)["text/calendar"].get_payload(decode=True))
    [found] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), found


def mail_of(api):
    items = [each for each in api.items("/messages") if each["channel"] == "email"]
    return items[0] if items else None


def wait_for_status(api, status: str, seconds: float = 40):
    return eventually(lambda: (found := mail_of(api)) and found["status"] == status and found, seconds,
                      what=f"an e-mail that is {status}")


def test_a_reminder_leaves_at_seven_and_its_copy_lies_in_sent(vortag, practice, mail_server, tmp_path):
    post = mail_server("--sent", "Gesendet")
    post.add_mailbox(vortag, practice, tmp_path / "secret", "--name", "Praxis am Park, Graz", clock=SAVED)
    appointment = save_appointment(vortag, practice)

    server = vortag.serve(clock=MORNING)
    api = practice.open(server)
    assert post.read(PATIENT) == [], "nothing may leave before 07:00:00"
    [received] = post.wait_for(PATIENT, 1)
    assert received["From"].addresses[0].addr_spec == PRACTICE
    assert received["From"].addresses[0].display_name == "Praxis am Park, Graz"
    assert received["To"].addresses[0].addr_spec == PATIENT
    assert "02.03.2027" in received["Subject"] and "10:30" in received["Subject"]
    assert received["Auto-Submitted"] == "auto-generated" and received["Message-ID"] and received["Date"]
    assert received["Return-Path"].strip("<>") == PRACTICE
    found = parts(received)
    assert list(found) == ["text/plain", "text/html", "text/calendar"]
    assert "Änne Müller-Lüdenscheidt" in found["text/plain"].get_content()
    assert "{" not in found["text/plain"].get_content()
    assert "Hauptplatz 1" in found["text/html"].get_content()
    method, entry = event(received)
    assert method == "REQUEST" and entry["DTSTART"].dt == datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
    assert "Hauptplatz 1" in entry["LOCATION"]

    submitted = wait_for_status(api, "submitted")
    assert submitted["to"] == PATIENT and submitted["sender"] == PRACTICE and submitted["deliveredAt"] is None
    [copy] = post.wait_for(PRACTICE, 1, folder="Gesendet")
    assert copy["Message-ID"] == received["Message-ID"]
    assert parts(copy)["text/html"].get_content() == found["text/html"].get_content()
    [reminder] = api.get(f"/appointments/{appointment['id']}/reminders")["items"]
    assert reminder["state"] == "submitted" and reminder["channel"] == "email"
    assert PATIENT in vortag("log", "--practice", practice.id, "--channel", "email").out
    server.stop()
    vortag("deliver", "--once", clock=LATER)
    assert len(post.read(PATIENT)) == 1 and len(post.read(PRACTICE, "Gesendet")) == 1
    lines = "\n".join(server.log.lines)
    assert PATIENT not in lines and "Müller" not in lines and post.password not in lines


def test_a_moved_appointment_updates_the_entry_and_a_cancelled_one_takes_it_out(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    appointment = save_appointment(vortag, practice)
    vortag("deliver", "--once", clock=LATER)
    [first] = post.wait_for(PATIENT, 1)

    server = vortag.serve(clock=LATER)
    api = practice.open(server)
    sent = {"acknowledgeSent": True, "sendCorrection": True}
    api.patch(f"/appointments/{appointment['id']}", {"start": MOVED, "end": "2027-03-02T15:45:00+01:00"} | sent)
    moved = post.wait_for(PATIENT, 2)[1]
    api.delete(f"/appointments/{appointment['id']}?acknowledgeSent=true&sendCorrection=true")
    cancelled = post.wait_for(PATIENT, 3)[2]
    server.stop()

    entries = [event(each) for each in (first, moved, cancelled)]
    assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(entry["UID"]) for _, entry in entries}) == 1
    sequences = [int(entry["SEQUENCE"]) for _, entry in entries]
    assert sequences == sorted(set(sequences)), "each is newer than the one before"
    assert entries[1][1]["DTSTART"].dt == datetime(2027, 3, 2, 14, 0, tzinfo=UTC)
    assert entries[2][1]["STATUS"] == "CANCELLED"
    assert len({each["Message-ID"] for each in (first, moved, cancelled)}) == 3


def test_what_postfix_sends_back_shows_as_bounced_with_its_reason(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    save_appointment(vortag, practice, address="niemand@example.org")
    server = vortag.serve(clock=MORNING)
    api = practice.open(server)
    wait_for_status(api, "submitted")
    # The report is a message of the practice's own; reading it changes nothing about it.
    [report] = post.wait_for(PRACTICE, 1)
    assert report.get_content_type() == "multipart/report"
    wait_for_status(api, "bounced", seconds=60)
    [listed] = post.messages(PRACTICE)
    assert "\\Seen" not in listed["flags"]
    [line] = [json.loads(line) for line in
              vortag("log", "--practice", practice.id, "--channel", "email", "--json").out.splitlines()]
    assert line["status"] == "bounced"
    server.stop()


def test_a_failed_copy_never_sends_the_mail_again(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    save_appointment(vortag, practice)
    post.order("stop", part="dovecot")
    # Without Dovecot nobody can sign in either, so the mail waits; with it, and no folder, only the copy fails.
    vortag("deliver", "--once", clock=LATER)
    post.order("start", part="dovecot")
    vortag("deliver", "--once", clock="2027-03-01T07:30:00+01:00")
    assert len(post.wait_for(PATIENT, 1)) == 1
    for hour in (9, 12):
        vortag("deliver", "--once", clock=f"2027-03-01T{hour:02}:00:00+01:00")
    assert len(post.read(PATIENT)) == 1 and len(post.read(PRACTICE, "Sent")) == 1


def test_a_wrong_password_says_so_and_loses_nothing(vortag, practice, mail_server, tmp_path):
    post = mail_server()
    post.password = "falsch"
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    save_appointment(vortag, practice)
    vortag("deliver", "--once", clock=LATER)
    assert post.read(PATIENT) == []
    server = vortag.serve("--role", "web", clock=LATER)
    found = mail_of(practice.open(server))
    assert found["status"] == "provider_refused"
    server.stop()
