"""Every rule that the JSON interface names by a code, broken once."""

import pytest

from api_world import LATER, MOBILE, open_world, web
from harness.program import Program


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("rules"))
    yield program, web(program)
    program.close()


@pytest.fixture
def world(server):
    return open_world(*server)


def only_error(world, method: str, path: str, body: dict, expect: int = 422) -> dict:
    """The one problem that a request has."""
    answer = world.api.request(method, path, json=body)
    assert answer.status_code == expect, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == expect and problem["title"] and problem["type"]
    assert len(problem["errors"]) == 1, problem
    (error,) = problem["errors"]
    assert error["message"] and error["message"] != "problem." + error["code"], error
    return error


def codes(world, method: str, path: str, body: dict) -> set[tuple[str, str]]:
    answer = world.api.request(method, path, json=body)
    assert answer.status_code == 422, answer.text
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    "body, field, code",
    [
        ({"lastName": "Muster", "mobile": "0664"}, "mobile", "mobile.invalid"),
        ({"lastName": "Muster", "mobile": "+43 1 5888010"}, "mobile", "mobile.landline"),
        ({"lastName": "Muster", "email": "anna.example.at"}, "email", "email.invalid"),
        ({"lastName": "Muster", "reminderKind": "fax"}, "reminderKind", "field.invalid"),
        ({"lastName": "Muster", "smsConsent": "perhaps"}, "smsConsent", "field.invalid"),
        ({"lastName": "Muster", "mobile": 664}, "mobile", "field.invalid"),
        ({"lastName": "Muster", "born": "1970-01-01"}, "born", "field.unknown"),
        ({"lastName": "M" * 300}, "lastName", "field.too_long"),
        ({"firstName": "Anna"}, "lastName", "field.required"),
    ],
)
def test_a_patient_that_breaks_a_rule_is_refused_with_the_field(world, body, field, code):
    error = only_error(world, "POST", "/patients", body)
    assert (error["field"], error["code"]) == (field, code)
    assert world.api.items("/patients") == []


@pytest.mark.parametrize(
    "sender, expected",
    [
        ("PraxisMusterstadt", {"sender.too_long"}),
        ("12345678901234567", {"sender.too_long", "sender.not_international"}),
        ("Praxis & Co", {"sender.special_character"}),
        ("06761234567", {"sender.country_code_missing"}),
        ("+436761234567", {"sender.not_international"}),
        ("436761234567", {"sender.not_international"}),
    ],
)
def test_a_sender_that_breaks_a_rule_is_refused(world, sender, expected):
    for path, method, body in [
        ("/practice", "PATCH", {"senderId": sender}),
        ("/locations", "POST", {"name": "Am Park", "senderId": sender}),
    ]:
        found = codes(world, method, path, body)
        assert {field for field, _ in found} == {"senderId"}
        assert {code for _, code in found} & expected, found


def test_a_sender_without_a_letter_is_refused(world):
    assert ("senderId", "sender.no_letter") in codes(world, "PATCH", "/practice", {"senderId": "12 34"}) | codes(
        world, "PATCH", "/practice", {"senderId": "---"}
    )


def test_a_wrong_number_as_sender_brings_the_right_one(world):
    error = only_error(world, "PATCH", "/practice", {"senderId": "06761234567"})
    assert error["suggestion"] == "00436761234567"


def test_sms_cannot_be_switched_on_without_any_sender(world):
    error = only_error(world, "PATCH", "/practice", {"smsEnabled": True})
    assert error["code"] == "sender.missing"
    assert world.api.get("/practice")["smsEnabled"] is False


@pytest.mark.parametrize(
    "field, value", [("smsSendTime", "06:00"), ("emailSendTime", "07:30"), ("latestSendTime", "21:00")]
)
def test_a_send_time_that_is_not_offered_is_refused(world, field, value):
    error = only_error(world, "PATCH", "/practice", {field: value})
    assert (error["field"], error["code"]) == (field, "send_time.not_offered")


@pytest.mark.parametrize(
    "text, code", [("x" * 125, "text.too_long"), ("€" * 63, "text.too_long"), ("Bis bald „hier“", "text.not_gsm")]
)
def test_a_closing_text_that_would_cost_a_second_sms_is_refused(world, text, code):
    found = codes(world, "POST", "/locations", {"name": "Am Park", "closingText": text})
    assert found == {("closingText", code)}


def test_the_longest_closing_text_is_taken(world):
    assert world.location(closingText="x" * 124)["closingText"] == "x" * 124


@pytest.mark.parametrize(
    "more, field, code",
    [
        ({"end": "2027-03-04T09:00:00+01:00"}, "end", "appointment.end_before_start"),
        ({"end": "2027-03-08T09:00:00+01:00"}, "end", "appointment.too_long"),
        ({"start": "2027-02-27T10:00:00+01:00"}, "start", "appointment.in_past"),
        ({"start": "2027-03-04T10:00:00"}, "start", "field.invalid"),
        ({"start": "tomorrow"}, "start", "field.invalid"),
        ({"start": ""}, "start", "field.required"),
        ({"status": "forgotten"}, "status", "field.invalid"),
        ({"locationId": "999999"}, "locationId", "reference.unknown"),
        ({"practitionerId": "999999"}, "practitionerId", "reference.unknown"),
        ({"patientId": "999999"}, "patientId", "reference.unknown"),
        ({"title": "Massage"}, "title", "field.unknown"),
    ],
)
def test_an_appointment_that_breaks_a_rule_is_refused(world, more, field, code):
    world.location()
    body = {"patientId": world.patient()["id"], "start": LATER} | more
    error = only_error(world, "POST", "/appointments", body)
    assert (error["field"], error["code"]) == (field, code)
    assert world.api.items("/appointments") == []


