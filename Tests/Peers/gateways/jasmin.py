"""Jasmin's HTTP API: github.com/jookies/jasmin, misc/doc/sources/apis/http/index.rst and jasmin/protocols/http.

Stands for any gateway that Vortag knows by its options only.
"""

import re
import urllib.parse
import uuid

from .common import Call, Gateway, Message, Reply, Request, require, segments

FIELDS = {"username", "password", "to", "from", "content", "hex-content", "coding", "priority", "validity-period",
          "sdt", "dlr", "dlr-url", "dlr-level", "dlr-method", "tags"}
REFUSALS = {
    "unauthorised": (403, "Authentication failure for username:someone"), "400": (400, "Argument [to] is invalid."),
    "balance": (403, "Cannot charge submit_sm, check RouterPB log file for details"),
    "throughput": (403, "User throughput exceeded"), "412": (412, "No route found"),
    "unbound": (412, "Failover route has no bound connectors"), "500": (500, "Cannot send submit_sm, check log"),
    "503": (503, "Interceptor not connected !"),
}


class Jasmin(Gateway):
    name = "jasmin"
    states = {"submitted": "ENROUTE", "delivered": "DELIVRD", "undeliverable": "UNDELIV", "expired": "EXPIRED",
              "rejected": "REJECTD", "error": "DELETED"}
    refusals = {"unreachable": "503", "error": "500", "account": "balance"}

    def is_send(self, request: Request) -> bool:
        return request.method in ("GET", "POST") and request.path == "/send"

    def authorised(self, request: Request) -> bool:
        fields = self.fields(request)
        return (fields.get("username"), fields.get("password")) == (self.options.user, self.options.key)

    @staticmethod
    def fields(request):
        return request.query if request.method == "GET" else request.form()

    def read(self, request: Request, now: float) -> Message:
        fields = self.fields(request)
        require(set(fields) <= FIELDS, f"Argument [{set(fields) - FIELDS}] is unknown.")
        require(re.fullmatch(r"\+{0,1}\d+", fields.get("to", "")), "to")
        require(("content" in fields) != ("hex-content" in fields), "content or hex-content")
        coding = int(fields.get("coding", 0))
        require(coding in (*range(11), 13, 14), "coding")
        require(re.fullmatch(r"\d+", fields.get("validity-period", "0")), "validity-period")
        require(fields.get("dlr", "no") in ("yes", "no"), "dlr")
        require(fields.get("dlr-level", "1") in ("1", "2", "3"), "dlr-level")
        require(re.match(r"https?://", fields.get("dlr-url", "http://")), "dlr-url")
        text = fields.get("content", "")
        if "hex-content" in fields:
            octets = bytes.fromhex(fields["hex-content"])
            text = octets.decode("utf-16-be") if coding == 8 else octets.decode("latin-1")
        return Message(str(uuid.UUID(int=next(self.numbers))), fields["to"], fields.get("from", ""), text, None,
                       int(fields.get("validity-period", 0)) * 60, fields.get("dlr-url"), segments(text), now,
                       fields={name: value for name, value in fields.items() if name != "password"})

    def accepted(self, message: Message) -> Reply:
        return Reply(200, f'Success "{message.id}"'.encode(), {"Content-Type": "text/plain"})

    def refused(self, code, message) -> Reply:
        status, text = REFUSALS[code]
        return Reply(status, f'Error "{text}"'.encode(), {"Content-Type": "text/plain"})

    def call(self, message: Message, state, url, now) -> Call:
        word = self.states.get(state, state)
        fields = {"id": message.id, "message_status": word, "level": "1" if word.startswith("ESME_") else "2",
                  "connector": "one"}
        if fields["level"] == "2":
            fields |= {"id_smsc": "1", "sub": "001", "dlvrd": "001", "subdate": "2703110700", "donedate": "2703110701",
                       "err": "000", "text": message.text[:20]}
        return Call(url, "POST", {"Content-Type": "application/x-www-form-urlencoded"},
                    urllib.parse.urlencode(fields).encode())

    def inbound(self, sender, recipient, text, url, now) -> Call:
        fields = {"id": str(next(self.numbers)), "from": sender, "to": recipient, "origin-connector": "one",
                  "coding": "0", "content": text}
        return Call(url, "POST", {"Content-Type": "application/x-www-form-urlencoded"},
                    urllib.parse.urlencode(fields).encode())
