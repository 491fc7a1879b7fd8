"""seven.io as documented: docs.seven.io/en/rest-api and the OpenAPI file in github.com/seven-io/api-schemes.

Answers have HTTP 200 also for refusals; numbers in the journal are texts; calls are signed.
"""

import hashlib
import hmac
import json
import re
import time
import urllib.parse

from .common import Call, Gateway, Message, Reply, Request, require, segments

FIELDS = {"to", "text", "from", "delay", "flash", "udh", "ttl", "label", "performance_tracking", "foreign_id"}
NAME = re.compile(r"[a-zA-Z0-9.\-_@]*")
WHOLE_REQUEST = {"300", "900", "901", "902", "903"}
NONCE = "abcdefghijklmnopqrstuvwxyz012345"


class Seven(Gateway):
    name = "seven"
    states = {"submitted": "TRANSMITTED", "delivered": "DELIVERED", "undeliverable": "NOTDELIVERED",
              "expired": "EXPIRED", "rejected": "REJECTED", "error": "FAILED"}
    refusals = {"unreachable": "11", "error": "600", "account": "500"}

    def is_send(self, request: Request) -> bool:
        return request.method == "POST" and request.path == "/api/sms"

    def authorised(self, request: Request) -> bool:
        return request.headers.get("x-api-key") == self.options.key

    def read(self, request: Request, now: float) -> Message:
        require(request.headers.get("accept") == "application/json", "Accept is not application/json")
        kind = request.headers.get("content-type", "")
        fields = json.loads(request.body) if kind.startswith("application/json") else request.form()
        require(kind.startswith(("application/json", "application/x-www-form-urlencoded")), f"Content-Type {kind}")
        require(set(fields) <= FIELDS, f"unknown fields {set(fields) - FIELDS}")
        require(re.fullmatch(r"(\+|00)?[1-9][0-9]{6,14}", str(fields.get("to", ""))), "to")
        require(1 <= len(str(fields.get("text", ""))) <= 1520, "text")
        sender = fields.get("from", "")
        require(re.fullmatch(r"[0-9]{1,16}", sender) or 1 <= len(sender) <= 11, "from")
        ttl = int(fields.get("ttl", 2880))
        require(1 <= ttl <= 2880, "ttl is minutes, 48 hours at most")
        for name, longest in (("foreign_id", 64), ("label", 100)):
            value = fields.get(name, "")
            require(len(value) <= longest and NAME.fullmatch(value), name)
        return Message(f"7721{next(self.numbers):07}", fields["to"].lstrip("+"), sender, fields["text"],
                       fields.get("foreign_id"), ttl * 60, None, segments(fields["text"]), now, fields=fields)

    def accepted(self, message: Message) -> Reply:
        price = 0.075 * message.segments
        return Reply.json(200, {
            "success": "100", "total_price": price, "balance": 54.013, "debug": "false", "sms_type": "direct",
            "messages": [self.entry(message, id=message.id, price=price, success=True, error=None, error_text=None)]})

    @staticmethod
    def entry(message, **more):
        return {"sender": message.sender, "recipient": message.to, "text": message.text, "encoding": "gsm",
                "label": None, "parts": message.segments, "udh": None, "is_binary": False, **more}

    def refused(self, code, message) -> Reply:
        if code == "unauthorised":
            code = "900"
        if code in WHOLE_REQUEST or message is None:
            return Reply.json(200, code)
        failed = self.entry(message, id=None, price=0, success=False, error=code, error_text=f"about {message.to}")
        return Reply.json(200, {"success": "101" if code not in ("500",) else code, "total_price": 0,
                                "balance": 54.013, "debug": "false", "sms_type": "direct", "messages": [failed]})

    def asked(self, request: Request) -> Reply:
        if not self.authorised(request):
            return Reply.json(200, "900")
        if request.method != "GET" or request.path != "/api/journal/outbound":
            return Reply(404)
        query = request.query
        require(set(query) <= {"id", "date_from", "date_to", "state", "to", "limit", "offset"}, f"query {query}")
        limit, offset = int(query.get("limit", 100)), int(query.get("offset", 0))
        require(1 <= limit <= 100 and offset >= 0, "limit, offset")
        for name in ("date_from", "date_to"):
            require(re.fullmatch(r"\d{4}-\d\d-\d\d", query.get(name, "2027-01-01")), name)
        with self.lock:
            newest_first = list(self.messages.values())[::-1]
        found = [m for m in newest_first
                 if query.get("id", m.id) == m.id and query.get("to", m.to).lstrip("+0") == m.to
                 and query.get("date_from", "") <= time.strftime("%Y-%m-%d", time.gmtime(m.created))
                 <= query.get("date_to", "9")]
        return Reply.json(200, [self.journal(m) for m in found[offset:offset + limit]])

    def journal(self, message: Message):
        return {"id": message.id, "to": message.to, "from": message.sender, "text": message.text,
                "timestamp": time.strftime("%Y-%m-%d %H:%M:%S.802", time.gmtime(message.created)),
                "price": f"{0.075 * message.segments:.4f}",
                "dlr": None if message.state == "submitted" else self.states.get(message.state, message.state),
                "dlr_timestamp": None, "mccmnc": None, "latency": None, "type": "direct", "channel": "SMS",
                "connection": "http", "label": message.fields.get("label"), "foreign_id": message.reference}

    def call(self, message: Message, state, url, now) -> Call:
        state = self.states.get(state, state)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(now))
        return self.signed({"data": {"msg_id": message.id, "status": state, "timestamp": "2021-08-24 08:08:00.000000"},
                            "webhook_event": "dlr", "webhook_timestamp": stamp}, url, now)

    def inbound(self, sender, recipient, text, url, now) -> Call:
        return self.signed({"data": {"id": str(next(self.numbers)), "sender": sender, "system": recipient,
                                     "text": text, "time": str(int(now)), "message_type": "SMS"},
                            "webhook_event": "sms_mo", "webhook_timestamp": "2020-12-02 11:55:44"}, url, now)

    def signed(self, value, url, now) -> Call:
        if self.options.form_hooks:
            flat = {"webhook_event": value["webhook_event"], **{f"data[{k}]": v for k, v in value["data"].items()}}
            body, kind = urllib.parse.urlencode(flat).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = json.dumps(value).encode(), "application/json"
        stamp = str(int(now))
        text = "\n".join([stamp, NONCE, "POST", url, hashlib.md5(body).hexdigest()])
        code = hmac.new(self.options.signing_key.encode(), text.encode(), hashlib.sha256).hexdigest()
        return Call(url, "POST", {"Content-Type": kind, "X-Signature": code, "X-Timestamp": stamp, "X-Nonce": NONCE},
                    body)
