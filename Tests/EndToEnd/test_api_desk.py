"""What the interface tells of patients' answers and of what was sent."""

import datetime
import sqlite3

import pytest

from api_world import open_world, web
from harness.program import Program


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("desk"))
    program("migrate")
    program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield program, web(program)
    program.close()


@pytest.fixture
def world(server):
    return open_world(*server)


def sql(world, statement: str, *values) -> int:
    with sqlite3.connect(world.program.database, timeout=10) as database:
        return database.execute(statement, values).lastrowid


def inbound(world, text: str, patient: dict | None = None, kind: str = "answer") -> str:
    return str(sql(
        world,
        "INSERT INTO inbound (provider_id, provider_message_id, practice_id, patient_id, sender, recipient, text, kind,"
        " received_at) VALUES (1, '', ?, ?, '+436641234500', '0043', ?, ?, 1800000000000)",
        world.practice, patient and patient["id"], text, kind,
    ))


def test_answers_are_read_and_closed(world):
    patient = world.patient()
    first, second = inbound(world, "Danke", patient), inbound(world, "Wer ist da?")
    document = world.api.get("/openapi.json")
    items = world.api.get("/inbound")["items"]
    assert [item["id"] for item in items] == [second, first], "newest first"
    assert set(items[0]) == set(document["components"]["schemas"]["Inbound"]["properties"])
    assert items[1] == items[1] | {
        "sender": "+436641234500", "text": "Danke", "kind": "answer", "patientId": patient["id"],
        "appointmentId": None, "done": False,
    }
    assert world.api.patch(f"/inbound/{first}", {"done": True})["done"] is True
    assert [item["id"] for item in world.api.get("/inbound", open="true")["items"]] == [second]
    assert world.api.get(f"/inbound/{first}")["done"] is True
    assert world.api.patch(f"/inbound/{first}", {"done": None})["done"] is False
    assert world.api.codes("PATCH", f"/inbound/{first}", {"text": "x"}) == {"field.unknown"}
    assert world.api.codes("PATCH", f"/inbound/{first}", {"done": "yes"}) == {"field.invalid"}


def test_answers_of_another_practice_are_not_there(server, world):
    one = inbound(world, "Danke")
    stranger = open_world(*server)
    assert stranger.api.get("/inbound")["items"] == []
    assert stranger.api.request("GET", f"/inbound/{one}").status_code == 404
    assert stranger.api.request("PATCH", f"/inbound/{one}", json={"done": True}).status_code == 404


def test_pages_of_answers(world):
    for number in range(3):
        inbound(world, str(number))
    page = world.api.get("/inbound", limit=2)
    assert [item["text"] for item in page["items"]] == ["2", "1"]
    rest = world.api.get("/inbound", limit=2, cursor=page["next"])
    assert ([item["text"] for item in rest["items"]], rest["next"]) == (["0"], None)


def test_what_was_sent_is_counted_by_month(world):
    location = world.location()
    assert world.api.get("/usage") == {"items": [], "next": None, "limit": None, "used": 0}
    rows = [(202702, "EUR", 3, 4, 3, 225_000), (202702, "", 1, 1, 0, 0), (202601, "", 5, 5, 0, 0)]
    for month, currency, messages, segments, priced, price in rows:
        sql(world, "INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?)", world.practice, month, location["id"], currency,
            messages, segments, priced, price)
    sql(world, "UPDATE practices SET sms_monthly_limit = 9 WHERE id = ?", world.practice)
    usage = world.api.get("/usage", months=24)
    document = world.api.get("/openapi.json")["components"]["schemas"]
    assert set(usage) == set(document["Usage"]["properties"])
    assert all(set(line) == set(document["UsageLine"]["properties"]) for line in usage["items"])
    lines = {(line["month"], line["currency"]): line for line in usage["items"]}
    assert lines["2027-02", "EUR"] == lines["2027-02", "EUR"] | {"price": "0.225", "messages": 3, "segments": 4, "priced": 3}
    assert lines["2027-02", None]["price"] is None and ("2026-01", None) in lines
    assert (usage["limit"], usage["used"]) == (9, 0), "what was sent in another month is not of this one"
    assert {line["month"] for line in world.api.get("/usage", months=2)["items"]} == {"2027-02"}
    assert world.api.request("GET", "/usage", params={"months": 0}).status_code == 422


def test_a_message_tells_its_price(world):
    message = sql(
        world,
        "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear,"
        " presumed, attempts, possibly_twice, created_at, price, currency)"
        " VALUES (?, 'sms', '', '', '', 2, 'delivered', 0, 0, 1, 0, ?, 150000, 'EUR')",
        world.practice, int(datetime.datetime(2027, 3, 1).timestamp() * 1000),
    )
    found = world.api.get(f"/messages/{message}")
    assert (found["price"], found["currency"], found["segments"]) == ("0.15", "EUR", 2)
    document = world.api.get("/openapi.json")["components"]["schemas"]["Message"]
    assert set(found) == set(document["properties"])
