"""The resources of the JSON interface: their fields, what changes them, and how lists are read."""

import pytest

from api_world import CLOCK, LATER, MOBILE, open_world, web
from harness.program import Program


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("resources"))
    yield program, web(program)
    program.close()


@pytest.fixture
def world(server):
    return open_world(*server)


def test_the_description_names_every_member_that_the_resources_have(world):
    document = world.api.get("/openapi.json")
    world.switch_on()
    location = world.location()
    appointment = world.appointment(reminderKind="sms")
    practitioner = world.api.post("/practitioners", {"name": "Eva"})
    found = {
        "Practice": world.api.get("/practice"), "Location": location, "Practitioner": practitioner,
        "Patient": world.api.get(f"/patients/{appointment['patientId']}"),
        "Appointment": world.api.get(f"/appointments/{appointment['id']}"),
        "Reminder": world.api.get(f"/appointments/{appointment['id']}/reminders")["items"][0],
        "ForecastLine": world.api.get("/forecast")["items"][0],
        "Preview": world.api.post("/sms/preview", {"locationId": location["id"]}, expect=200),
    }
    described = {name: set(document["components"]["schemas"][name]["properties"]) for name in found}
    assert {name: set(members) for name, members in found.items()} == described


def test_a_new_practice_has_everything_off(world):
    practice = world.api.get("/practice")
    assert practice == practice | {
        "id": world.practice, "timeZone": "Europe/Vienna", "country": "AT", "smsEnabled": False, "emailEnabled": False,
        "smsSendTime": "07:00", "emailSendTime": "07:00", "senderId": None, "latestSendTime": "20:00", "resendUnknown": True,
    }


def test_patch_changes_what_it_names_and_null_clears(world):
    world.switch_on()
    assert world.api.patch("/practice", {"resendUnknown": False})["resendUnknown"] is False
    changed = world.api.patch("/practice", {"smsSendTime": "09:00"})
    assert changed["resendUnknown"] is False
    assert (changed["smsSendTime"], changed["senderId"]) == ("09:00", "PraxisPark")
    cleared = world.api.patch("/practice", {"smsEnabled": False, "senderId": None})
    assert cleared["senderId"] is None
    assert world.api.get("/practice") == cleared


def test_patch_takes_plain_json_too(world):
    answer = world.api.request("PATCH", "/practice", json={"name": "Neu"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Neu")


@pytest.mark.parametrize(
    "path, body, change",
    [
        ("/locations", {"name": "Am Park", "address": "Parkring 1", "closingText": "Bis bald!"}, {"name": "Am Ring"}),
        ("/practitioners", {"name": "Eva Huber", "email": "eva@example.at"}, {"email": None}),
        ("/patients", {"firstName": "Anna", "lastName": "Muster", "mobile": MOBILE}, {"mobile": None}),
    ],
)
def test_a_record_is_created_read_changed_and_deleted(world, path, body, change):
    answer = world.api.request("POST", path, json=body)
    assert answer.status_code == 201
    created = answer.json()
    assert isinstance(created["id"], str)
    assert answer.headers["Location"].endswith(f"/api/v1{path}/{created['id']}")
    one = f"{path}/{created['id']}"
    assert world.api.get(one) == created
    assert world.api.get(path)["items"] == [created]
    changed = world.api.patch(one, change)
    assert changed == created | change
    world.api.delete(one)
    world.api.get(one, expect=404)
    assert world.api.get(path) == {"items": [], "next": None}


def test_a_patient_is_answered_in_full(world):
    patient = world.patient(mobile="0664 1234500", email="anna@example.at", externalId="A-1")
    assert patient == {
        "id": patient["id"], "firstName": "Anna", "lastName": "Muster", "mobile": "+436641234500",
        "email": "anna@example.at", "reminderKind": "none", "smsConsent": "unknown", "emailConsent": "unknown",
        "externalId": "A-1", "birthDate": None, "contactName": "", "contactRelation": "", "contactMobile": None,
        "contactEmail": None, "reachesContact": False,
    }


def test_an_appointment_is_answered_in_its_own_zone(world):
    world.location()
    abroad = world.location(name="London", timeZone="Europe/London")
    created = world.appointment(locationId=abroad["id"], start="2027-03-04T10:00:00+01:00")
    assert created["start"] == "2027-03-04T09:00:00+00:00"
    assert created["end"] == "2027-03-04T10:00:00+00:00"
    assert (created["status"], created["reminderKind"], created["practitionerId"]) == ("booked", "none", None)


def test_deleting_an_appointment_cancels_it(world):
    world.location()
    one = f"/appointments/{world.appointment()['id']}"
    world.api.delete(one)
    assert world.api.get(one)["status"] == "cancelled"


def test_lists_are_newest_first_and_come_in_pages(world):
    ids = [world.patient(lastName=f"Nummer {number}")["id"] for number in range(5)]
    first = world.api.get("/patients", limit=2)
    assert [item["id"] for item in first["items"]] == ids[:2:-1]
    assert [item["id"] for item in world.api.items("/patients", limit=2)] == ids[::-1]


def test_appointments_come_by_start(world):
    world.location()
    starts = [f"2027-03-{day:02}T10:00:00+01:00" for day in (9, 5, 7)]
    for start in starts:
        world.appointment(start=start)
    assert [item["start"] for item in world.api.items("/appointments", limit=1)] == sorted(starts)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "many"}, {"cursor": "x y"}])
