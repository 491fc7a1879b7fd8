#!/usr/bin/env python3
"""A mail server as practices have one: Postfix and Dovecot on loopback ports, in a folder of their own.

    python mail_server.py [--user praxis@example.at]… [--sent Gesendet] [--messages-per-unit 30] …

Prints `PORT <n>` (submission) when all listen, then one JSON object:
  {"event": "ready", "folder", "ca", "host": "localhost", "password", "users": [address…],
   "ports": {"smtp", "submission", "smtps", "imap", "imaps"}}
Needs root, since both servers do. Ends when standard input is closed or on SIGTERM, with all that it started; the
folder goes with it.

  smtp         no TLS; takes mail without a sign-in too, for clients that only measure
  submission   STARTTLS, then AUTH PLAIN or LOGIN is demanded
  smtps        TLS, then AUTH
  imap, imaps  STARTTLS is offered (--imap-requires-tls: demanded), TLS

Mail to `user+anything@…` lies in that user's INBOX, or in the folder of that name. A recipient in a domain of ours who
is not there is accepted and bounced later by Postfix; `…@away.example` is never reached and is tried again until
--queue-lifetime; any other domain is refused at RCPT. Nothing leaves the machine.

Standard input takes one JSON object a line, and answers each with one:
  {"do": "stop" | "start", "part": "postfix" | "dovecot"}     the ports stay
  {"do": "list", "user", "folder", "bodies": true}            messages: uid, flags, date, bytes; null without that folder
  {"do": "folders", "user"}                                   the answers to LIST
  {"do": "append", "user", "folder", "text", "count", "flags"}
  {"do": "imap", "user", "command": ["CREATE", "\\"A\\""]}       any command of one line
  {"do": "renew", "user", "folder", "validity"}               another UIDVALIDITY
  {"do": "queue"}, {"do": "flush"}                            what Postfix still has; try all of it now
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from mailserver import dovecot, postfix
from mailserver.children import free_ports
from mailserver.reader import Reader

HERE = Path(__file__).resolve().parent
PORTS = ("smtp", "submission", "smtps", "imap", "imaps")
NEEDED = ("/usr/lib/postfix/sbin/master", "/usr/sbin/dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp")
USERS = ("praxis@example.at", "therapie@example.at", "anna.huber@example.org", "max.mustermann@example.org")


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--user", action="append", help="an address with a mailbox; the first is the practice's")
    parser.add_argument("--domain", action="append", help="further domains whose mail is kept here")
    parser.add_argument("--password", default="geheim-1")
    parser.add_argument("--full", action="append", default=[], help="whose mailbox is full; bounces with 5.2.2")
    parser.add_argument("--sent", default="Sent", help="name of the Sent folder, in UTF-8")
    parser.add_argument("--plain-sent", action="store_true", help="the folder is there, but not marked (RFC 6154)")
    parser.add_argument("--no-sent", action="store_true", help="there is no such folder")
    parser.add_argument("--prefix", default="", help="of every folder's name but INBOX: INBOX. or none")
    parser.add_argument("--separator", default="/")
    parser.add_argument("--server-saves-sent", action="store_true", help="what the first user sends is put into Sent")
    parser.add_argument("--imap-requires-tls", action="store_true")
    parser.add_argument("--imap-connections", type=int, default=20, help="of one user at a time")
    parser.add_argument("--certificate", choices=("good", "expired", "othername"), default="good")
    parser.add_argument("--size-limit", type=int, default=10240000, help="bytes of a message")
    parser.add_argument("--refuse-sender", action="append", default=[], help="a sender address that is refused: 554 5.7.1")
    parser.add_argument("--messages-per-unit", type=int, default=0, help="then 450 4.7.1, until the time is over")
    parser.add_argument("--rate-unit", type=int, default=60, help="seconds")
    parser.add_argument("--delay-warning", type=int, default=0, help="seconds until a delay is reported")
    parser.add_argument("--queue-lifetime", type=int, default=3600, help="seconds until what is put off bounces")
    parser.add_argument("--vrfy", action="store_true", help="VRFY is answered")
    options = parser.parse_args(arguments)
    options.user = options.user or list(USERS)
    options.user += [address for address in options.full if address not in options.user]
    found = {address.partition("@")[2] for address in options.user} | {"example.at", "example.org"}
    options.domain = sorted(found | set(options.domain or []))
    return options


def say(**fields):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


class MailServer:
    def __init__(self, options):
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="vortag-mail-"))
        # Both servers give up their rights, and must still reach what is theirs.
        self.folder.chmod(0o755)
        certificates = self.folder / "certificates"
        certificates.mkdir()
        subprocess.run([str(HERE / "make-certificates"), str(certificates)], check=True, stdout=subprocess.DEVNULL)
        self.ports = free_ports(PORTS)
        pair = certificates / f"{options.certificate}.pem", certificates / f"{options.certificate}.key"
        self.authorities = certificates / "ca.pem"
        self.parts = {
            "postfix": postfix.write(self.folder, self.ports, options, *pair),
            "dovecot": dovecot.write(self.folder, self.ports, options, *pair),
        }

    def start(self):
        # First the one that makes the sockets which the other looks for.
        self.parts["dovecot"].start()
        self.parts["postfix"].start()

    def close(self):
        for part in self.parts.values():
            part.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def reader(self, user):
        port = self.ports["imap"]
        return Reader(port, user, self.options.password, self.authorities if self.options.imap_requires_tls else None)

    def answer(self, order):
        match order["do"]:
            case "stop":
                self.parts[order["part"]].stop()
            case "start":
                self.parts[order["part"]].start()
            case "queue":
                return {"queue": [json.loads(line) for line in postfix.queued(self.folder)]}
            case "flush":
                postfix.flush(self.folder)
            case "renew":
                dovecot.renew(self.folder, order["user"], order["folder"], order["validity"])
            case what:
                with self.reader(order["user"]) as reader:
                    return self.read(reader, what, order)
        return {}

    @staticmethod
    def read(reader, what, order):
        match what:
            case "list":
                return {"messages": reader.messages(order["folder"], order.get("bodies", False))}
            case "folders":
                return {"folders": reader.folders()}
            case "append":
                reader.append(order["folder"], order["text"], order.get("count", 1), order.get("flags", ""))
                return {}
            case "imap":
                return reader.command(*order["command"])
        raise ValueError(f"nobody here knows how to {what}")

    def serve(self):
        for line in sys.stdin:
            try:
                order = json.loads(line)
                say(event="done", do=order["do"], **self.answer(order))
            except Exception as trouble:
                say(event="fault", what=f"{type(trouble).__name__}: {trouble}")


def main():
    options = options_of(sys.argv[1:])
    missing = [program for program in NEEDED if not os.path.exists(program)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"the mail server needs root and Debian's postfix, dovecot-imapd, dovecot-lmtpd; missing: {missing}")
    # SystemExit goes through the finally below.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = MailServer(options)
    try:
        server.start()
        print(f"PORT {server.ports['submission']}", flush=True)
        say(
            event="ready", folder=str(server.folder), ca=str(server.authorities), host="localhost",
            password=options.password, users=options.user, ports=server.ports,
        )
        server.serve()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.close()


if __name__ == "__main__":
    main()
