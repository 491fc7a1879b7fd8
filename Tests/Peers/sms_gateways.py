#!/usr/bin/env python3
"""SMS gateways over HTTP for tests, strict about requests: seven, websms, twilio, jasmin (see gateways/).

    python sms_gateways.py --provider seven [--port 0] [--user U] [--key K] [--webhook URL] [--delay SECONDS] …

Prints `PORT <n>` when it listens, then one JSON object a line:
  {"event": "send", "provider", "id", "to", "sender", "text", "reference", "validity" (s), "callback", "fields"}
  {"event": "fault", "what"}                the request was not of the documented form; it is refused
  {"event": "asked", "path", "query"}       a question for messages
  {"event": "call", "id", "state", "status", "reply"}     its call to --webhook, or to the message's own address
Ends when standard input is closed.

Who sends with the credentials of --user and --key is let in; what becomes of a message is chosen by the number's last
two digits (gateways/common.py), unless an answer was ordered:

  POST /_control/answers   [{"code": "900"}, {"mode": "html"}, …]   for the submissions to come, one each:
        code: a documented refusal of the provider. mode: html, empty, redirect, big, hang, reset, half, trickle,
        garbage, same-id, status (with status, headers, body). "taken": true: the message is on record nevertheless.
  POST /_control/state     {"id", "state"}            what questions are told from now on; our word or the provider's
  POST /_control/call      {"id", "state", "url"}     a receipt as it would be sent: {"url", "method", "headers", "body"}
  POST /_control/inbound   {"sender", "recipient", "text", "url"}     likewise, of somebody's message
"""

import argparse
import json
import sys
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gateways.common import FATES, Fault, Reply, Request
from gateways.faults import misbehave
from gateways.jasmin import Jasmin
from gateways.seven import Seven
from gateways.twilio import Twilio
from gateways.websms import Websms

GATEWAYS = {gateway.name: gateway for gateway in (Seven, Websms, Twilio, Jasmin)}
PRINTING = threading.Lock()


def say(**fields):
    with PRINTING:
        print(json.dumps(fields, ensure_ascii=False), flush=True)


class Desk:
    """Answers that were ordered, and the last id that was given."""

    def __init__(self):
        self.lock = threading.Lock()
        self.answers = []
        self.last_id = None

    def order(self, answers):
        with self.lock:
            self.answers += answers

    def next(self):
        with self.lock:
            return self.answers.pop(0) if self.answers else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway = None
    desk = Desk()

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def log_message(self, *_):
        pass

    def answer(self):
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, address.path, query, headers, body)
        try:
            if request.path.startswith("/_control/"):
                reply = self.control(request)
            elif self.gateway.is_send(request):
                reply = self.send_message(request)
            else:
                say(event="asked", path=request.path, query=query)
                reply = self.gateway.asked(request)
        except (Fault, ValueError, KeyError) as fault:
            say(event="fault", what=f"{type(fault).__name__}: {fault}")
            reply = Reply(400, b"fault")
        except Exception:
            traceback.print_exc()
            reply = Reply(500)
        if reply:
            self.reply(reply)

    def reply(self, reply):
        try:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
        except OSError:
            self.close_connection = True

    def send_message(self, request):
        """None where the connection is over."""
        gateway = self.gateway
        if not gateway.authorised(request):
            say(event="fault", what="credentials")
            return gateway.refused("unauthorised", None)
        message = gateway.read(request, time.time())
        ordered = self.desk.next() or self.by_fate(message)
        if ordered.get("mode") == "same-id" and self.desk.last_id:
            message.id = self.desk.last_id
        # Before it is told, so that whoever hears of it can ask for it.
        if ordered.get("taken") or not ordered or ordered.get("mode") == "same-id":
            self.desk.last_id = message.id
            gateway.keep(message)
        say(event="send", provider=gateway.name, id=message.id, to=message.to, sender=message.sender,
            text=message.text, reference=message.reference, validity=message.validity, callback=message.callback,
            fields=message.fields)
        if "code" in ordered:
            return gateway.refused(str(ordered["code"]), message)
        if ordered.get("mode") not in (None, "same-id", "early"):
            return misbehave(self, ordered)
        if ordered.get("mode") == "early":
            gateway.keep(message)
            self.call_back(message, "delivered")
        elif not message.to.endswith("97"):
            self.later(message, FATES.get(message.to[-2:], "delivered"))
        return gateway.accepted(message)

    def by_fate(self, message):
        fate = FATES.get(message.to[-2:])
        if fate in ("hang", "early"):
            return {"mode": fate}
        return {"code": self.gateway.refusals[fate]} if fate in ("unreachable", "error", "account") else {}

    def later(self, message, state):
        timer = threading.Timer(self.gateway.options.delay, self.call_back, (message, state))
        timer.daemon = True
        timer.start()

    def call_back(self, message, state):
        message.state = state
        url = message.callback or self.gateway.options.webhook
        if not url:
            return
        call = self.gateway.call(message, state, url, time.time())
        request = urllib.request.Request(url.split("#")[0], call.body, call.headers, method=call.method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                status, text = answer.status, answer.read(1000).decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            status, text = error.code, ""
        except OSError as error:
            status, text = 0, str(error)
        say(event="call", id=message.id, state=state, status=status, reply=text)

    def control(self, request):
        order = json.loads(request.body)
        gateway = self.gateway
        if request.path == "/_control/answers":
            self.desk.order(order)
            return Reply.json(200, {})
        if request.path == "/_control/state":
            gateway.messages[order["id"]].state = order["state"]
            return Reply.json(200, {})
        now = order.get("now", time.time())
        if request.path == "/_control/call":
            call = gateway.call(gateway.messages[order["id"]], order["state"], order["url"], now)
        else:
            call = gateway.inbound(order["sender"], order["recipient"], order["text"], order["url"], now)
        return Reply.json(200, {"url": call.url.split("#")[0], "method": call.method, "headers": call.headers,
                                "body": call.body.decode()})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provider", choices=GATEWAYS, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="AC00000000000000000000000000000001", help="user name, or account SID")
    parser.add_argument("--key", default="key-of-the-test", help="API key, access token, password")
    parser.add_argument("--signing-key", default="signing-key-of-the-test", help="seven signs with it")
    parser.add_argument("--token", default="key-of-the-test", help="Twilio's AuthToken, which signs")
    parser.add_argument("--api-key", default="", help="Twilio: let in this key's SID in place of the account's")
    parser.add_argument("--page-size", type=int, default=0, help="Twilio: at most so many entries a page")
    parser.add_argument("--form-hooks", action="store_true", help="seven: calls as forms")
    parser.add_argument("--webhook", default="", help="where receipts go that have no address of their own")
    parser.add_argument("--delay", type=float, default=0.2, help="seconds from a submission to its receipt")
    options = parser.parse_args()
    Handler.gateway = GATEWAYS[options.provider](options)
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    print(f"PORT {server.server_address[1]}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
