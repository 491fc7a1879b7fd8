"""After a long outage nothing is sent before somebody answers: on the command line here, on the pages elsewhere."""

import re
import sqlite3

import pytest

from harness.practice import Practice

SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T07:00:00+01:00"
AFTER_OUTAGE = "2027-03-01T10:00:00+01:00"
EVENING = "2027-03-01T20:00:01+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
LIMIT = {"VORTAG_OVERDUE_LIMIT": "2"}


@pytest.fixture
def practice(migrated, smsc):
    """A practice with three reminders due at seven, and an SMSC that is none of ours."""
    peer = smsc()
    migrated("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user", "vortag")
    practice = Practice(migrated, clock=SAVED)
    server = migrated.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    patient = practice.patient()
    for _ in range(3):
        practice.appointment(patient, START, END)
    server.stop()
    practice.peer = peer
    return practice


def submits(practice):
    return [event for event in practice.peer.events if event["event"] == "submit"]


def deliver(vortag, *options, clock=AFTER_OUTAGE, **environment):
    return vortag("deliver", *options, clock=clock, check=False, **(LIMIT | environment))


def test_once_says_what_to_do_and_resume_lets_it_leave(vortag, practice):
    held = deliver(vortag, "--once", "--wait", "0")
    assert held.code == 69 and "vortag deliver --resume" in held.err
    assert submits(practice) == []
    told = vortag("doctor", clock=AFTER_OUTAGE, check=False).out
    assert re.search(r"^warning  sending: overdue reminders held", told, re.MULTILINE)
    resumed = deliver(vortag, "--resume")
    assert resumed.code == 0 and submits(practice) == [], "a running server sends it, or --once"
    assert deliver(vortag, "--once", "--wait", "0").code == 0
    assert len(submits(practice)) == 3
    assert "Nothing was held" in deliver(vortag, "--resume").err


def test_resume_may_be_said_before_anything_has_asked_and_in_the_same_step(vortag, practice):
    assert deliver(vortag, "--resume", "--once", "--wait", "0").code == 0
    assert len(submits(practice)) == 3


def test_no_question_up_to_the_limit(vortag, practice):
    assert deliver(vortag, "--once", "--wait", "0", VORTAG_OVERDUE_LIMIT="3").code == 0
    assert len(submits(practice)) == 3


def test_a_server_asks_too_and_its_numbers_tell_the_operator(vortag, practice):
    server = vortag.serve(clock=AFTER_OUTAGE, **LIMIT)
    server.log.wait_for(lambda line: "fell due long before the start" in line or None)
    metrics = server._probe.get(server.url + "/metrics", timeout=15).text
    assert "vortag_practices_held 1\n" in metrics and "vortag_clock_held 0\n" in metrics
    server.stop()
    assert submits(practice) == []
    practice.open(vortag.serve("--role", "web", clock=AFTER_OUTAGE))
    assert {reminder["reason"]["code"] for reminder in reminders(practice)} == {"practice_paused"}


def test_what_nobody_answers_is_too_late_in_the_evening(vortag, practice):
    assert deliver(vortag, "--once", "--wait", "0").code == 69
    assert deliver(vortag, "--once", "--wait", "0", clock=EVENING).code == 0, "time has answered"
    assert submits(practice) == []
    practice.open(vortag.serve("--role", "web", clock=EVENING))
    found = reminders(practice)
    assert {(reminder["state"], reminder["reason"]["code"]) for reminder in found} == {("skipped", "too_late_to_send")}


def test_what_is_confirmed_stays_confirmed_when_the_process_dies_before_it_sends(vortag, practice):
    deliver(vortag, "--once", "--wait", "0")
    deliver(vortag, "--resume")
    later = "2027-03-01T13:00:00+01:00"
    assert deliver(vortag, "--once", "--wait", "0", clock=later).code == 0
    assert len(submits(practice)) == 3


def reminders(practice):
    found = []
    for appointment in practice.api.items("/appointments"):
        found += practice.api.get(f"/appointments/{appointment['id']}/reminders")["items"]
    assert len(found) == 3
    return found


def test_the_limit_is_a_number(vortag):
    refused = vortag("migrate", check=False, VORTAG_OVERDUE_LIMIT="many")
    assert refused.code == 78 and "VORTAG_OVERDUE_LIMIT" in refused.err


def test_a_clock_that_jumped_stops_everything_until_somebody_answers(vortag, practice):
    with sqlite3.connect(vortag.database) as database:
        database.execute("INSERT INTO marks (name, value) VALUES ('hold.clock', ?)", (b"1803700000000 86400000",))
    held = deliver(vortag, "--once", "--wait", "0", clock=MORNING)
    assert held.code == 69 and "86400 seconds" in held.err and submits(practice) == []
    assert "warning  sending: held, the clock jumped" in vortag("doctor", clock=MORNING, check=False).out
    assert deliver(vortag, "--resume", "--once", "--wait", "0", clock=MORNING).code == 0
    assert len(submits(practice)) == 3
