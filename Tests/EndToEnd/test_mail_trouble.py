"""A mail server in trouble: what passes is tried again, what does not is final, and what nobody can know is told so."""

import json

import pytest

from harness.cut_line import CutLine
from harness.practice import Practice
from harness.waiting import eventually
from rig.mail import ADDRESS, FaultyMail

PATIENT = "anna.huber@example.org"
SAVED = "2027-02-26T12:00:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
AT = "2027-03-01T07:{:02}:00+01:00".format


@pytest.fixture
def practice(migrated):
    """One e-mail is due at seven."""
    practice = Practice(migrated, clock=SAVED)
    server = migrated.serve("--role", "web", clock=SAVED)
    api = practice.open(server)
    practice.furnish()
    api.patch("/practice", {"emailEnabled": True})
    practice.appointment(practice.patient(email=PATIENT, kind="email"), START, END)
    server.stop()
    return practice


@pytest.fixture
def faulty(vortag, practice, tmp_path):
    """A submission server with faults, and a mailbox that leads to it. Options are the mailbox's."""
    found = FaultyMail(tmp_path, 1)
    vortag("mailbox", "add", "--practice", practice.id, "--address", ADDRESS, "--smtp",
           f"smtp://127.0.0.1:{found.port}", "--option", "response-timeout=5", clock=SAVED)
    yield found
    found.stop()


def deliver(vortag, minute: int, window: int = 2):
    vortag("deliver", "--once", clock=AT(minute), VORTAG_EVIDENCE_WINDOW=str(window))


def logged(vortag, practice) -> dict:
    [line] = vortag("log", "--practice", practice.id, "--channel", "email", "--json").out.splitlines()
    return json.loads(line)


VERBS = ("mail", "rcpt", "data", "dot")


@pytest.mark.parametrize("verb", VERBS)
def test_a_passing_refusal_is_tried_again_and_then_delivered_once(vortag, practice, faulty, verb):
    faulty.set(**{verb: "451 4.3.0 come back later"})
    deliver(vortag, 0)
    refused = logged(vortag, practice)
    assert faulty.listed("taken") == [] and len(faulty.listed("turned-away")) >= 1
    assert refused["status"] == "service_unreachable" and not refused["unclear"], refused
    faulty.set(**{verb: None})
    for minute in (30, 59):
        deliver(vortag, minute)
    assert [entry["recipient"] for entry in faulty.listed("taken")] == [PATIENT]
    sent = logged(vortag, practice)
    assert sent["status"] == "submitted" and sent["attempts"] >= 2 and not sent["possiblyTwice"]


@pytest.mark.parametrize("verb, reply, status, reason", [
    ("rcpt", "550 5.1.1 no such user", "bounced", "unknown_recipient"),
    ("data", "554 5.6.0 not like this", "provider_refused", None),
    ("dot", "554 5.7.1 taken for spam", "provider_refused", None),
])
def test_a_final_refusal_is_not_tried_again_and_its_reason_is_in_the_log(vortag, practice, faulty, verb, reply, status,
                                                                        reason):
    faulty.set(**{verb: reply})
    deliver(vortag, 0)
    found = logged(vortag, practice)
    assert (found["status"], found.get("bounceReason"), found["attempts"]) == (status, reason, 1)
    faulty.set(**{verb: None})
    for minute in (30, 59):
        deliver(vortag, minute)
    assert faulty.listed("taken") == [] and logged(vortag, practice) == found
    words = reply.split(maxsplit=2)[2]
    assert words in found["detail"], found
    told = vortag("log", "--practice", practice.id, "--channel", "email").out
    assert (": Adresse unbekannt" if reason else words) in told, told


def test_a_sender_that_is_refused_loses_nothing(vortag, practice, faulty):
    faulty.set(mail="550 5.1.8 Sender address rejected")
    deliver(vortag, 0)
    found = logged(vortag, practice)
    assert found["status"] == "provider_refused" and found["attempts"] == 1
    faulty.set(mail=None)
    for minute in (30, 59):
        deliver(vortag, minute)
    assert len(faulty.listed("taken")) == 1 and logged(vortag, practice)["status"] == "submitted"


@pytest.mark.parametrize("deed", ["drop", "silent"])
def test_an_end_after_the_dot_is_unclear_and_after_the_window_sent_once_more_and_marked(vortag, practice, faulty, deed):
    faulty.trigger("dot", deed)
    deliver(vortag, 0, window=3600)
    unclear = logged(vortag, practice)
    assert unclear["unclear"] and unclear.get("status") is None and len(faulty.listed("taken")) == 1
    deliver(vortag, 20, window=3600)
    assert logged(vortag, practice) == unclear, "evidence is awaited, and nothing is sent"
    deliver(vortag, 30)
    deliver(vortag, 59)
    taken = faulty.listed("taken")
    assert len(taken) == 2 and len({entry["messageId"] for entry in taken}) == 1
    again = logged(vortag, practice)
    assert again["status"] == "submitted" and again["possiblyTwice"] and not again["unclear"]


@pytest.mark.parametrize("verb", ["ehlo", "mail", "rcpt", "data"])
def test_an_end_before_the_dot_is_no_doubt(vortag, practice, faulty, verb):
    faulty.trigger(verb, "drop")
    deliver(vortag, 0)
    assert not logged(vortag, practice)["unclear"] and faulty.listed("taken") == []
    deliver(vortag, 30)
    assert len(faulty.listed("taken")) == 1
    sent = logged(vortag, practice)
    assert sent["status"] == "submitted" and not sent["possiblyTwice"]


@pytest.mark.parametrize("cut", ["after", "before"])
def test_a_server_that_saves_what_is_sent_tells_whether_it_went(vortag, practice, mail_server, tmp_path, cut):
    post = mail_server("--server-saves-sent")
    # Without an e-mail of ours in the folder, nobody knows that the server leaves their names as they are.
    post.order("send", name="1.abc.vortag@example.at", to="max.mustermann@example.org")
    post.wait_for(ADDRESS, 1, "Sent")
    line = CutLine(post.ports["smtp"])
    line.cut = cut
    secret = tmp_path / "secret"
    secret.write_text(post.password + "\n")
    vortag("mailbox", "add", "--practice", practice.id, "--address", ADDRESS, "--smtp", f"smtp://127.0.0.1:{line.port}",
           "--imap", post.imap, "--secret-file", secret, "--option", f"ca-file={post.ca}", "--option",
           "sent-copy=server", clock=SAVED)
    deliver(vortag, 0, window=3600)
    assert logged(vortag, practice)["unclear"]
    line.cut = None
    if cut == "after":
        post.wait_for(ADDRESS, 2, "Sent")
    else:
        assert len(post.read(ADDRESS, "Sent")) == 1 and post.read(PATIENT) == []

    server = vortag.serve("--role", "delivery", clock=AT(12), wait=False)
    eventually(lambda: not logged(vortag, practice)["unclear"], 30, pause=0.5, what="what the Sent folder tells")
    server.stop()
    line.close()
    vortag("deliver", "--once", clock="2027-03-01T09:00:00+01:00")
    found = logged(vortag, practice)
    assert found["status"] == "submitted" and not found["possiblyTwice"]
    assert found["attempts"] == (1 if cut == "after" else 2)
    [received] = post.wait_for(PATIENT, 1)
    [_, kept] = post.wait_for(ADDRESS, 2, "Sent")
    assert len(post.read(PATIENT)) == 1 and kept["Message-ID"] == received["Message-ID"]
