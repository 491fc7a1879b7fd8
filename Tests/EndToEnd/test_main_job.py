"""The main job: an appointment saved today is reminded on the day before, over an SMSC that is none of ours."""

import time

import pytest

from harness.practice import Practice
from harness.waiting import eventually

SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T06:59:55+01:00"
LATER = "2027-03-01T07:10:00+01:00"
EVENING = "2027-03-01T20:00:05+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"

SUBMITTED = "Nachricht wurde zum Senden übergeben"
DELIVERED = "Nachricht erfolgreich zugestellt"


@pytest.fixture
def practice(migrated):
    return Practice(migrated, clock=SAVED)


def add_provider(program, port: int, tmp_path, *options: str):
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    program("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{port}", "--user", "vortag",
            "--secret-file", secret, *options)


def save_appointment(program, practice, **patient):
    """Everything that the practice does on the day of booking; then the server ends."""
    server = program.serve(clock=SAVED)
    practice.open(server)
    practice.furnish(closing_text="Bis bald! Absagen: 0316 5550100", sender="Musterhof")
    appointment = practice.appointment(practice.patient(**patient), START, END)
    server.stop()
    return appointment


def submits(peer):
    return [event for event in peer.events if event["event"] == "submit"]


def message(api):
    items = api.items("/messages")
    return items[0] if items else None


def wait_for_status(api, status: str, seconds: float = 20):
    return eventually(lambda: (found := message(api)) and found["status"] == status and found, seconds,
                      what=f"a message that is {status}")


def test_a_reminder_leaves_at_seven_on_the_day_before_and_its_receipt_is_shown(vortag, practice, smsc, tmp_path):
    peer = smsc("--receipt-delay", "3")
    add_provider(vortag, peer.port, tmp_path)
    appointment = save_appointment(vortag, practice)
    assert appointment["reminderKind"] == "sms" and appointment["notices"] == []

    server = vortag.serve(clock=MORNING)
    api = practice.open(server)
    assert submits(peer) == [], "nothing may leave before 07:00:00"
    [submit] = peer.wait_for_events(1, event="submit")
    assert submit["text"] == "Terminerinnerung 02.03.2027, 10:30. Bis bald! Absagen: 0316 5550100"
    assert (submit["source"], submit["sourceTon"], submit["sourceNpi"]) == ("Musterhof", 5, 0)
    assert (submit["destination"], submit["destinationTon"], submit["destinationNpi"]) == ("436641234500", 1, 1)
    assert submit["registeredDelivery"] == 1 and submit["dataCoding"] == 0

    handed_over = wait_for_status(api, "submitted")
    assert handed_over["statusText"] == SUBMITTED
    assert "T07:00:0" in handed_over["submittedAt"]
    assert SUBMITTED in vortag("log", "--practice", practice.id).out

    delivered = wait_for_status(api, "delivered")
    assert delivered["statusText"] == DELIVERED and delivered["deliveredAt"]
    assert DELIVERED in vortag("log", "--practice", practice.id).out
    [reminder] = api.get(f"/appointments/{appointment['id']}/reminders")["items"]
    assert reminder["state"] == "delivered" and reminder["messageId"] == delivered["id"]
    assert vortag("log", "--practice", practice.id, "--json").out.count('"status":"delivered"') == 1
    server.stop()

    for clock in (LATER, MORNING):
        again = vortag.serve(clock=clock)
        time.sleep(7)
        again.stop()
    assert len(submits(peer)) == 1, "stopped and started again, nothing may be sent twice"


def test_a_number_as_the_sender_goes_out_in_international_form(vortag, practice, smsc, tmp_path):
    peer = smsc()
    add_provider(vortag, peer.port, tmp_path)
    save_appointment(vortag, practice)
    server = vortag.serve(clock=SAVED)
    practice.open(server).patch("/practice", {"senderId": "00436761234567"})
    server.stop()
    vortag("deliver", "--once", clock=LATER)
    [submit] = submits(peer)
    assert (submit["source"], submit["sourceTon"], submit["sourceNpi"]) == ("436761234567", 1, 1)


def test_receipts_without_tlvs_are_read_from_their_text(vortag, practice, smsc, tmp_path):
    peer = smsc("--text-only", "--receipts", "undeliverable")
    add_provider(vortag, peer.port, tmp_path)
    save_appointment(vortag, practice)
    vortag("deliver", "--once", clock=LATER)
    assert len(submits(peer)) == 1
    assert "Nachricht konnte nicht zugestellt werden" in vortag("log", "--practice", practice.id).out


def test_an_appointment_cancelled_before_seven_is_not_reminded(vortag, practice, smsc, tmp_path):
    peer = smsc()
    add_provider(vortag, peer.port, tmp_path)
    appointment = save_appointment(vortag, practice)
    server = vortag.serve("--role", "web", clock=MORNING)
    practice.open(server).delete(f"/appointments/{appointment['id']}")
    server.stop()
    vortag("deliver", "--once", clock=LATER)
    assert submits(peer) == []
    server = vortag.serve("--role", "web", clock=LATER)
    [reminder] = practice.open(server).get(f"/appointments/{appointment['id']}/reminders")["items"]
    assert (reminder["state"], reminder["reason"]["code"]) == ("skipped", "cancelled")


def test_a_provider_that_is_away_is_tried_again_and_the_log_says_so(vortag, practice, smsc, tmp_path):
    peer = smsc()
    port = peer.port
    add_provider(vortag, port, tmp_path)
    save_appointment(vortag, practice)
    peer.stop()
    vortag("deliver", "--once", clock=LATER)
    assert "SMS Service nicht erreichbar" in vortag("log", "--practice", practice.id).out
    back = smsc("--port", str(port))
    vortag("deliver", "--once", clock="2027-03-01T08:10:00+01:00")
    assert len(submits(back)) == 1
    log = vortag("log", "--practice", practice.id).out
    assert DELIVERED in log and log.count("\n") == 1


def test_an_e_mail_waits_for_a_mailbox_and_ends_as_too_late(vortag, practice):
    server = vortag.serve(clock=SAVED)
    api = practice.open(server)
    practice.furnish()
    api.patch("/practice", {"emailEnabled": True})
    patient = practice.patient(kind="email", email="maria@huber.example")
    appointment = practice.appointment(patient, START, END)
    assert appointment["reminderKind"] == "email"
    server.stop()

    def standing(clock):
        vortag("deliver", "--once", clock=clock)
        server = vortag.serve("--role", "web", clock=clock)
        [reminder] = practice.open(server).get(f"/appointments/{appointment['id']}/reminders")["items"]
        server.stop()
        return reminder["channel"], reminder["state"], reminder["reason"]["code"]

    assert standing(LATER) == ("email", "planned", "no_mailbox")
    assert standing(EVENING) == ("email", "skipped", "too_late_to_send")
