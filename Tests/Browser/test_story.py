"""The whole story of a practice's first days, told by its screens and an SMSC that is none of ours.

An administrator sets up a new practice; the reception books; on the day before, the reminders leave at seven; one
arrives, one does not; one appointment is cancelled late, and the patient is told. On the way each rule refuses once.
"""

import json

import pytest

from desk import PASSWORD
from harness.peers import Peer
from harness.program import Program
from visitor import Visitor

# A Friday; the appointments are on Tuesday, so the reminders leave on Monday at seven.
FRIDAY = "2027-02-26T12:00:00+01:00"
MONDAY = "2027-03-01T06:59:45+01:00"
TUESDAY = "2027-03-02"
REMINDER = "Terminerinnerung 02.03.2027, {clock}. Bis bald! Absagen: 0316 5550100"


@pytest.fixture
def peer(tmp_path):
    """Receipts come when the test tells it."""
    peer = Peer("netsmpp_smsc.pl", tmp_path / "smsc.log", "--receipts", "none")
    yield peer
    peer.stop()


@pytest.fixture
def program(tmp_path):
    program = Program(tmp_path)
    program("migrate")
    yield program
    program.close()


@pytest.fixture
def enter(chromium, program):
    """enter(clock): the server runs at that time, and an administrator of the practice sits before it."""
    practice = program("practice", "add", "--name", "Praxis am Teich").last_word
    program("user", "add", "--practice", practice, "--email", "admin@example.org", "--role", "admin", stdin=PASSWORD + "\n")
    opened = []

    def start(clock: str) -> Visitor:
        for server in program.servers:
            server.stop()
        server = program.serve(clock=clock)
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="de-AT")
        person = Visitor(context.new_page(), server.url)
        opened.append((context, person))
        context.set_default_timeout(12_000)
        person.sign_in("admin@example.org", PASSWORD)
        return person

    yield start
    for context, _ in opened:
        context.close()
    assert [text for _, person in opened for text in person.wrong] == []


def test_from_an_empty_practice_to_the_call_list(enter, peer):
    reception = enter(FRIDAY)
    set_up(reception, peer.port)
    book(reception, "Anna", "Auer", "0664 1234500", "10:30")
    book(reception, "Bruno", "Bichler", "0664 1234501", "11:30")
    page = reception.page
    reception.open("/")
    assert "Mo 01.03. um 07:00" in page.locator("section.next").inner_text(), "the forecast says when the next ones leave"

    reception = enter(MONDAY)
    page = reception.page
    next_sending = page.locator("section.next")
    assert "Heute um 07:00" in next_sending.inner_text() and "2 Erinnerungen" in next_sending.inner_text()
    reception.open("/nachrichten")
    assert page.locator(".message").count() == 0, "nothing leaves before seven"

    submits = {event["destination"]: event for event in peer.wait_for_events(2, seconds=30, event="submit")}
    auer, bichler = submits["436641234500"], submits["436641234501"]
    assert [text(auer), text(bichler)] == [REMINDER.format(clock="10:30"), REMINDER.format(clock="11:30")]
    assert (auer["source"], auer["sourceTon"], auer["sourceNpi"]) == ("Teichpraxis", 5, 0)
    lines = page.locator(".message")
    lines.filter(has_text="Auer").get_by_text("Nachricht wurde zum Senden übergeben").wait_for()
    tell(peer, auer, "DELIVRD")
    lines.filter(has_text="Auer").get_by_text("Nachricht erfolgreich zugestellt").wait_for()
    tell(peer, bichler, "UNDELIV")
    lines.filter(has_text="Bichler").get_by_text("Nachricht konnte nicht zugestellt werden").wait_for()

    cancel_late(reception, peer, auer)
    call(reception)