@pytest.mark.parametrize(
    "kind, patient, start, code",
    [
        ("sms", {"mobile": MOBILE}, "2027-03-03T05:59:00+01:00", "reminder.too_late"),
        ("sms", {}, LATER, "reminder.no_mobile"),
        ("email", {}, LATER, "reminder.no_email"),
        ("both", {"mobile": MOBILE}, LATER, "reminder.no_email"),
    ],
)
def test_an_explicit_kind_that_is_not_possible_creates_nothing(world, kind, patient, start, code):
    world.switch_on()
    world.location()
    body = {"patientId": world.patient(**patient)["id"], "start": start, "reminderKind": kind}
    error = only_error(world, "POST", "/appointments", body)
    assert (error["field"], error["code"]) == ("reminderKind", code)
    assert world.api.items("/appointments") == []


def test_null_asks_for_the_patients_kind_and_an_empty_text_is_no_kind(world):
    """PATCH is a merge patch: null clears, so that the patient's preferred kind holds."""
    world.switch_on()
    world.location()
    body = {"patientId": world.patient(mobile=MOBILE, reminderKind="sms")["id"], "start": LATER}
    appointment = world.api.post("/appointments", body | {"reminderKind": "none"})
    path = f"/appointments/{appointment['id']}"
    assert appointment["reminderKind"] == "none"
    error = only_error(world, "PATCH", path, {"reminderKind": ""})
    assert (error["field"], error["code"]) == ("reminderKind", "field.invalid") and "none" in error["message"]
    assert world.api.get(path)["reminderKind"] == "none"
    assert world.api.patch(path, {"reminderKind": None})["reminderKind"] == "sms"
    assert only_error(world, "POST", "/appointments", body | {"reminderKind": ""})["code"] == "field.invalid"
    assert world.api.post("/appointments", body | {"reminderKind": None})["reminderKind"] == "sms"
    assert world.api.patch(path, {"reminderKind": "none"})["reminderKind"] == "none"


def test_a_channel_that_is_off_cannot_be_chosen(world):
    world.location()
    body = {"patientId": world.patient(mobile=MOBILE)["id"], "start": LATER, "reminderKind": "sms"}
    assert only_error(world, "POST", "/appointments", body)["code"] == "reminder.channel_off"


def test_just_48_hours_are_enough(world):
    world.switch_on()
    world.location()
    # The server's clock runs on, so the limit itself is left to the rule's own test; a minute is given here.
    taken = world.appointment(start="2027-03-03T07:00:00+01:00", reminderKind="sms")
    assert taken["reminderKind"] == "sms" and taken["notices"] == []


def test_an_inherited_kind_that_is_not_possible_is_created_with_a_notice(world):
    world.switch_on()
    world.location()
    patient = world.patient(mobile=MOBILE, reminderKind="both")
    created = world.appointment(patientId=patient["id"])
    assert created["reminderKind"] == "sms"
    assert [(notice["code"], notice["field"]) for notice in created["notices"]] == [
        ("reminder.no_email", "reminderKind")
    ]
    assert all(notice["message"] for notice in created["notices"])


def test_an_appointment_created_with_the_preferred_kind_has_no_notice(world):
    world.switch_on()
    world.location()
    patient = world.patient(mobile=MOBILE, reminderKind="sms")
    created = world.appointment(patientId=patient["id"])
    assert (created["reminderKind"], created["notices"]) == ("sms", [])


def test_an_external_id_is_taken_once_in_a_practice(world):
    world.patient(externalId="A-1")
    error = only_error(world, "POST", "/patients", {"lastName": "Zweite", "externalId": "A-1"})
    assert (error["field"], error["code"]) == ("externalId", "external_id.taken")


def test_a_location_in_use_cannot_be_deleted(world):
    location = world.location()
    world.appointment()
    answer = world.api.request("DELETE", f"/locations/{location['id']}")
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["record.in_use"]


def test_the_reason_of_a_reminder_that_will_not_go_is_a_sentence(world):
    world.switch_on()
    world.location()
    patient = world.patient(mobile=MOBILE, email="anna@example.org", reminderKind="both")
    created = world.appointment(patientId=patient["id"])
    world.api.patch(f"/patients/{patient['id']}", {"smsConsent": "withdrawn"})
    world.api.patch("/practice", {"emailEnabled": False})
    (line,) = [item for item in world.api.get("/forecast")["items"] if item["channel"] == "sms"]
    assert line["appointmentId"] == created["id"] and not line["willBeSent"]
    reasons = {item["channel"]: item["reason"] for item in world.api.get("/forecast")["items"]}
    assert reasons == {
        "sms": {"code": "consent_withdrawn", "message": "Die Einwilligung für SMS wurde widerrufen."},
        "email": {"code": "channel_off", "message": "E-Mails sind in den Einstellungen ausgeschaltet."},
    }


def test_all_faults_are_told_at_once(world):
    found = codes(world, "POST", "/patients", {"mobile": "abc", "email": "x"})
    assert found == {("lastName", "field.required"), ("mobile", "mobile.invalid"), ("email", "email.invalid")}
