"""What holds for every request to the JSON interface: who may, in which form, and what is done once only."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from api_world import open_world, web
from harness.program import Program

PATIENT = {"lastName": "Muster"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("requests"))
    yield program, web(program)
    program.close()


@pytest.fixture
def world(server):
    return open_world(*server)


def assert_problem(answer: requests.Response, status: int):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic YTpi", "Bearer", "token"])
def test_without_a_valid_token_there_is_no_entry(world, header):
    session = world.api.session
    session.headers.pop("Authorization")
    answer = session.get(world.api.base + "/practice", headers={"Authorization": header} if header else {})
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_no_token(world):
    program = world.program
    program("token", "revoke", *revocation(world), clock=world.clock)
    assert_problem(world.api.request("GET", "/practice"), 401)


def revocation(world) -> list[str]:
    """The id of the writing token, as `token list` shows it."""
    lines = world.program("token", "list", "--practice", world.practice, clock=world.clock).out.splitlines()
    (line,) = [line for line in lines if "write" in line]
    return [line.split()[0], "--practice", world.practice]


@pytest.mark.parametrize(
    "method, path", [("POST", "/patients"), ("PATCH", "/practice"), ("DELETE", "/patients/1"), ("POST", "/locations")]
)
def test_a_token_that_reads_changes_nothing(world, method, path):
    assert_problem(world.reading.request(method, path, json=PATIENT), 403)
    assert world.reading.get("/patients")["items"] == []


def test_nothing_of_another_practice_is_found(server, world):
    other = open_world(*server)
    world.location()
    other.location()
    appointment = world.appointment(externalId="T-1")
    for path in [f"/appointments/{appointment['id']}", f"/patients/{appointment['patientId']}",
                 f"/locations/{appointment['locationId']}", f"/appointments/{appointment['id']}/reminders"]:
        assert_problem(other.api.request("GET", path), 404)
    for method in ("PATCH", "DELETE"):
        assert_problem(other.api.request(method, f"/patients/{appointment['patientId']}", json={}), 404)
    assert other.api.items("/appointments") == []
    assert other.api.get("/appointments", externalId="T-1")["items"] == []
    foreign = {"patientId": appointment["patientId"], "start": "2027-03-09T09:00:00Z"}
    assert other.api.codes("POST", "/appointments", foreign) == {"reference.unknown"}


@pytest.mark.parametrize("path", ["/patients/0", "/patients/abc", "/patients/999999", "/messages/1x", "/nothing"])
def test_what_is_not_there_is_404(world, path):
    assert_problem(world.api.request("GET", path), 404)


@pytest.mark.parametrize(
    "method, path, allowed",
    [
        ("PUT", "/practice", {"GET", "HEAD", "PATCH"}),
        ("DELETE", "/patients", {"GET", "HEAD", "POST"}),
        ("POST", "/messages", {"GET", "HEAD"}),
        ("GET", "/sms/preview", {"POST"}),
    ],
)
def test_a_method_that_is_not_there_is_405_and_names_the_others(world, method, path, allowed):
    answer = world.api.request(method, path)
    assert_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "body, kind, status",
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"lastName":"Muster"}', "text/plain", 415),
        (b'{"lastName":"Muster"}', "application/x-www-form-urlencoded", 415),
        (b'{"lastName":"Muster"}', "application/json; charset=utf-8", 201),
        (b'{"lastName":"Muster"}', None, 201),
        (json.dumps({"lastName": "x" * (1 << 20)}).encode(), "application/json", 413),
    ],
)
def test_the_body_must_be_json_of_moderate_size(world, body, kind, status):
    answer = world.api.request("POST", "/patients", data=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status, answer.text


def test_a_cursor_belongs_to_its_list(world):
    for number in range(3):
        world.patient(lastName=f"Muster {number}")
    cursor = world.api.get("/patients", limit=2)["next"]
    assert len(world.api.get("/patients", limit=2, cursor=cursor)["items"]) == 1
    for path in ("/appointments", "/messages", "/locations", "/practitioners"):
        problem = world.api.get(path, expect=422, cursor=cursor)
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [("cursor", "field.invalid")], path


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
def test_a_page_has_between_1_and_200_items(world, limit):
    assert [error["field"] for error in world.api.get("/patients", expect=422, limit=limit)["errors"]] == ["limit"]


def test_a_refused_request_does_not_use_up_its_key(world):
    key = {"Idempotency-Key": "order-2"}
    world.api.post("/patients", {"mobile": "x"}, expect=422, headers=key)
    assert world.api.post("/patients", PATIENT, headers=key)["lastName"] == "Muster"


def test_of_two_changes_to_the_same_state_one_is_refused(world):
    created = world.api.request("POST", "/patients", json=PATIENT)
    headers = {"If-Match": created.headers["ETag"], "Authorization": world.api.session.headers["Authorization"]}
    address = world.api.base + f"/patients/{created.json()['id']}"

    def change(name):
        return requests.patch(address, json={"firstName": name}, headers=headers, timeout=15).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, ["Ada", "Eva", "Ida", "Uta"])) == [200, 412, 412, 412]


def test_a_stale_change_is_refused(world):
    created = world.api.request("POST", "/patients", json=PATIENT)
    tag, one = created.headers["ETag"], f"/patients/{created.json()['id']}"
    assert world.api.request("GET", one).headers["ETag"] == tag
    changed = world.api.request("PATCH", one, json={"firstName": "Anna"}, headers={"If-Match": tag})
    assert changed.status_code == 200 and changed.headers["ETag"] != tag
    for method in ("PATCH", "DELETE"):
        assert_problem(world.api.request(method, one, json={"firstName": "Eva"}, headers={"If-Match": tag}), 412)
    assert world.api.get(one)["firstName"] == "Anna"
    either = f'{tag}, {changed.headers["ETag"]}'
    assert world.api.request("PATCH", one, json={"firstName": "Ida"}, headers={"If-Match": either}).status_code == 200
    assert world.api.request("DELETE", one, headers={"If-Match": "*"}).status_code == 204


def test_the_practice_has_a_tag_too(world):
    tag = world.api.request("GET", "/practice").headers["ETag"]
    world.api.patch("/practice", {"name": "Neu"}, headers={"If-Match": tag})
    assert_problem(world.api.request("PATCH", "/practice", json={"name": "Alt"}, headers={"If-Match": tag}), 412)


def test_what_the_caller_has_is_not_sent_again(world):
    one = f"/patients/{world.patient()['id']}"
    tag = world.api.request("GET", one).headers["ETag"]
    answer = world.api.request("GET", one, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_same_key_creates_once(world):
    key = {"Idempotency-Key": "order-1"}
    first = world.api.request("POST", "/patients", json=PATIENT, headers=key)
    again = world.api.request("POST", "/patients", json=PATIENT, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again.headers[name] for name in ("ETag", "Location")] == [first.headers[n] for n in ("ETag", "Location")]
    assert len(world.api.items("/patients")) == 1


def test_the_same_key_with_another_body_is_refused(world):
    key = {"Idempotency-Key": "order-1"}
    world.api.post("/patients", PATIENT, headers=key)
    assert_problem(world.api.request("POST", "/patients", json={"lastName": "Andere"}, headers=key), 422)
    assert len(world.api.items("/patients")) == 1


def test_a_key_belongs_to_its_practice(server, world):
    other, key = open_world(*server), {"Idempotency-Key": "order-1"}
    first = world.api.post("/patients", PATIENT, headers=key)
    assert other.api.post("/patients", PATIENT, headers=key)["id"] != first["id"]


def test_a_key_that_is_too_long_is_refused(world):
    assert_problem(world.api.request("POST", "/patients", json=PATIENT, headers={"Idempotency-Key": "k" * 256}), 422)


def test_requests_of_one_key_that_come_together_create_once(world):
    api = world.api

    def post(_):
        return requests.post(
            api.base + "/patients", json=PATIENT, timeout=15,
            headers={"Idempotency-Key": "together", "Authorization": api.session.headers["Authorization"]},
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(world.api.items("/patients")) == 1


def test_the_interface_describes_itself_without_a_token(world):
    document = requests.get(world.api.base + "/openapi.json", timeout=15).json()
    assert document["openapi"].startswith("3.1")
    paths = {"/practice", "/patients/{id}", "/appointments/{id}/reminders", "/messages", "/sms/preview", "/forecast"}
    assert paths <= document["paths"].keys()


def test_the_server_tells_that_it_is_alive_ready_and_what_it_holds(world):
    for path in ("/healthz", "/readyz"):
        assert requests.get(world.server.url + path, timeout=15).status_code == 200
    world.patient()
    metrics = requests.get(world.server.url + "/metrics", timeout=15)
    assert metrics.status_code == 200 and metrics.headers["Content-Type"].startswith("text/plain")
    assert int(next(line.split()[1] for line in metrics.text.splitlines() if line.startswith("vortag_patients "))) >= 1
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    assert requests.get(world.server.url + "/metrics", headers=forwarded, timeout=15).status_code == 401


def test_no_name_number_or_token_stands_in_the_servers_log(world):
    world.patient(lastName="Unverwechselbar", mobile="+43 664 7654321")
    world.api.get("/patients", q="Unverwechselbar")
    world.api.request("POST", "/patients", json={"lastName": "Unverwechselbar", "mobile": "7654321"})
    log = world.server.log.path.read_text()
    for secret in ("Unverwechselbar", "7654321", world.token):
        assert secret not in log
