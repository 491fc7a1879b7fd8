#!/usr/bin/env python3
"""An IMAP server that misbehaves on purpose, for tests.

    python odd_imap.py [--odd MODE] [--uid N] [--times N] [--messages N] [--login WORD]

Prints `PORT <n>` when it listens, then one JSON object a line: {"event": "command", "line"} for each command without
its tag, {"event": "stored", "bytes"} for each message that was appended (Latin-1). Ends when standard input is closed.

Anybody may sign in; with --login only by the command LOGIN and this word. Its inbox has messages 1 to N, all reports of
a mail server, and its Sent folder what was appended.
--odd says what happens to a FETCH that names message --uid (0: to each), or to an APPEND, the first --times times:
  garbage   it is answered with a web page           huge     a literal of 99,999,999 octets is announced
  nested    lists in lists without an end             endless  answers without an end
  silent    it is not answered                        cut      the connection ends
  dropped   an appended message is stored, and the connection ends before the answer
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import sys

HEAD = b"From: MAILER-DAEMON@example.org\r\nContent-Type: multipart/report\r\n\r\n"


def say(**fields):
    print(json.dumps(fields), flush=True)


class Over(Exception):
    """This connection ends."""


class Mailbox:
    def __init__(self, options):
        self.options, self.left, self.sent = options, options.times, []

    def strikes(self):
        self.left -= 1
        return self.left >= 0

    async def connection(self, reader, writer):
        try:
            await self.converse(reader, writer)
        except (Over, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def converse(self, reader, writer):
        def tell(text):
            writer.write(text if isinstance(text, bytes) else text.encode() + b"\r\n")

        tell("* OK odd")
        while line := await reader.readline():
            tag, _, command = line.decode("latin-1").rstrip("\r\n").partition(" ")
            verb = " ".join(command.upper().split(" ")[: 2 if command.upper().startswith("UID") else 1])
            say(event="command", line=command if verb not in ("LOGIN", "AUTHENTICATE") else verb)
            match verb:
                case "CAPABILITY":
                    tell("* CAPABILITY IMAP4rev1" + ("" if self.options.login else " AUTH=PLAIN"))
                case "LOGIN" | "AUTHENTICATE" if self.options.login and self.options.login not in command:
                    tell(f"{tag} NO [AUTHENTICATIONFAILED] no")
                    continue
                case "AUTHENTICATE":
                    tell("+ ")
                    await reader.readline()
                case "LIST":
                    tell('* LIST (\\Sent) "/" Sent')
                case "EXAMINE":
                    count = len(self.sent) if "Sent" in command else self.options.messages
                    tell(f"* {count} EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n* OK [UIDNEXT {count + 1}] .")
                case "UID SEARCH":
                    tell(f"* SEARCH {self.search(command)}")
                case "UID FETCH":
                    await self.fetch(command, tell, writer)
                case "APPEND":
                    await self.append(command, tell, reader)
                case "LOGOUT":
                    raise Over
            tell(f"{tag} OK done")
            await writer.drain()

    def search(self, command):
        if name := re.search(r'HEADER Message-ID "(.*)"', command):
            return " ".join(str(n + 1) for n, text in enumerate(self.sent) if name[1].encode() in text)
        first, last = map(int, re.search(r"UID (\d+):(\d+)", command).groups())
        return " ".join(str(uid) for uid in range(first, min(last, self.options.messages) + 1))

    async def fetch(self, command, tell, writer):
        uids = []
        for part in command.split(" ")[2].split(","):
            first, _, last = part.partition(":")
            uids += range(int(first), int(last or first) + 1)
        if self.options.odd and (self.options.uid == 0 or self.options.uid in uids) and self.strikes():
            await self.misbehave(tell, writer)
        part = "BODY[HEADER.FIELDS (FROM)]" if "HEADER" in command else "BODY[]<0>"
        for uid in uids:
            tell(f"* {uid} FETCH (UID {uid} {part} {{{len(HEAD)}}}\r\n".encode() + HEAD + b")\r\n")

    async def misbehave(self, tell, writer):
        match self.options.odd:
            case "garbage":
                tell("<!doctype html><title>503</title>")
            case "huge":
                tell("* 1 FETCH (UID 1 BODY[] {99999999}")
            case "nested":
                tell("* 1 FETCH " + "(" * 100_000)
            case "silent":
                await asyncio.sleep(3600)
            case "endless":
                while True:
                    tell("* 1 FETCH (FLAGS ())")
                    await writer.drain()
            case "cut":
                raise Over

    async def append(self, command, tell, reader):
        length = int(re.search(r"\{(\d+)\}$", command)[1])
        tell("+ go on")
        message = await reader.readexactly(length)
        await reader.readline()
        self.sent.append(message)
        say(event="stored", bytes=message.decode("latin-1"))
        if self.options.odd == "dropped" and self.strikes():
            raise Over


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--odd", default="")
    parser.add_argument("--uid", type=int, default=0)
    parser.add_argument("--times", type=int, default=1_000_000)
    parser.add_argument("--login", default="")
    parser.add_argument("--messages", type=int, default=0)
    mailbox = Mailbox(parser.parse_args())
    server = await asyncio.start_server(mailbox.connection, "127.0.0.1", 0)
    print(f"PORT {server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    # What still waits in a connection ends with the process.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
