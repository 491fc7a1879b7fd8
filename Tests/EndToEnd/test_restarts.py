"""Stops and crashes while messages are on their way: each reminder leaves once, whatever ends in between."""

import collections
import signal
import time

import pytest

from harness.practice import Practice
from harness.waiting import eventually

SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T07:00:00+01:00"
LATER = "2027-03-01T07:05:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
COUNT = 60


@pytest.fixture
def practice(migrated, smsc):
    """A practice with sixty reminders due at seven, and an SMSC that is none of ours."""
    peer = smsc("--receipt-delay", "0.2")
    migrated("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user", "vortag",
             "--option", "rate=40")
    practice = Practice(migrated, clock=SAVED)
    server = migrated.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    patient = practice.patient()
    for _ in range(COUNT):
        practice.appointment(patient, START, END)
    server.stop()
    practice.peer = peer
    return practice


def submits(peer):
    return [event for event in peer.events if event["event"] == "submit"]


def statuses(program, practice, clock=LATER):
    server = program.serve("--role", "web", clock=clock)
    items = practice.open(server).items("/messages")
    server.stop()
    return collections.Counter("unclear" if item["unclear"] else item["status"] for item in items), items


def test_a_stop_in_the_middle_leaves_no_attempt_in_the_air(vortag, practice):
    server = vortag.serve("--role", "delivery", clock=MORNING, wait=False)
    practice.peer.wait_for_events(10, event="submit")
    server.stop()
    early = len(submits(practice.peer))
    assert 10 <= early < COUNT, "the stop came too late to show anything"
    found, items = statuses(vortag, practice)
    assert found["unclear"] == 0 and found["service_unreachable"] == 0, found
    assert all(item["attempts"] == 1 for item in items)

    vortag("deliver", "--once", clock=LATER)
    assert len(submits(practice.peer)) == COUNT
    found, _ = statuses(vortag, practice)
    assert found["delivered"] + found["submitted"] == COUNT, found


def test_a_kill_in_the_middle_sends_nothing_twice(vortag, practice):
    server = vortag.serve("--role", "delivery", clock=MORNING, wait=False)
    practice.peer.wait_for_events(10, event="submit")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.stop()
    time.sleep(0.5)
    at_kill = len(submits(practice.peer))
    assert at_kill < COUNT, "the kill came too late to show anything"

    vortag("deliver", "--once", "--wait", "3", clock=LATER)
    found, items = statuses(vortag, practice)
    assert len(items) == COUNT, "every reminder is in the log"
    unclear = found["unclear"]
    sent = len(submits(practice.peer))
    assert sent <= COUNT, "a reminder whose outcome is unknown is not sent again at once"
    assert sent + unclear >= COUNT, "what was surely not sent has left by now"
    assert not any(item["possiblyTwice"] for item in items)


def test_a_provider_that_is_added_while_the_server_runs_gets_what_waits(vortag, smsc):
    vortag("migrate")
    practice = Practice(vortag, clock=SAVED)
    server = vortag.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    appointment = practice.appointment(practice.patient(), START, END)
    server.stop()

    server = vortag.serve(clock=MORNING)
    api = practice.open(server)

    def reminder():
        return api.get(f"/appointments/{appointment['id']}/reminders")["items"][0]

    eventually(lambda: reminder()["reason"] and reminder()["reason"]["code"] == "no_provider", 10, what="no_provider")
    peer = smsc()
    vortag("provider", "add", "late", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user", "u")
    peer.wait_for_events(1, seconds=20, event="submit")
    eventually(lambda: reminder()["state"] == "delivered", 10, what="delivered")
