"""The questions before a change: about whom, how the message went, what the correction reads, and who is to be called."""

import re

import pytest

from calendar_desk import CalendarDesk

TOMORROW = "2027-03-02T10:00"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("questions"))
    yield desk
    desk.close()


@pytest.fixture
def sent(desk):
    """An appointment of tomorrow whose reminder the provider took this morning."""
    desk.empty()
    appointment = desk.book(TOMORROW, name="Granatapfel", reminderKind="none")
    desk.sql("UPDATE appointments SET reminder_kind = 'sms' WHERE id = ?", appointment["id"])
    desk.sql(
        "INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone, due_at,"
        " latest_at, next_at, state, turn) SELECT practice_id, id, patient_id, 'sms', 'reminder', generation, '2027-03-01',"
        " time_zone, 0, 0, 0, 'started', 0 FROM appointments WHERE id = ?", appointment["id"],
    )
    desk.send(appointment)
    return appointment


def asked(desk, appointment) -> str:
    return desk.person("staff").open(f"/termine/{appointment['id']}/absagen").text


def buttons(text: str) -> list[str]:
    return re.findall(r'<button class="button[^"]*" type="submit" name="answer" value="[^"]*">([^<]*)</button>', text)


def test_it_names_the_patient_the_message_and_the_correction(desk, sent, window):
    desk.sql("UPDATE messages SET status = 'delivered', delivered_at = created_at + 120000")
    person = window("staff")
    person.open(f"/termine/{sent['id']}/absagen")
    main = person.page.locator("main")
    assert main.locator("h1").inner_text().endswith("Granatapfel: Termin am Di 02.03.2027, 10:00 Uhr absagen?")
    line = main.locator(".told li")
    assert line.locator(".status.delivered").inner_text() == "zugestellt"
    assert "Am Mo 01.03.2027, 07:00 Uhr ging eine Erinnerung per SMS hinaus. Sie ist um 07:02 angekommen." in line.inner_text()
    assert main.locator(".reads .bubble").inner_text() == "Terminabsage: Der Termin am 02.03.2027, 10:00 entfällt."
    assert person.violations() == []
    person.open(f"/termine/{sent['id']}/verschieben")
    assert main.locator("h1").inner_text().endswith("Granatapfel: Termin am Di 02.03.2027, 10:00 Uhr verschieben")


def test_where_it_did_not_arrive_the_call_comes_first(desk, sent):
    desk.sql("UPDATE messages SET status = 'undeliverable'")
    text = asked(desk, sent)
    assert "Sie kam nicht an." in text and "nicht zugestellt" in text
    assert re.search(r'<a class="button main" href="tel:\+43[0-9]+">', text)
    assert buttons(text) == ["Termin absagen und Patient:in verständigen", "Absagen ohne Nachricht"]
    assert 'class="button main" type="submit"' not in text


@pytest.mark.parametrize("statement, reason", [
    ("UPDATE patients SET sms_consent = 'withdrawn' WHERE last_name = 'Granatapfel'", "Die Einwilligung für SMS wurde widerrufen."),
    ("UPDATE patients SET mobile = NULL WHERE last_name = 'Granatapfel'", "keine Mobilnummer"),
    ("UPDATE practices SET sms_enabled = 0", "SMS sind in den Einstellungen ausgeschaltet."),
])
def test_a_correction_that_cannot_leave_is_not_offered(desk, sent, statement, reason):
    desk.sql(statement)
    try:
        text = asked(desk, sent)
        assert reason in text and buttons(text) == ["Absagen ohne Nachricht"]
        assert ("tel:" in text) == ("mobile" not in statement)
        assert ("Es ist keine Nummer zum Anrufen hinterlegt." in text) == ("mobile" in statement)
        desk.person("staff").submit(f"/termine/{sent['id']}/absagen", version="1", answer="correct")
        calls = desk.person("staff").open("/anrufe").text
        assert "Granatapfel" in calls and "über die Absage ging nicht hinaus" in calls
    finally:
        desk.sql("UPDATE practices SET sms_enabled = 1")


def test_of_a_series_it_says_how_many_are_to_come(desk):
    desk.empty()
    patient = desk.practice.patient(lastName="Serie")
    staff = desk.person("staff")
    staff.submit("/termine/neu", patientId=patient["id"], locationId=desk.practice.location["id"], start="2027-03-10",
                 startTime="09:00", end="60", weeksApart="1", times="3")
    first = desk.sql("SELECT MIN(id) FROM appointments")[0][0]
    text = staff.open(f"/termine/{first}/absagen").text
    assert "Serie: Termin am Mi 10.03.2027, 09:00 Uhr absagen?" in text
    assert "Nach diesem sind noch 2 Termine der Serie gebucht." in text