def set_up(person: Visitor, port: int):
    """Location, sender, provider and switch, by the first steps; each refuses what breaks a rule."""
    page = person.page
    assert page.locator("h1").inner_text() == "Willkommen bei Vortag. Hier fängst du an."
    page.locator(".start-steps").get_by_role("link", name="Standort").click()
    page.fill("#name", "Am Teich")
    page.fill("#closingText", "Bis bald! „Absagen“: 0316 5550100")
    page.locator("#phone .problem", has_text="„").wait_for()
    page.get_by_role("button", name="Standort speichern").click()
    page.locator("#summary").wait_for()
    page.get_by_role("button", name="Vorgeschlagene Schreibweise übernehmen").click()
    page.locator("#phone .problem").first.wait_for(state="detached")
    assert page.input_value("#closingText") == 'Bis bald! "Absagen": 0316 5550100'
    page.fill("#closingText", "Bis bald! Absagen: 0316 5550100")
    page.get_by_role("button", name="Standort speichern").click()
    page.wait_for_url("**/einstellungen/standorte/**")

    person.open("/einstellungen/absender")
    page.fill("#senderId", "Präxis")
    page.get_by_role("button", name="speichern").click()
    page.locator("#summary").wait_for()
    page.fill("#senderId", "Teichpraxis")
    page.fill("#fallbackSenderId", "")
    page.get_by_role("button", name="speichern").click()
    page.wait_for_url("**/einstellungen/absender?*")

    person.open("/einstellungen/versand/neu/smpp")
    page.fill("#name", "Zentrale")
    page.fill("#url", f"smpp://127.0.0.1:{port}")
    page.fill("#user", "vortag")
    page.fill("#secret", "geheim")
    page.get_by_role("button", name="Speichern und weiter zum Test").click()
    page.get_by_role("button", name="Einschalten").click()
    page.get_by_role("button", name="Ausschalten").wait_for()

    person.open("/einstellungen")
    page.check("#smsEnabled")
    page.get_by_role("button", name="Einstellungen speichern").click()
    page.wait_for_url("**/einstellungen?gespeichert=1")


def book(person: Visitor, first_name: str, last_name: str, mobile: str, clock: str):
    """A new patient with an appointment on Tuesday: an SMS is possible once there is a number, and not within 48 hours."""
    page = person.page
    person.open("/termine/neu")
    page.fill("#suche", f"{first_name} {last_name}")
    page.get_by_role("option", name="Neue Patient:in anlegen").click()
    page.locator("#firstName").wait_for()
    page.fill("#start", "2027-02-27")
    page.fill("#startTime", clock)
    page.locator("#kinds-late").get_by_text("48 Stunden").wait_for()
    page.fill("#start", TUESDAY)
    page.locator("#kinds").get_by_text("Mobilnummer").first.wait_for()
    assert page.locator("#kind-sms").is_disabled()
    page.fill("#mobile", mobile)
    page.locator("#mobile").blur()
    page.locator("#kind-sms:enabled").wait_for()
    page.check("#kind-sms")
    page.get_by_text("geht am Mo 01.03., 07:00 hinaus").first.wait_for()
    page.get_by_role("button", name="Termin speichern").click()
    page.wait_for_url("**/termine/*gespeichert=1*")
    assert "geplant" in page.locator("main").inner_text()


def cancel_late(person: Visitor, peer: Peer, reminder: dict):
    """After the reminder went out: when and how is said before anything is saved, and the correction goes out at once."""
    page = person.page
    person.open(f"/kalender?ansicht=tag&tag={TUESDAY}")
    page.locator(".fc-event", has_text="Auer").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Absagen").click()
    dialog.get_by_text("ging eine Erinnerung per SMS hinaus").wait_for()
    dialog.get_by_role("button", name="Termin absagen und Patient:in verständigen").click()
    page.locator(".toast").wait_for()
    correction = peer.wait_for_events(2, event="submit", destination=reminder["destination"])[-1]
    assert text(correction).startswith("Terminabsage: Der Termin am 02.03.2027, 10:30")
    tell(peer, correction, "DELIVRD")
    person.open("/nachrichten")
    lines = page.locator(".message", has_text="Auer")
    assert lines.count() == 2
    lines.first.get_by_text("Nachricht erfolgreich zugestellt").wait_for()


def call(person: Visitor):
    """Who was not reached stands on the start page, is called, and is ticked off."""
    page = person.page
    person.open("/")
    assert "1" in page.locator("#open-start").inner_text()
    listed = page.locator("#anrufe .calls > li")
    assert listed.count() == 1 and "Bichler" in listed.inner_text() and "nicht zugestellt" in listed.inner_text()
    assert listed.locator("a.number").get_attribute("href") == "tel:+436641234501"
    listed.get_by_role("button", name="Erreicht").click()
    page.locator("#anrufe .ticked").wait_for()
    assert page.locator("#anrufe > .calls > li").count() == 0


def tell(peer: Peer, submit: dict, stat: str):
    peer.process.stdin.write(json.dumps({"cmd": "receipt", "messageId": submit["messageId"], "stat": stat}) + "\n")
    peer.process.stdin.flush()


def text(submit: dict) -> str:
    return bytes.fromhex(submit["hex"]).decode("ascii")
