#!/usr/bin/env python3
"""A mail server of bad manners, on aiosmtpd: what it does wrong is chosen by `--at`.

Prints `PORT <n>` when it listens, then one JSON object for each thing that happens:
  {"event": "connection", "connection": n}              {"event": "signed-in", "connection": n, "by": "PLAIN"}
  {"event": "command", "connection": n, "line": "MAIL FROM:<…> SIZE=…"}
  {"event": "message", "connection": n, "from", "to": […], "options": […], "body": "…"}
  {"event": "end", "connection": n}
Ends when standard input is closed.

  --at VERB=WHAT        at EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET, DATA (in place of 354), BODY (after its first line)
                        or DOT (once all of it came); WHAT is a reply, `close`, `reset`, or `silent`
  --at VERB#2=WHAT      at the second one only, counted over all connections; VERB#2+ from the second one on
  --extensions A,B      besides those of aiosmtpd: PIPELINING as a rule; empty for none
  --without A,B         leaves out extensions of aiosmtpd's own
  --auth PLAIN,LOGIN    the ways to sign in, of PLAIN, LOGIN, XOAUTH2; anna@example.at with `open sesame`
  --idle SECONDS        closes a connection on which nothing comes for so long
  --certificate NAME    TLS with one of make-certificates', `--tls` from the first byte, else STARTTLS; the folder is
                        printed as `CERTIFICATES <path>`
"""

import argparse
import asyncio
import json
import logging
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
from base64 import b64decode

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "anna@example.at", "open sesame"


def say(**facts):
    print(json.dumps(facts), flush=True)


class Faults:
    """What goes wrong, and how often each verb came."""

    def __init__(self, lines):
        self.rules, self.counts = [], {}
        for line in lines:
            place, _, what = line.partition("=")
            verb, _, number = place.partition("#")
            self.rules.append((verb, number, what))

    def of(self, verb):
        count = self.counts[verb] = self.counts.get(verb, 0) + 1
        for name, number, what in self.rules:
            first = int(number.rstrip("+") or 1)
            if name == verb and (not number or count == first or number.endswith("+") and count >= first):
                return what
        return None


class Handler:
    def __init__(self, options):
        self.extensions = [f"250-{name}" for name in options.extensions.split(",") if name]
        self.without = tuple(f"250-{name}" for name in options.without.split(",") if name)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        kept = [line for line in responses if not (self.without and line.startswith(self.without))]
        return [*kept[:-1], *self.extensions, kept[-1]]

    async def handle_DATA(self, server, session, envelope):
        if await server.odd("DOT"):
            return None
        say(event="message", connection=server.number, to=envelope.rcpt_tos, options=envelope.mail_options,
            **{"from": envelope.mail_from}, body=envelope.content.decode("latin-1"))
        return "250 2.0.0 Ok: queued as 4F2A"

    async def auth_XOAUTH2(self, server, args):
        blob = b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        if blob == f"user={USER}\1auth=Bearer good-token\1\1".encode():
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)


class OddServer(SMTP):
    def __init__(self, faults, number, *args, **options):
        super().__init__(*args, **options)
        self.faults, self.number, self.over = faults, number, False

    async def odd(self, verb):
        """Does what is to go wrong at this verb; false where nothing is."""
        what = self.faults.of(verb)
        if what is None:
            return False
        if what == "reset":
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if what in ("close", "reset"):
            self.transport.abort() if what == "reset" else self.transport.close()
        elif what != "silent":
            await super().push(what.replace("|", "\r\n"))
            if what.startswith("421"):
                self.transport.close()
        if what in ("silent", "close", "reset"):
            await asyncio.sleep(3600)
        return True

    async def push(self, status):
        if status is not None:
            await super().push(status)

    def connection_lost(self, error):
        if not self.over:
            self.over = True
            say(event="end", connection=self.number)
        super().connection_lost(error)

    def _authenticate(self, mechanism, data):
        success = data.login == USER.encode() and data.password == PASSWORD.encode()
        if success:
            say(event="signed-in", connection=self.number, by=mechanism)
        return AuthResult(success=success, handled=False)

    async def smtp_DATA(self, arg):
        say(event="command", connection=self.number, line="DATA")
        if await self.odd("DATA"):
            return
        if any(verb == "BODY" for verb, _, _ in self.faults.rules):
            await self.push("354 Go on")
            await self._reader.readline()
            await self.odd("BODY")
            return
        await super().smtp_DATA(arg)


def verb(name):
    async def at(self, arg):
        if name not in ("AUTH",):
            say(event="command", connection=self.number, line=f"{name} {arg or ''}".strip())
        if not await self.odd(name):
            await getattr(SMTP, "smtp_" + name)(self, arg)

    return at


for name in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "RSET", "QUIT", "NOOP"):
    setattr(OddServer, "smtp_" + name, verb(name))


def context(options, folder):
    if not options.certificate:
        return None
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make-certificates")
    subprocess.run([script, folder], check=True)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    path = os.path.join(folder, options.certificate)
    made.load_cert_chain(path + ".pem", path + ".key")
    return made


async def serve(options, folder, ended):
    loop = asyncio.get_running_loop()
    faults, handler, tls = Faults(options.at), Handler(options), context(options, folder)
    ways = set(options.auth.split(","))
    count = 0

    def connection():
        nonlocal count
        count += 1
        say(event="connection", connection=count)
        return OddServer(
            faults, count, handler, hostname="mail.example.at", enable_SMTPUTF8=True, loop=loop,
            timeout=options.idle, tls_context=None if options.tls else tls, auth_require_tls=False,
            auth_exclude_mechanism=[way for way in ("PLAIN", "LOGIN", "XOAUTH2") if way not in ways])

    server = await loop.create_server(connection, "127.0.0.1", 0, ssl=tls if options.tls else None)
    print(f"PORT {server.sockets[0].getsockname()[1]}", flush=True)
    if tls:
        print(f"CERTIFICATES {folder}", flush=True)
    await ended.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", action="append", default=[])
    parser.add_argument("--extensions", default="PIPELINING")
    parser.add_argument("--without", default="")
    parser.add_argument("--auth", default="PLAIN,LOGIN,XOAUTH2")
    parser.add_argument("--certificate")
    parser.add_argument("--idle", type=float, default=300)
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)

    async def run(folder):
        ended, loop = asyncio.Event(), asyncio.get_running_loop()

        def read():
            sys.stdin.read()
            loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=read, daemon=True).start()
        await serve(options, folder, ended)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(folder))


if __name__ == "__main__":
    main()
