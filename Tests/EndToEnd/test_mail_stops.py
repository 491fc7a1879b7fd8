"""What ends e-mails, and what takes their place: a patient's one click, a practitioner's own mailbox, the other channel."""

import re
from urllib.parse import urlsplit

import pytest
import requests

from harness.practice import Practice
from harness.waiting import eventually

PRACTICE, OWN, PATIENT = "praxis@example.at", "therapie@example.at", "anna.huber@example.org"
SAVED = "2027-02-26T12:00:00+01:00"
LATER = "2027-03-01T07:10:00+01:00"
# A mailbox that has just sent is read again after five minutes.
READ = "2027-03-01T07:16:00+01:00"
DAYS = [(f"2027-03-0{day}T10:30:00+01:00", f"2027-03-0{day}T11:15:00+01:00") for day in (2, 3)]
PUBLIC = "https://vortag.example"


@pytest.fixture
def practice(migrated):
    return Practice(migrated, clock=SAVED)


@pytest.fixture
def open_practice(vortag, practice):
    """The practice on a server that runs, with e-mail on; `clock` is the server's."""

    def start(clock: str, role: str = "web", **environment: str):
        server = vortag.serve("--role", role, clock=clock, **environment)
        api = practice.open(server)
        if not practice.location:
            practice.furnish()
            api.patch("/practice", {"emailEnabled": True})
        return server, api

    return start


def loopback(server, method: str, link: str, **options) -> requests.Response:
    """What a mail program sends to the link, which a proxy would have brought to the server."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, server.url + urlsplit(link).path, allow_redirects=False, timeout=15, **options)


def test_one_click_in_a_received_mail_ends_them_and_looking_does_not(vortag, practice, mail_server, open_practice,
                                                                     tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    server, _ = open_practice(SAVED)
    person = practice.patient(email=PATIENT, kind="email")
    practice.appointment(person, *DAYS[0])
    later = practice.appointment(person, *DAYS[1])
    server.stop()

    vortag("deliver", "--once", clock=LATER, VORTAG_PUBLIC_URL=PUBLIC)
    [received] = post.wait_for(PATIENT, 1)
    [link] = [each for each in re.findall(r"<([^>]+)>", received["List-Unsubscribe"]) if each.startswith("https:")]
    assert link.startswith(PUBLIC + "/abmelden/") and received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = received.get_body(("plain",)).get_content()
    assert link in plain and link in received.get_body(("html",)).get_content()

    server, api = open_practice(LATER, VORTAG_PUBLIC_URL=PUBLIC)
    consent = lambda: api.get(f"/patients/{person['id']}")["emailConsent"]
    for method in ("GET", "HEAD"):
        assert loopback(server, method, link).status_code == 200
    assert consent() == "unknown", "a scanner that opens links ends nothing"
    done = loopback(server, "POST", link, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200 and consent() == "withdrawn"
    server.stop()

    vortag("deliver", "--once", clock="2027-03-02T07:10:00+01:00", VORTAG_PUBLIC_URL=PUBLIC)
    server, api = open_practice("2027-03-02T07:11:00+01:00")
    [reminder] = api.get(f"/appointments/{later['id']}/reminders")["items"]
    assert reminder["state"] == "skipped" and reminder["reason"]["code"] == "consent_withdrawn"
    assert len(post.read(PATIENT)) == 1 and len(post.read(PRACTICE, "Sent")) == 1


def test_the_e_mails_of_a_practitioner_leave_by_her_own_mailbox(vortag, practice, mail_server, open_practice, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    server, api = open_practice(SAVED)
    own = api.post("/practitioners", {"name": "Mia Gruber"})
    vortag("mailbox", "add", "--practice", practice.id, "--practitioner", own["id"], "--address", OWN, "--name",
           "Mia Gruber", "--reply-to", PRACTICE, "--smtp", post.smtps, "--imap", post.imaps, "--secret-file",
           tmp_path / "secret", "--option", f"ca-file={post.ca}", clock=SAVED)
    others, hers = (practice.patient(email=address, kind="email") for address in (PATIENT, "max.mustermann@example.org"))
    practice.appointment(others, *DAYS[0])
    practice.appointment(hers, *DAYS[0], practitionerId=own["id"])
    bounced = practice.patient(email="niemand@example.org", kind="email")
    practice.appointment(bounced, *DAYS[0], practitionerId=own["id"])
    server.stop()

    vortag("deliver", "--once", clock=LATER)
    [received] = post.wait_for("max.mustermann@example.org", 1)
    assert received["From"].addresses[0].addr_spec == OWN and received["From"].addresses[0].display_name == "Mia Gruber"
    assert received["Return-Path"].strip("<>") == OWN and received["Reply-To"].addresses[0].addr_spec == PRACTICE
    [other] = post.wait_for(PATIENT, 1)
    assert other["From"].addresses[0].addr_spec == PRACTICE
    # Her copies are in her Sent folder, and what comes back is read in her mailbox.
    copies = [sorted(each["To"] for each in post.read(user, "Sent")) for user in (PRACTICE, OWN)]
    assert [len(each) for each in copies] == [1, 2] and copies[0][0] not in copies[1]
    post.wait_for(OWN, 1)
    vortag("deliver", "--once", clock=READ)
    server, api = open_practice(READ)
    [message] = [each for each in api.items("/messages") if each["to"] == "niemand@example.org"]
    assert (message["status"], message["sender"]) == ("bounced", OWN) and post.read(PRACTICE) == []


def test_an_e_mail_that_comes_back_is_followed_by_one_sms(vortag, practice, mail_server, open_practice, tmp_path):
    post = mail_server()
    post.add_mailbox(vortag, practice, tmp_path / "secret", clock=SAVED)
    vortag("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:", clock=SAVED)
    server, api = open_practice(SAVED)
    api.patch("/practice", {"fallsBack": True})
    appointments = [
        practice.appointment(practice.patient(email=address, mobile=mobile, kind="email", smsConsent=consent), *DAYS[0])
        for address, mobile, consent in (("niemand@example.org", "+436641234501", "given"),
                                         ("keiner@example.org", "+436641234502", "unknown"),
                                         (PATIENT, "+436641234503", "given"))
    ]
    server.stop()

    vortag("deliver", "--once", clock=LATER)
    post.wait_for(PRACTICE, 2)
    server, api = open_practice(READ, "all")
    sent = lambda channel: [each for each in api.items("/messages") if each["channel"] == channel]
    [sms] = eventually(lambda: (found := sent("sms")) and found[0]["status"] == "delivered" and found, 30,
                       what="an SMS in place of the e-mail")
    assert sms["to"] == "+436641234501" and "Terminerinnerung" in sms["text"]
    assert sorted(each["status"] for each in sent("email")) == ["bounced", "bounced", "submitted"]
    reminders = {each["channel"]: each for each in api.get(f"/appointments/{appointments[0]['id']}/reminders")["items"]}
    assert reminders["email"]["state"] == "bounced" and reminders["sms"]["state"] == "delivered"
    server.stop()
    vortag("deliver", "--once", clock="2027-03-01T09:00:00+01:00")
    vortag("deliver", "--once", clock="2027-03-01T12:00:00+01:00")
    server, api = open_practice("2027-03-01T12:01:00+01:00")
    assert len(sent("sms")) == 1 and len(sent("email")) == 3, "once, and only to those who agreed"
