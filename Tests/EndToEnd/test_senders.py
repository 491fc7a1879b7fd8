"""The sender that is allowed: registration, the fallback number, and what each way out says about them."""

import pytest

from api_world import CLOCK, MOBILE, open_world, web
from harness.program import Program


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("senders"))
    yield program, web(program)
    program.close()


@pytest.fixture
def world(server):
    return open_world(*server)


def errors(world, method: str, path: str, body: dict) -> list[tuple[str, str]]:
    answer = world.api.request(method, path, json=body)
    assert answer.status_code == 422, answer.text
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def sender_warnings(world) -> list[dict]:
    return [line for line in world.api.get("/forecast")["warnings"] if line["code"].startswith("sender_")]


def test_a_location_says_whether_its_sender_is_registered(world):
    world.switch_on()
    location = world.location()
    assert (location["senderRegistered"], location["senderRegisteredOn"], location["senderRegistration"]) == (
        False, None, "required",
    )
    path = f"/locations/{location['id']}"
    registered = world.api.patch(path, {"senderRegistered": True})
    assert (registered["senderRegistered"], registered["senderRegistration"]) == (True, "registered")
    assert registered["senderRegisteredOn"] is None
    dated = world.api.patch(path, {"senderRegisteredOn": "2026-09-04"})
    assert (dated["senderRegistered"], dated["senderRegisteredOn"]) == (True, "2026-09-04")
    assert world.api.patch(path, {"senderRegisteredOn": "2027-03-02"})["senderRegistration"] == "required"
    undone = world.api.patch(path, {"senderRegistered": False})
    assert (undone["senderRegisteredOn"], undone["senderRegistration"]) == (None, "required")
    assert world.api.patch(path, {"senderId": "00436761234567"})["senderRegistration"] == "not_needed"
    assert errors(world, "PATCH", path, {"senderRegisteredOn": "04.09.2026"}) == [
        ("senderRegisteredOn", "field.invalid")
    ]
    assert errors(world, "PATCH", path, {"senderRegistration": "registered"}) == [
        ("senderRegistration", "field.unknown")
    ]


def test_a_day_alone_says_that_it_is_registered(world):
    world.switch_on()
    assert world.location(senderRegisteredOn="2026-09-04")["senderRegistration"] == "registered"


def test_a_registration_does_not_go_over_to_another_sender(world):
    world.switch_on()
    path = f"/locations/{world.location(senderRegistered=True, senderRegisteredOn='2026-09-04')['id']}"
    renamed = world.api.patch(path, {"senderId": "Am Park"})
    assert (renamed["senderRegistered"], renamed["senderRegisteredOn"]) == (False, None)
    both = world.api.patch(path, {"senderId": "Park", "senderRegistered": True})
    assert both["senderRegistration"] == "registered"
    back = world.api.patch(path, {"senderId": None, "senderRegistered": True})
    assert back["senderRegistration"] == "registered"
    world.api.patch("/practice", {"senderId": "PraxisNeu"})
    assert world.api.get(path)["senderRegistration"] == "required"


def test_what_is_shown_by_the_clock_or_the_practice_is_in_the_tag(world):
    world.switch_on()
    path = f"/locations/{world.location()['id']}"
    tag = world.api.request("GET", path).headers["ETag"]
    assert world.api.request("GET", path, headers={"If-None-Match": tag}).status_code == 304
    world.api.patch("/practice", {"senderId": "00436761234567"})
    again = world.api.request("GET", path, headers={"If-None-Match": tag})
    assert (again.status_code, again.json()["senderRegistration"]) == (200, "not_needed")
    changed = world.api.request("PATCH", path, json={"name": "Neu"}, headers={"If-Match": again.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("value, code", [("Praxis", "sender.not_numeric"), ("06761234567", "sender.country_code_missing")])
def test_only_a_number_stands_in(world, value, code):
    location = world.location()
    for path in ("/practice", f"/locations/{location['id']}"):
        assert errors(world, "PATCH", path, {"fallbackSenderId": value}) == [("fallbackSenderId", code)]
        kept = world.api.patch(path, {"fallbackSenderId": "00436761234567"})
        assert kept["fallbackSenderId"] == "00436761234567"
        assert world.api.patch(path, {"fallbackSenderId": None})["fallbackSenderId"] is None


def test_a_name_that_tells_nothing_is_refused_in_germany(world):
    world.api.patch("/practice", {"senderId": "INFO"})
    assert errors(world, "PATCH", "/practice", {"country": "DE"}) == [("senderId", "sender.generic")]
    world.api.patch("/practice", {"country": "DE", "senderId": "Praxis"})
    assert errors(world, "PATCH", "/practice", {"senderId": "sms"}) == [("senderId", "sender.generic")]
    assert errors(world, "POST", "/locations", {"name": "Am Park", "senderId": "Notice"}) == [
        ("senderId", "sender.generic")
    ]


@pytest.mark.parametrize("value", [0, -1, 1_000_001, "300", 1.5, True])
def test_a_monthly_limit_is_a_whole_number(world, value):
    assert errors(world, "PATCH", "/practice", {"smsMonthlyLimit": value}) == [("smsMonthlyLimit", "field.invalid")]


def test_a_monthly_limit_is_set_and_taken_away(world):
    assert world.api.get("/practice")["smsMonthlyLimit"] is None
    assert world.api.patch("/practice", {"smsMonthlyLimit": 300})["smsMonthlyLimit"] == 300
    assert world.api.patch("/practice", {"smsMonthlyLimit": None})["smsMonthlyLimit"] is None


def test_the_warning_names_the_locations_and_doctor_has_a_line_for_each(world):
    world.switch_on()
    places = [world.location(name=name)["id"] for name in ("Am Park", "Am Platz")]
    ready = world.location(name="Am Tor", fallbackSenderId="00436761234567")["id"]
    first, second = sender_warnings(world)
    assert (first["code"], first["locationIds"]) == ("sender_unregistered", places)
    assert "Am Park, Am Platz" in first["message"] and "1. Oktober 2026" in first["message"]
    assert (second["code"], second["locationIds"]) == ("sender_unregistered", [ready])
    assert "Ersatznummer" in second["message"]
    lines = [
        line for line in world.program("doctor", clock=CLOCK, check=False).out.splitlines()
        if line.startswith(f"warning  practice {world.practice}: The sender")
    ]
    assert len(lines) == 3 and ["Am Park." in lines[0], "Am Platz." in lines[1], "Am Tor." in lines[2]] == [True] * 3
    told = world.program("forecast", "--practice", world.practice, clock=CLOCK).err
    assert "Am Park, Am Platz" in told and "1 October 2026" in told
    for place in [*places, ready]:
        world.api.patch(f"/locations/{place}", {"senderRegistered": True})
    assert sender_warnings(world) == []


def test_a_number_goes_out_while_the_name_is_not_registered(world):
    world.program("provider", "add", "sim-" + world.practice, "--kind", "simulator", "--practice", world.practice,
                  clock=CLOCK)
    world.switch_on(fallbackSenderId="00436761234567")
    world.location()
    world.appointment(reminderKind="sms")
    german = world.patient(mobile="+49 170 1234567")["id"]
    world.appointment(patientId=german, reminderKind="sms")
    world.program("deliver", "--once", clock="2027-03-03T07:00:01+01:00")
    senders = {message["to"]: message["sender"] for message in world.api.items("/messages")}
    assert senders == {MOBILE.replace(" ", ""): "00436761234567", "+491701234567": "PraxisPark"}
