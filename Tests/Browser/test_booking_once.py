"""The form of an appointment taken once, and what it says meanwhile: of who is meant, of what goes out, of what has gone."""

import concurrent.futures
import datetime
import re

import pytest

from bookings import MOBILE, appointments, in_days, patient, settle
from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("booking-once"))
    yield desk
    desk.close()


def word_of(page: str) -> str:
    return re.search(r'name="once" value="([^"]+)"', page)[1]


def sent_together(person, path: str, count: int, **fields) -> set[str]:
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda _: person.submit(path, **fields), range(count)))
    assert {answer.status_code for answer in answers} == {303}
    return {answer.headers["location"] for answer in answers}


def test_a_form_that_is_sent_twice_books_once(desk):
    who = patient(desk, "Doppelklick", mobile=MOBILE, reminderKind="sms")
    staff = desk.person("staff")
    fields = dict(locationId=desk.practice.location["id"], start=in_days(9), startTime="15:30", end="60")
    once = word_of(staff.open("/termine/neu").text)
    assert len(sent_together(staff, "/termine/neu", 2, patientId=who["id"], once=once, **fields)) == 1
    assert len(appointments(desk, who)) == 1
    assert desk.sql("SELECT COUNT(*) FROM reminders WHERE patient_id = ?", int(who["id"])) == [(1,)]
    newcomer = dict(patientId="new", firstName="Neu", lastName="Klickdoppelt", mobile="0664 1239999")
    once = word_of(staff.open("/termine/neu").text)
    assert len(sent_together(staff, "/termine/neu", 3, once=once, **newcomer, **fields)) == 1
    once = word_of(staff.open("/patienten/neu").text)
    record = dict(firstName="Zwei", lastName="Klickmal", mobile="", reminderKind="none")
    assert len(sent_together(staff, "/patienten/neu", 3, once=once, **record)) == 1
    for name in ("Klickdoppelt", "Klickmal"):
        assert len(desk.practice.api.items("/patients", q=name)) == 1, name
    assert desk.sql("SELECT COUNT(*) FROM audit WHERE deed = 'created' AND subject = 'appointment'") == [(2,)]


def test_a_number_that_another_desk_entered_meanwhile_is_not_written_over(desk, window):
    who = patient(desk, "Zweitische", reminderKind="sms")
    person = window("staff")
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=16:30")
    person.page.fill("#patientMobile", "0664 7777777")
    person.page.locator("#patientMobile").blur()
    settle(person.page)
    desk.practice.api.patch(f"/patients/{who['id']}", {"mobile": "+436641234599"})
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.locator("#summary").wait_for()
    assert "schon 0664 1234599 eingetragen" in person.page.locator("#patientMobile-note").inner_text()
    assert person.page.locator("#patientMobile").input_value() == "0664 7777777", "nothing typed is lost"
    person.page.fill("#patientMobile", "")
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert desk.practice.api.get(f"/patients/{who['id']}")["mobile"] == "+436641234599"


def test_who_was_not_typed_to_the_end_is_asked_about(desk, window):
    who = patient(desk, "Traubenstein", mobile=MOBILE)
    person = window("staff")
    person.open("/termine/neu")
    person.page.fill("#suche", "traubenst")
    person.page.get_by_role("option", name="Traubenstein, Eva").wait_for()
    person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Enter")
    person.page.locator("#patients :checked").wait_for(state="attached")
    assert person.page.locator("#patients :checked").get_attribute("value") == who["id"]
    person.page.fill("#suche", "traubens")
    person.page.get_by_role("option", name="Neue Patient:in anlegen").click()
    person.page.locator("#alike .choice").wait_for()
    assert "Meinst du Traubenstein, Eva?" in person.page.locator("#alike").inner_text()
    person.page.fill("#firstName", "Ingrid")
    person.page.locator("#firstName").blur()
    settle(person.page)
    assert person.page.locator("#alike .choice").count() == 0, "somebody else"
    person.page.fill("#firstName", "Eva")
    person.page.locator("#firstName").blur()
    person.page.locator("#alike .choice").wait_for()
    assert person.violations() == []


