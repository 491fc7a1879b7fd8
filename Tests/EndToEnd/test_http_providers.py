"""Gateways over HTTP with the whole program: sent, reported by a call or because it was asked, answered by patients."""

from datetime import datetime

import pytest
import requests

from harness.practice import Practice
from harness.waiting import eventually

SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T06:59:58+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
MOBILE = "+436641234597"
TEXT = "Terminerinnerung 02.03.2027, 10:30. Bis bald!"
NOW = datetime.fromisoformat("2027-03-01T07:00:05+01:00").timestamp()
ACCOUNT = "AC00000000000000000000000000000001"
SECRETS = {"seven": "key-of-the-test signing-key-of-the-test", "websms": "key-of-the-test", "twilio": "key-of-the-test"}
SIGNING = ["seven", "twilio"]
ALL = ["seven", "websms", "twilio"]


class Scene:
    """One practice, one gateway, one reminder that leaves at seven. Numbers that end in 97 have no receipt by itself."""

    def __init__(self, program, peer, kind, folder):
        self.program, self.peer, self.kind = program, peer, kind
        self.gateway = f"http://127.0.0.1:{peer.port}"
        secret = folder / "secret"
        secret.write_text(SECRETS[kind] + "\n")
        user = ["--user", ACCOUNT] if kind == "twilio" else []
        program("provider", "add", "gateway", "--kind", kind, "--url", self.gateway, "--secret-file", secret, *user)
        self.hook = program("provider", "hook", "gateway").last_word
        self.practice = Practice(program, clock=SAVED)
        server = program.serve(clock=SAVED)
        self.practice.open(server)
        self.practice.furnish(sender="00436761234567")
        self.patient = self.practice.patient(mobile=MOBILE)
        self.practice.appointment(self.patient, START, END)
        server.stop()

    def begin(self):
        self.server = self.program.serve(clock=MORNING)
        self.api = self.practice.open(self.server)
        return self.peer.wait_for_events(1, event="send")[0]

    def message(self):
        return self.api.items("/messages")[-1]

    def wait_for(self, seconds=20, **fields):
        return eventually(lambda: (found := self.message()) and fields.items() <= found.items() and found, seconds,
                          what=f"a message with {fields}")

    def order(self, path, body):
        answer = requests.post(f"{self.gateway}/_control/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def receipt(self, sent, state):
        return self.order("call", {"id": sent["id"], "state": state, "url": self.server.url + self.hook, "now": NOW})

    def call(self, call, **changes):
        call = call | changes
        return requests.request(call["method"], call["url"], headers=call["headers"], data=call["body"].encode(), timeout=10)


@pytest.fixture
def scene(migrated, smsc, tmp_path):
    return lambda kind: Scene(migrated, smsc("--provider", kind, "--now", NOW, script="sms_gateways.py"), kind, tmp_path)


@pytest.mark.parametrize("kind", ALL)
def test_a_reminder_is_handed_over_and_a_genuine_call_alone_tells_what_became_of_it(scene, kind):
    scene = scene(kind)
    sent = scene.begin()
    assert sent["text"] == TEXT and sent["to"].lstrip("+") == MOBILE.lstrip("+")
    assert "6761234567" in sent["sender"]
    submitted = scene.wait_for(status="submitted")
    assert submitted["providerMessageId"] == sent["id"]

    lie = scene.receipt(sent, "undeliverable")
    assert scene.call(lie, url=lie["url"] + "x").status_code == 404
    assert scene.call(lie, url=lie["url"].replace("/gateway/", "/other/")).status_code == 404
    if kind in SIGNING:
        bare = {name: value for name, value in lie["headers"].items() if "ignature" not in name}
        assert scene.call(lie, headers=bare).status_code == 403
        assert scene.call(lie, body=lie["body"].replace(sent["id"], sent["id"][:-1] + "0")).status_code == 403
    assert scene.call(lie, body="<html>").status_code == (403 if kind in SIGNING else 200)
    assert scene.call(lie, body="x" * 10_000_000).status_code == 413
    assert scene.message()["status"] == "submitted"

    truth = scene.receipt(sent, "delivered")
    assert scene.call(truth).status_code in (200, 204)
    delivered = scene.wait_for(status="delivered")
    assert delivered["statusText"] == "Nachricht erfolgreich zugestellt"
    # The very same call once more, and another that says less.
    assert scene.call(truth).status_code in (200, 204)
    assert scene.call(scene.receipt(sent, "submitted")).status_code in (200, 204)
    assert scene.message()["status"] == "delivered"
    scene.server.stop()
    log = "\n".join(scene.server.log.lines)
    for secret in [*SECRETS[kind].split(), MOBILE, MOBILE[1:], "Terminerinnerung", scene.hook.rsplit("/", 1)[1]]:
        assert secret not in log


@pytest.mark.parametrize("kind", ["seven", "twilio"])
def test_a_gateway_that_cannot_call_us_is_asked(scene, kind):
    scene = scene(kind)
    sent = scene.begin()
    scene.wait_for(status="submitted")
    scene.order("state", {"id": sent["id"], "state": "delivered"})
    scene.wait_for(seconds=60, status="delivered")


@pytest.mark.parametrize("kind", ["seven", "twilio"])
def test_a_gateway_that_took_it_without_an_answer_is_asked_and_nothing_goes_twice(scene, kind):
    scene = scene(kind)
    scene.order("answers", [{"mode": "reset", "taken": True}])
    sent = scene.begin()
    scene.wait_for(unclear=True)
    found = scene.wait_for(seconds=60, unclear=False, providerMessageId=sent["id"])
    assert found["status"] in ("submitted", "delivered") and not found["possiblyTwice"]
    assert len(scene.peer.wait_for_events(1, event="send")) == 1


def test_a_report_with_our_reference_settles_what_had_no_answer(scene):
    scene = scene("websms")
    scene.order("answers", [{"mode": "reset", "taken": True}])
    sent = scene.begin()
    scene.wait_for(unclear=True)
    assert scene.call(scene.receipt(sent, "delivered")).status_code == 200
    scene.wait_for(status="delivered", unclear=False, possiblyTwice=False)


@pytest.mark.parametrize("kind", ALL)
def test_a_patient_who_writes_stop_gets_one_confirmation_and_no_more(scene, kind):
    scene = scene(kind)
    scene.begin()
    scene.wait_for(status="submitted")
    stop = scene.order("inbound", {"sender": MOBILE, "recipient": "00436761234567", "text": "Stopp!",
                                   "url": scene.server.url + scene.hook, "now": NOW})
    for _ in range(2):
        assert scene.call(stop).status_code in (200, 204)
    patient = f"/patients/{scene.patient['id']}"
    eventually(lambda: scene.api.get(patient)["smsConsent"] == "withdrawn", 15, what="consent withdrawn")
    [_, confirmation] = scene.peer.wait_for_events(2, event="send")
    assert confirmation["text"] == "Abmeldung bestätigt: Es kommen keine SMS mehr von Praxis am Park."
    assert confirmation["to"].lstrip("+") == MOBILE.lstrip("+")


@pytest.mark.parametrize("kind, code", [("seven", "900"), ("websms", "4001"), ("twilio", "20003")])
def test_a_refused_account_is_shown_and_tried_again(scene, kind, code):
    scene = scene(kind)
    scene.order("answers", [{"code": code}])
    scene.begin()
    scene.wait_for(status="provider_refused")
    scene.peer.wait_for_events(2, seconds=40, event="send")
    scene.wait_for(status="submitted")
