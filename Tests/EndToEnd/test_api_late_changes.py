"""Rule 11 and the log, as a caller of the JSON interface sees them: what went out cannot be changed unasked."""

import pytest

from api_world import CLOCK, MOBILE, open_world, web

# The reminder of an appointment on 4 March is due on the 3rd at 07:00.
DELIVERY = "2027-03-03T07:30:00+01:00"
AFTERWARDS = "2027-03-03T08:00:00+01:00"
DELIVERED = "Nachricht erfolgreich zugestellt"


@pytest.fixture
def sent(vortag):
    """A world whose only appointment's SMS went out half an hour ago; also the appointment."""
    server = web(vortag, CLOCK)
    vortag("provider", "add", "simulator", "--kind", "simulator", clock=CLOCK)
    world = open_world(vortag, server)
    world.switch_on()
    world.location(closingText="Bis bald!")
    appointment = world.appointment(reminderKind="sms")
    server.stop()
    vortag("deliver", "--once", "--wait", "30", clock=DELIVERY)
    world.server = vortag.serve("--role", "web", clock=AFTERWARDS)
    return world, appointment


def refused(world, method, path, **options) -> dict:
    answer = world.api.request(method, path, **options)
    assert answer.status_code == 409, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["sentAt"].startswith("2027-03-03T07:30")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [
        ("acknowledgeSent", "reminder.already_sent")
    ]
    return problem


def corrections(world) -> list[str]:
    return [item["purpose"] for item in world.api.items("/messages") if item["purpose"] == "correction"]


def purposes(world, appointment) -> list[str]:
    reminders = world.api.get(f"/appointments/{appointment['id']}/reminders")["items"]
    return sorted(reminder["purpose"] for reminder in reminders)


def test_the_log_tells_what_became_of_the_message(sent):
    world, appointment = sent
    (message,) = world.api.items("/messages")
    assert message == message | {
        "channel": "sms", "to": MOBILE.replace(" ", ""), "sender": "PraxisPark", "segments": 1, "status": "delivered",
        "text": "Terminerinnerung 04.03.2027, 10:00. Bis bald!", "statusText": DELIVERED, "attempts": 1,
        "possiblyTwice": False, "unclear": False, "appointmentId": appointment["id"],
        "patientId": appointment["patientId"],
    }
    assert message["submittedAt"].startswith("2027-03-03T07:30") and message["submittedAt"].endswith("+01:00")
    assert message["deliveredAt"] >= message["submittedAt"]
    assert isinstance(message["providerId"], str) and message["providerMessageId"]
    assert world.api.get(f"/messages/{message['id']}") == message
    (reminder,) = world.api.get(f"/appointments/{appointment['id']}/reminders")["items"]
    assert (reminder["state"], reminder["messageId"]) == ("delivered", message["id"])
    for query, found in [
        ({"status": "delivered"}, 1), ({"status": "expired"}, 0), ({"channel": "email"}, 0),
        ({"patientId": appointment["patientId"]}, 1), ({"from": "2027-03-03", "to": "2027-03-03"}, 1),
        ({"from": "2027-03-04"}, 0),
    ]:
        assert len(world.api.items("/messages", **query)) == found, query


@pytest.mark.parametrize("change", [{"start": "2027-03-04T15:00:00+01:00"}, {"status": "cancelled"}])
def test_a_late_change_needs_an_answer(sent, change):
    world, appointment = sent
    one = f"/appointments/{appointment['id']}"
    before = world.api.get(one)
    refused(world, "PATCH", one, json=change)
    assert world.api.get(one) == before
    changed = world.api.patch(one, change | {"acknowledgeSent": True, "sendCorrection": False})
    assert changed == changed | change
    assert purposes(world, appointment).count("correction") == 0


def test_a_late_change_may_send_a_correction(sent):
    world, appointment = sent
    one = f"/appointments/{appointment['id']}"
    world.api.patch(
        one, {"start": "2027-03-04T15:00:00+01:00", "acknowledgeSent": True, "sendCorrection": True}
    )
    assert "correction" in purposes(world, appointment)
    world.server.stop()
    world.program("deliver", "--once", clock="2027-03-03T08:30:00+01:00")
    world.server = world.program.serve("--role", "web", clock="2027-03-03T09:00:00+01:00")
    assert corrections(world) == ["correction"]


def test_a_late_deletion_needs_an_answer(sent):
    world, appointment = sent
    one = f"/appointments/{appointment['id']}"
    refused(world, "DELETE", one)
    refused(world, "DELETE", one, params={"acknowledgeSent": "false"})
    world.api.delete(one, acknowledgeSent="true", sendCorrection="true")
    assert world.api.get(one)["status"] == "cancelled"
    assert "correction" in purposes(world, appointment)


def test_what_concerns_neither_time_nor_place_nor_person_is_no_late_change(sent):
    world, appointment = sent
    changed = world.api.patch(f"/appointments/{appointment['id']}", {"status": "arrived", "externalId": "T-1"})
    assert (changed["status"], changed["externalId"]) == ("arrived", "T-1")


def test_erasing_the_patient_goes_through_and_warns_whoever_asks_for_it(sent):
    world, appointment = sent
    patient = f"/patients/{appointment['patientId']}"
    refused(world, "DELETE", patient, params={"acknowledgeSent": "false"})
    assert world.api.get(f"/appointments/{appointment['id']}")["status"] == "booked", "nothing was changed"
    world.api.delete(patient)
    assert world.api.get(f"/appointments/{appointment['id']}")["status"] == "cancelled"
