"""The link in a reminder, over an SMSC that is none of ours: what arrives fits one SMS, and opens the patient's page."""

import re

import pytest
import requests

from harness.practice import Practice

SAVED = "2027-02-26T12:00:00+01:00"
LATER = "2027-03-01T07:10:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
ADDRESS = "http://127.0.0.1:8080"
LINK = re.compile(re.escape(ADDRESS) + r"(/t/[0-9a-z]{15})$")


@pytest.fixture
def practice(migrated):
    return Practice(migrated, clock=SAVED)


def book(vortag, practice, smsc, tmp_path, text: str):
    """A practice with links on, an appointment, and an SMSC. Returns the SMSC and the appointment."""
    peer = smsc()
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    vortag("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user", "vortag",
           "--secret-file", secret)
    server = vortag.serve("--role", "web", clock=SAVED, VORTAG_PUBLIC_URL=ADDRESS)
    api = practice.open(server)
    practice.furnish(closing_text=text, sender="Musterhof")
    api.patch("/practice", {"linksEnabled": True})
    appointment = practice.appointment(practice.patient(), START, END)
    server.stop()
    return peer, appointment


def submits(peer) -> list[dict]:
    return [event for event in peer.events if event["event"] == "submit"]


def ask(server, path: str, method: str = "GET") -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, server.url + path, allow_redirects=False, timeout=15)


def test_the_link_that_arrives_opens_the_appointment_and_follows_its_move(vortag, practice, smsc, tmp_path):
    left = 124 - len(ADDRESS + "/t/") - 16
    text = "Bis bald! Ihr Team am Hauptplatz, 0316 5550100".ljust(left, ".")[:left]
    peer, appointment = book(vortag, practice, smsc, tmp_path, text)
    vortag("deliver", "--once", clock=LATER, VORTAG_PUBLIC_URL=ADDRESS)
    [submit] = submits(peer)
    assert submit["text"].startswith(f"Terminerinnerung 02.03.2027, 10:30. {text} {ADDRESS}/t/")
    assert len(submit["text"]) == 160 and submit["dataCoding"] == 0
    path = LINK.search(submit["text"])[1]

    server = vortag.serve("--role", "web", clock=LATER, VORTAG_PUBLIC_URL=ADDRESS)
    api = practice.open(server)
    page = ask(server, path).text
    assert "Dienstag, 2. März 2027" in page and "10:30 Uhr" in page and "Maria" in page and "Huber" not in page
    assert ask(server, path + "/kommen", "POST").status_code == 303
    assert "Danke, Sie haben zugesagt." in ask(server, path).text
    api.patch(f"/appointments/{appointment['id']}", {
        "start": "2027-03-03T14:00:00+01:00", "end": "2027-03-03T14:45:00+01:00", "acknowledgeSent": True,
        "sendCorrection": True,
    })
    moved = ask(server, path).text
    assert "Mittwoch, 3. März 2027" in moved and "14:00 Uhr" in moved and "zugesagt" not in moved
    server.stop()

    vortag("deliver", "--once", clock="2027-03-01T08:30:00+01:00", VORTAG_PUBLIC_URL=ADDRESS)
    correction = submits(peer)[1]["text"]
    # This SMSC tells the octets as they are: an umlaut of GSM 03.38 is a brace of ASCII.
    assert correction.startswith("Termin{nderung: statt 02.03.2027, 10:30 nun 03.03.2027, 14:00, Hauptplatz. ")
    assert LINK.search(correction)[1] == path and len(correction) <= 160, "where it fits, and the same one"
    server = vortag.serve("--role", "web", clock="2027-03-03T14:45:01+01:00", VORTAG_PUBLIC_URL=ADDRESS)
    assert ask(server, path).status_code == 410
    server.stop()


def test_without_its_address_the_link_stays_away_and_doctor_says_so(vortag, practice, smsc, tmp_path):
    peer, _ = book(vortag, practice, smsc, tmp_path, "x" * 80)
    well = vortag("doctor", check=False, clock=LATER, VORTAG_PUBLIC_URL=ADDRESS)
    assert "appointment page" not in well.out
    told = vortag("doctor", check=False, clock=LATER)
    assert told.code == 69 and "VORTAG_PUBLIC_URL" in told.out
    longer = "http://localhost:8080/erinnerungen"
    told = vortag("doctor", check=False, clock=LATER, VORTAG_PUBLIC_URL=longer)
    assert "Hauptplatz" in told.out and "without the link" in told.out
    vortag("deliver", "--once", clock=LATER, VORTAG_PUBLIC_URL=longer)
    [submit] = submits(peer)
    assert submit["text"] == "Terminerinnerung 02.03.2027, 10:30. " + "x" * 80, "no second SMS for a link"
