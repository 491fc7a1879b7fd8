"""websms, LINK Mobility Austria: the SMS REST API "Messaging 1.0.0", as clients written after its reference show it
(websms-com/websmscom-java, AM-WD/LinkMobility, AMANDA-Technology/WebSmsNet, jshmrtn/websms).

Answers have HTTP 200 also for refusals; it cannot be asked for anything; calls are not signed.
"""

import base64
import json
import re
import time

from .common import Call, Gateway, Message, Reply, Request, require, segments

FIELDS = {"recipientAddressList", "messageContent", "senderAddress", "senderAddressType", "clientMessageId",
          "notificationCallbackUrl", "contentCategory", "maxSmsPerMessage", "messageType", "priority",
          "sendAsFlashSms", "test", "validityPeriode"}


class Websms(Gateway):
    name = "websms"
    states = {"submitted": "accepted", "delivered": "delivered", "undeliverable": "undelivered",
              "expired": "expired", "rejected": "rejected", "error": "deleted"}
    refusals = {"unreachable": "5003", "error": "5000", "account": "4001"}

    def is_send(self, request: Request) -> bool:
        return request.method == "POST" and request.path in ("/rest/smsmessaging/text", "/json/smsmessaging/text")

    def authorised(self, request: Request) -> bool:
        basic = base64.b64encode(f"{self.options.user}:{self.options.key}".encode()).decode()
        return request.headers.get("authorization") in (f"Bearer {self.options.key}", f"Basic {basic}")

    def read(self, request: Request, now: float) -> Message:
        require(request.headers.get("content-type", "").startswith("application/json"), "Content-Type")
        fields = json.loads(request.body.decode("utf-8"))
        require(set(fields) <= FIELDS, f"unknown fields {set(fields) - FIELDS}")
        recipients = fields.get("recipientAddressList")
        require(isinstance(recipients, list) and len(recipients) == 1, "recipientAddressList")
        require(re.fullmatch(r"[1-9][0-9]{7,14}", recipients[0]), "recipientAddressList")
        require(isinstance(fields.get("messageContent"), str) and fields["messageContent"], "messageContent")
        require(fields.get("senderAddressType") in ("national", "international", "alphanumeric", "shortcode"), "type")
        sender = fields.get("senderAddress", "")
        numeric = re.fullmatch(r"[1-9][0-9]{6,15}", sender)
        require(numeric if fields["senderAddressType"] == "international" else 1 <= len(sender) <= 11, "senderAddress")
        validity = fields.get("validityPeriode", 60)
        require(type(validity) is int and 60 <= validity <= 259_200, "validityPeriode")
        require(fields.get("contentCategory", "informational") in ("informational", "advertisement"), "contentCategory")
        require(isinstance(fields.get("clientMessageId", ""), str), "clientMessageId")
        require(type(fields.get("test", False)) is bool, "test")
        text = fields["messageContent"]
        return Message(f"00{next(self.numbers):018x}", recipients[0], sender, text, fields.get("clientMessageId"),
                       validity, fields.get("notificationCallbackUrl"), segments(text), now, fields=fields)

    def accepted(self, message: Message) -> Reply:
        return self.answer(2000, "OK", message.reference, message.id, message.segments)

    def refused(self, code, message) -> Reply:
        if code == "unauthorised":
            return Reply(401)
        if code in ("2001", "2002"):
            return self.answer(int(code), "OK_QUEUED", message.reference, message.id, message.segments)
        # Faults may name what they are about; nobody is to log that.
        about = f"about {message.to}" if message else "FAULT"
        return self.answer(int(code), about, message.reference if message else None, None, None)

    @staticmethod
    def answer(code, text, reference, transfer, count):
        return Reply.json(200, {"statusCode": code, "statusMessage": text, "clientMessageId": reference,
                                "transferId": transfer, "smsCount": count})

    def call(self, message: Message, state, url, now) -> Call:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000+00:00", time.gmtime(now))
        value = {"messageType": "deliveryReport", "notificationId": f"{next(self.numbers):020}",
                 "transferId": message.id, "senderAddress": message.to,
                 "deliveryReportMessageStatus": self.states.get(state, state), "sentOn": stamp, "deliveredOn": stamp,
                 "deliveredAs": "sms"}
        if message.reference is not None:
            value["clientMessageId"] = message.reference
        return Call(url, "POST", {"Content-Type": "application/json"}, json.dumps(value).encode())

    def inbound(self, sender, recipient, text, url, now) -> Call:
        value = {"messageType": "text", "notificationId": f"{next(self.numbers):020}", "messageFlashSms": False,
                 "senderAddress": sender, "senderAddressType": "international", "recipientAddress": recipient,
                 "recipientAddressType": "national", "textMessageContent": text}
        return Call(url, "POST", {"Content-Type": "application/json"}, json.dumps(value).encode())
