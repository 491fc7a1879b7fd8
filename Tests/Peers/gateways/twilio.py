"""Twilio Programmable Messaging, API 2010-04-01: github.com/twilio/twilio-oai (twilio_api_v2010.json), the pages under
twilio.com/docs/api/errors, and twilio-python's request_validator.py.
"""

import base64
import email.utils
import hashlib
import hmac
import re
import urllib.parse

from .common import Call, Gateway, Message, Reply, Request, require, segments

FIELDS = {"To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod", "ProvideFeedback",
          "SmartEncoded", "Attempt", "ContentRetention", "AddressRetention"}
STATUSES = {"unauthorised": 401, "20003": 401, "20403": 403, "20404": 404, "20429": 429, "20500": 500, "70051": 401}
LANDLINE = "30006"


class Twilio(Gateway):
    name = "twilio"
    states = {"submitted": "sent", "undeliverable": "undelivered", "expired": "failed", "rejected": "undelivered",
              "error": "failed"}
    errors = {"undeliverable": 30003, "expired": 30036, "rejected": 30004, "error": 30001}
    refusals = {"unreachable": "503", "error": "20500", "account": "20003"}

    @property
    def account(self):
        return f"/2010-04-01/Accounts/{self.options.user}/Messages"

    def is_send(self, request: Request) -> bool:
        return request.method == "POST" and request.path == self.account + ".json"

    def authorised(self, request: Request) -> bool:
        user = self.options.api_key or self.options.user
        wanted = base64.b64encode(f"{user}:{self.options.key}".encode()).decode()
        return request.headers.get("authorization") == "Basic " + wanted

    def read(self, request: Request, now: float) -> Message:
        require(request.headers.get("content-type") == "application/x-www-form-urlencoded", "Content-Type")
        fields = request.form()
        require(set(fields) <= FIELDS, f"unknown fields {set(fields) - FIELDS}")
        require(re.fullmatch(r"\+[1-9][0-9]{6,14}", fields.get("To", "")), "To is E.164")
        require(1 <= len(fields.get("Body", "")) <= 1600, "Body")
        service, sender = fields.get("MessagingServiceSid"), fields.get("From")
        require(service or sender, "From or MessagingServiceSid")
        require(sender is None or re.fullmatch(r"\+[1-9][0-9]{6,14}", sender)
                or re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", sender), "From")
        validity = int(fields.get("ValidityPeriod", 36_000))
        require(1 <= validity <= 36_000, "ValidityPeriod")
        callback = fields.get("StatusCallback")
        require(callback is None or urllib.parse.urlsplit(callback).scheme in ("http", "https"), "StatusCallback")
        return Message(f"SM{next(self.numbers):032x}", fields["To"], sender or "", fields["Body"], None, validity,
                       callback, segments(fields["Body"]), now, fields=fields)

    def resource(self, message: Message, first=False):
        done = message.state != "submitted"
        return {"sid": message.id, "status": "queued" if first else self.states.get(message.state, message.state),
                "from": message.sender or None, "to": message.to, "body": message.text,
                "num_segments": str(message.segments), "num_media": "0", "direction": "outbound-api",
                "price": "-0.00750" if done else None, "price_unit": "USD" if done else None,
                "error_code": self.errors.get(message.state) if done else None, "error_message": None,
                "messaging_service_sid": message.fields.get("MessagingServiceSid"),
                "account_sid": self.options.user, "api_version": "2010-04-01",
                "date_created": email.utils.formatdate(message.created).replace("-0000", "+0000"),
                "date_sent": None, "uri": f"{self.account}/{message.id}.json"}

    def accepted(self, message: Message) -> Reply:
        return Reply.json(201, self.resource(message, first=True))

    def refused(self, code, message) -> Reply:
        if code == "503":
            return Reply(503, b"<html>unavailable</html>", {"Content-Type": "text/html"})
        status = STATUSES.get(code, 400)
        number = 20003 if code == "unauthorised" else int(code)
        about = f"about {message.to}" if message else "fault"
        return Reply.json(status, {"code": number, "message": about, "status": status,
                                   "more_info": f"https://www.twilio.com/docs/errors/{number}"})

    def asked(self, request: Request) -> Reply:
        if not self.authorised(request):
            return self.refused("20003", None)
        one = re.fullmatch(re.escape(self.account) + r"/(\w+)\.json", request.path)
        if request.method == "GET" and one:
            message = self.messages.get(one[1])
            return Reply.json(200, self.resource(message)) if message else self.refused("20404", None)
        if request.method != "GET" or request.path != self.account + ".json":
            return Reply(404)
        require(set(request.query) <= {"To", "From", "DateSent", "PageSize", "Page", "PageToken"}, "query")
        size, page = int(request.query.get("PageSize", 50)), int(request.query.get("Page", 0))
        require(1 <= size <= 1000, "PageSize")
        size = min(size, self.options.page_size or size)
        with self.lock:
            newest_first = list(self.messages.values())[::-1]
        found = [m for m in newest_first if request.query.get("To", m.to) == m.to]
        following = None
        if len(found) > (page + 1) * size:
            query = urllib.parse.urlencode({**request.query, "Page": page + 1, "PageToken": "PASM"})
            following = f"{self.account}.json?{query}"
        return Reply.json(200, {"messages": [self.resource(m) for m in found[page * size:(page + 1) * size]],
                                "next_page_uri": following, "page": page, "page_size": size})

    def call(self, message: Message, state, url, now) -> Call:
        word = self.states.get(state, state)
        fields = {"MessageSid": message.id, "SmsSid": message.id, "MessageStatus": word, "SmsStatus": word,
                  "To": message.to, "From": message.sender, "AccountSid": self.options.user,
                  "ApiVersion": "2010-04-01"}
        if word in ("failed", "undelivered"):
            fields["ErrorCode"] = str(self.errors.get(state, LANDLINE))
        return self.signed(fields, url)

    def inbound(self, sender, recipient, text, url, now) -> Call:
        sid = f"SM{next(self.numbers):032x}"
        return self.signed({"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": self.options.user,
                            "From": sender, "To": recipient, "Body": text, "NumMedia": "0", "NumSegments": "1",
                            "SmsStatus": "received", "ApiVersion": "2010-04-01"}, url)

    def signed(self, fields, url) -> Call:
        # The fragment sets how calls are repeated, and is not part of what is called.
        text = url.split("#")[0] + "".join(name + fields[name] for name in sorted(fields))
        code = hmac.new(self.options.token.encode(), text.encode(), hashlib.sha1).digest()
        headers = {"Content-Type": "application/x-www-form-urlencoded",
                   "X-Twilio-Signature": base64.b64encode(code).decode()}
        return Call(url, "POST", headers, urllib.parse.urlencode(fields).encode())
