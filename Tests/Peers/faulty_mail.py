#!/usr/bin/env python3
"""A submission server that is none of ours and has faults: the server of the PyPI package aiosmtpd, struck at exact
moments.

Prints `PORT <n>` when it listens. Its own list, one JSON object a line, goes to the file of `--list`:
  {"event": "connected", "session"}
  {"event": "taken", "messageId", "recipient", "sender", "subject", "size"}   it will reach the patient
  {"event": "turned-away", "at", "recipient", "reply"}
  {"event": "struck", "at", "do"}
A message is on the list before it is answered. Moments, in the order in which a message meets them:
  ehlo, mail, rcpt   the command came and is not answered
  data               DATA came, the text was not asked for
  dot                the final dot came and the message is taken; the answer has not left
  answered           the answer to the final dot has left
Deeds: kill (SIGKILL to a process), drop (the connection ends, no answer), silent (no answer ever), reply (`reply` is
answered in place of what would be).
Standard input takes one JSON object a line; its end ends the server:
  {"set": {"answer_delay": [0.0, 0.3], …}}    changes settings, see DEFAULTS
  {"trigger": {"at": "dot", "do": "kill", "count": 5, "pid": 4711}}
"""

import argparse
import asyncio
import contextlib
import email
import email.policy
import itertools
import json
import os
import random
import signal
import sys

try:
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    sys.exit("the Python package aiosmtpd is missing: run `make setup`")

# Times in seconds, as the least and the most of them; replies by command, None for the usual one.
DEFAULTS = {
    "answer_delay": [0.0, 0.0],   # between the final dot and its answer
    "ehlo": None,
    "mail": None,
    "rcpt": None,
    "data": None,
    "dot": None,                  # not taken then
    "most": 0,                    # so many messages a connection, then 421; 0 for any number
    "pipelining": True,
}


class Dropped(Exception):
    """The connection is to end without an answer."""


class Server:
    def __init__(self, options):
        self.settings = dict(DEFAULTS)
        self.random = random.Random(options.seed)
        self.list = os.open(options.list, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.triggers = []
        self.sessions = itertools.count(1)

    def tell(self, **fields):
        os.write(self.list, (json.dumps(fields, ensure_ascii=False) + "\n").encode())

    async def at(self, moment, session):
        """Does what is to be done at this moment. Returns what is to be answered in place of the usual answer."""
        for trigger in [each for each in self.triggers if each["at"] == moment]:
            trigger["count"] -= 1
            if trigger["count"] > 0:
                continue
            self.triggers.remove(trigger)
            self.tell(event="struck", at=moment, do=trigger["do"])
            match trigger["do"]:
                case "kill":
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(trigger["pid"], signal.SIGKILL)
                case "drop":
                    session.drop()
                    raise Dropped
                case "silent":
                    await asyncio.sleep(3600)
                case "reply":
                    return trigger["reply"]
        return None

    def obey(self, order):
        if "set" in order:
            unknown = order["set"].keys() - DEFAULTS.keys()
            assert not unknown, f"unknown settings: {unknown}"
            self.settings |= order["set"]
        if "trigger" in order:
            self.triggers.append({"count": 1} | order["trigger"])
        print(json.dumps({"obeyed": order}), flush=True)


class Session(SMTP):
    """One connection."""

    def __init__(self, server):
        self.faults = server
        self.number = next(server.sessions)
        self.taken = 0
        super().__init__(self, hostname="mail.example.at", authenticator=self.sign_in, auth_require_tls=False,
                         enable_SMTPUTF8=True)
        server.tell(event="connected", session=self.number)

    def sign_in(self, *_):
        return AuthResult(success=True)

    def drop(self):
        self.transport.abort()

    async def answer(self, moment, usual, recipient=""):
        reply = await self.faults.at(moment, self) or self.faults.settings[moment] or usual
        if not reply.startswith("2"):
            self.faults.tell(event="turned-away", at=moment, recipient=recipient, reply=reply)
        return reply

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        await self.faults.at("ehlo", self)
        if self.faults.settings["pipelining"]:
            responses.insert(1, "250-PIPELINING")
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        most = self.faults.settings["most"]
        if most and self.taken >= most:
            await self.push("421 4.7.0 Too many messages on this connection")
            self.transport.close()
            raise Dropped
        reply = await self.answer("mail", "250 2.1.0 Ok")
        if reply.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = await self.answer("rcpt", "250 2.1.5 Ok", address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def smtp_DATA(self, arg):
        reply = await self.answer("data", "250 go on") if self.envelope.rcpt_tos else "250"
        if not reply.startswith("2"):
            await self.push(reply)
            return
        await super().smtp_DATA(arg)
        await self.faults.at("answered", self)

    async def handle_DATA(self, server, session, envelope):
        if refusal := self.faults.settings["dot"]:
            self.faults.tell(event="turned-away", at="dot", recipient=envelope.rcpt_tos[0], reply=refusal)
            return refusal
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken += 1
        for recipient in envelope.rcpt_tos:
            self.faults.tell(event="taken", messageId=message["Message-ID"], recipient=recipient,
                             sender=envelope.mail_from, subject=message["Subject"], size=len(envelope.content))
        reply = await self.faults.at("dot", self)
        await asyncio.sleep(self.faults.random.uniform(*self.faults.settings["answer_delay"]))
        return reply or "250 2.0.0 Ok: queued"

    async def handle_exception(self, error):
        if isinstance(error, (Dropped, ConnectionError)):
            self.drop()
            return "421 4.3.0 gone"
        print(f"the server failed: {error!r}", file=sys.stderr, flush=True)
        return "451 4.3.0 failed"


async def main(options):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    server = Server(options)
    listener = await loop.create_server(lambda: Session(server), options.host, options.port)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print("PORT", listener.sockets[0].getsockname()[1], flush=True)

    async def obey():
        while line := await orders.readline():
            server.obey(json.loads(line))

    await asyncio.wait([asyncio.create_task(obey()), asyncio.create_task(stop.wait())],
                       return_when=asyncio.FIRST_COMPLETED)
    # At once, as a server that is switched off.
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--list", required=True, metavar="FILE")
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(main(parser.parse_args()))