def test_a_page_that_cannot_be_is_refused_with_its_field(world, query):
    answer = world.api.request("GET", "/patients", params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(query)


def test_patients_are_searched_and_found_by_their_external_id(world):
    anna = world.patient(mobile=MOBILE, externalId="A 1+2")
    world.patient(firstName="Otto", lastName="Müller")
    for query in [{"q": "anna muster"}, {"q": "0664 1234500"}, {"externalId": "A 1+2"}]:
        assert world.api.get("/patients", **query)["items"] == [anna], query
    assert [found["lastName"] for found in world.api.items("/patients", q="mueller")] == ["Müller"]


def test_a_search_lists_last_names_first_page_by_page(world):
    for first, last in (("Anna", "Zauner"), ("Eva", "Anna"), ("Annabell", "Auer"), ("Otto", "Annacker")):
        world.patient(firstName=first, lastName=last)
    first = world.api.get("/patients", q="anna", limit=3)
    rest = world.api.get("/patients", q="anna", limit=3, cursor=first["next"])
    names = [item["lastName"] for item in first["items"] + rest["items"]]
    assert names == ["Anna", "Annacker", "Zauner", "Auer"] and rest["next"] is None


def test_messages_may_go_to_a_contact_with_a_name_and_a_mobile_number(world):
    contact = {"contactName": "Sandra Muster", "contactRelation": "Mutter", "contactMobile": "0664 1234577",
               "contactEmail": "sandra@example.org", "reachesContact": True}
    child = world.patient(**contact)
    assert child == child | contact | {"contactMobile": "+436641234577", "birthDate": None}
    assert world.api.get("/patients", q="0664 1234577")["items"] == [child]
    one = f"/patients/{child['id']}"
    assert world.api.codes("PATCH", one, {"contactMobile": "01 5131234"}) == {"mobile.landline"}
    assert world.api.codes("PATCH", one, {"contactName": None}) == {"field.required"}
    assert world.api.codes("PATCH", one, {"reachesContact": "yes"}) == {"field.invalid"}
    assert world.api.codes("PATCH", one, {"birthDate": "1980-03-12"}) == {"birth_date.not_kept"}
    world.api.patch("/practice", {"keepsBirthDates": True})
    assert world.api.codes("PATCH", one, {"birthDate": "2980-03-12"}) == {"birth_date.invalid"}
    assert world.api.patch(one, {"birthDate": "1980-03-12"})["birthDate"] == "1980-03-12"
    bare = {name: None for name in contact}
    cleared = world.api.patch(one, bare | {"birthDate": None})
    assert cleared == cleared | {"contactName": "", "contactRelation": "", "contactMobile": None, "contactEmail": None,
                                 "reachesContact": False, "birthDate": None}


@pytest.mark.parametrize(
    "query, found",
    [
        ("from=2027-03-04T10:00:00%2B01:00&to=2027-03-04T11:00:00%2B01:00", 1),
        ("from=2027-03-04T10:00:00+01:00", 1),
        ("from=2027-03-04T10:00:01+01:00", 0),
        ("to=2027-03-04T10:00:00+01:00", 0),
        ("from=2027-03-04&to=2027-03-04", 1),
        ("from=2027-03-05", 0),
        ("to=2027-03-03", 0),
        ("changedSince=2027-03-01T05:00:00Z", 1),
        ("changedSince=2027-03-02T05:00:00Z", 0),
        ("externalId=T-1", 1),
        ("externalId=T-2", 0),
        ("colour=red", 1),
    ],
)
def test_appointments_are_filtered(world, query, found):
    world.location()
    world.appointment(externalId="T-1")
    assert len(world.api.get("/appointments?" + query)["items"]) == found


def test_the_reminders_of_an_appointment_are_told(world):
    world.switch_on()
    world.location()
    patient = world.patient(mobile=MOBILE)
    created = world.appointment(patientId=patient["id"], reminderKind="sms")
    (reminder,) = world.api.get(f"/appointments/{created['id']}/reminders")["items"]
    assert (reminder["channel"], reminder["state"]) == ("sms", "planned")
    assert reminder["dueAt"] == "2027-03-03T07:00:00+01:00"
    assert reminder["messageId"] is None
    world.api.patch(f"/patients/{patient['id']}", {"smsConsent": "withdrawn"})
    (reminder,) = world.api.get(f"/appointments/{created['id']}/reminders")["items"]
    assert reminder["reason"]["code"] == "consent_withdrawn" and reminder["reason"]["message"]


def test_a_new_start_plans_a_new_reminder(world):
    world.switch_on()
    world.location()
    created = world.appointment(reminderKind="sms")
    moved = world.api.patch(f"/appointments/{created['id']}", {"start": "2027-03-10T10:00:00+01:00"})
    assert (moved["reminderKind"], moved["notices"]) == ("sms", [])
    planned = [item for item in world.api.get(f"/appointments/{created['id']}/reminders")["items"]]
    assert [item["dueAt"] for item in planned if item["state"] == "planned"] == ["2027-03-09T07:00:00+01:00"]


def test_a_start_moved_inside_48_hours_drops_the_reminder_and_says_so(world):
    world.switch_on()
    world.location()
    created = world.appointment(reminderKind="sms")
    moved = world.api.patch(f"/appointments/{created['id']}", {"start": "2027-03-02T10:00:00+01:00"})
    assert moved["reminderKind"] == "none"
    assert [notice["code"] for notice in moved["notices"]] == ["reminder.too_late"]


def test_the_preview_counts_as_the_phone_does(world):
    location = world.location(closingText="Bis bald {Park}")
    preview = world.api.post("/sms/preview", {"locationId": location["id"], "start": LATER}, expect=200)
    text = "Terminerinnerung 04.03.2027, 10:00. Bis bald {Park}"
    assert preview == {
        "text": text, "encoding": "GSM-7", "septets": len(text) + 2, "remaining": 160 - len(text) - 2, "segments": 1,
        "problems": [],
    }


def test_the_preview_names_what_is_wrong_and_still_answers(world):
    location = world.location()
    preview = world.reading.post(
        "/sms/preview", {"locationId": location["id"], "closingText": "„Bald“"}, expect=200
    )
    assert (preview["encoding"], preview["segments"]) == ("UCS-2", 1)
    assert [(p["field"], p["code"], p["character"], p["suggestion"]) for p in preview["problems"]] == [
        ("closingText", "text.not_gsm", "„", '"'), ("closingText", "text.not_gsm", "“", '"'),
    ]
    long = world.api.post("/sms/preview", {"locationId": location["id"], "closingText": "x" * 125}, expect=200)
    assert (long["septets"], long["segments"], long["remaining"]) == (161, 2, -1)
    assert [problem["code"] for problem in long["problems"]] == ["text.too_long"]


def test_the_preview_without_a_start_takes_the_full_hour_in_a_week(world):
    preview = world.api.post("/sms/preview", {"locationId": world.location()["id"]}, expect=200)
    assert preview["text"] == "Terminerinnerung 08.03.2027, 06:00. "
    assert preview["septets"] == 36


def test_the_forecast_tells_what_goes_when_and_why_not(world):
    world.switch_on()
    world.location()
    created = world.appointment(reminderKind="sms")
    forecast = world.api.get("/forecast", days=7)
    (line,) = [line for line in forecast["items"] if line["appointmentId"] == created["id"]]
    assert (line["channel"], line["dueAt"]) == ("sms", "2027-03-03T07:00:00+01:00")
    assert line["reason"]["code"] == "no_provider" and line["willBeSent"] is False
    assert {"code", "message"} <= forecast["warnings"][0].keys()
    assert "email_without_mailbox" in {warning["code"] for warning in forecast["warnings"]}
    world.api.get("/forecast", expect=422, days=0)


def test_the_clock_of_the_tests_is_the_servers(world):
    # A guard for the instants above: what began before today is refused, what comes today is not.
    world.location()
    assert world.appointment(start=CLOCK[:10] + "T05:00:00+01:00")["status"] == "booked"