def test_a_date_that_makes_the_reminder_impossible_is_announced(desk, window):
    who = patient(desk, "Ansage", mobile=MOBILE, reminderKind="sms")
    person = window("staff")
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=17:30")
    assert person.page.evaluate("document.activeElement.id") == "start", "whom it is for is known"
    person.page.evaluate("""() => {
        window.places = ["cautions", "dates", "reminder-said"].map((id) => document.getElementById(id));
        window.changes = 0;
        new MutationObserver(() => { window.changes += 1; }).observe(window.places[2], { childList: true });
    }""")
    person.page.fill("#start", in_days(1))
    person.page.locator("#startTime").focus()
    settle(person.page)
    said = person.page.locator("#reminder-said")
    assert said.get_attribute("role") == "status"
    assert "Eine Erinnerung ist erst für Termine ab" in said.inner_text()
    assert "Es geht keine Nachricht hinaus." in said.inner_text()
    assert "Es geht keine Nachricht hinaus." in person.page.locator("#phone").inner_text()
    assert person.page.locator("#phone .bubble").count() == 0
    person.page.select_option("#weeksApart", "")
    person.page.fill("#end", "45")
    person.page.locator("#startTime").focus()
    settle(person.page)
    assert person.page.evaluate("window.places.every((place) => place.isConnected)"), "filled, not exchanged"
    assert person.page.evaluate("window.changes") == 1, "the same is not said again"
    spring = datetime.date(datetime.date.today().year + 1, 3, 31)
    spring -= datetime.timedelta((spring.weekday() + 1) % 7)
    person.page.fill("#start", spring.isoformat())
    person.page.fill("#startTime", "02:30")
    person.page.locator("#end").focus()
    settle(person.page)
    assert "Gespeichert wird 03:30 Uhr." in person.page.locator("#cautions").inner_text()
    assert person.violations() == []


def test_what_went_out_is_shown_as_it_went(desk, window):
    who = patient(desk, "Gesendet", mobile=MOBILE, reminderKind="sms")
    made = desk.practice.api.post("/appointments", {
        "patientId": who["id"], "locationId": desk.practice.location["id"], "start": f"{in_days(9)}T09:30:00+01:00"})
    person = window("staff")
    person.open(f"/termine/{made['id']}")
    assert person.page.locator("nav.side [aria-current=page]").get_attribute("href") == "/kalender"
    assert person.page.locator("#phone .meter").count() == 1
    person.page.check("#kind-none")
    person.page.locator("#phone.empty").wait_for()
    assert "Gewählt ist „keine“." in person.page.locator("#phone").inner_text()
    (reminder,) = desk.sql("SELECT id FROM reminders WHERE appointment_id = ?", int(made["id"]))[0]
    desk.sql(
        "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
        " attempts, possibly_twice, created_at, submitted_at, reminder_id) VALUES (?, 'sms', '+436641234500', 'P',"
        " 'Der alte Text', 1, 'submitted', 0, 0, 1, 0, 1, 1, ?)", desk.practice.id, reminder)
    desk.sql("UPDATE reminders SET state = 'started' WHERE id = ?", reminder)
    person.open(f"/termine/{made['id']}")
    went = person.page.locator(".went")
    assert went.locator("figcaption").inner_text() == "So ging sie hinaus"
    assert went.locator(".bubble").inner_text() == "Der alte Text" and person.page.locator("#phone").count() == 0
    assert person.violations() == []
    person.page.fill("#start", in_days(10))
    person.page.locator("#startTime").focus()
    person.page.locator("#phone .meter").wait_for()
    assert went.count() == 0, "another day, another text"
    looks = "SELECT COUNT(*) FROM audit WHERE subject = 'appointment' AND subject_id = ? AND deed = 'looked'"
    before = desk.sql(looks, int(made["id"]))[0][0]
    for page in ("absagen", "verschieben"):
        assert desk.person("staff").open(f"/termine/{made['id']}/{page}").status_code == 200
    assert desk.sql(looks, int(made["id"]))[0][0] == before + 2


def test_what_is_missing_is_mended_at_the_contact_where_the_contact_is_reached(desk):
    who = patient(desk, "Kindmann", reminderKind="sms", contactName="Vera", reachesContact=True)
    made = desk.practice.api.post("/appointments", {
        "patientId": who["id"], "locationId": desk.practice.location["id"], "start": f"{in_days(9)}T10:30:00+01:00"})
    staff = desk.person("staff")
    for path in (f"/termine/{made['id']}", f"/patienten/{who['id']}"):
        assert f'href="/patienten/{who["id"]}#contactMobile"' in staff.open(path).text, path
