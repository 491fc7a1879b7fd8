"""The mail server of the tests, as a test handles it: Postfix and Dovecot of Debian."""

import email
import email.policy
import json
import shutil
from email.message import EmailMessage
from pathlib import Path

import pytest

from .peers import Peer
from .waiting import eventually

PRACTICE = "praxis@example.at"
PATIENT = "anna.huber@example.org"


class PostOffice(Peer):
    """Ends with the test. `messages` are what lies in a folder, parsed by Python's own reader."""

    def __init__(self, log: Path, *arguments: str):
        if missing := [name for name in ("/usr/sbin/postfix", "/usr/sbin/dovecot") if not shutil.which(name)]:
            pytest.skip(f"missing, run `make setup`: {', '.join(missing)}")
        super().__init__("mail_server.py", log, *arguments)
        [ready] = self.wait_for_events(1, event="ready")
        self.ports: dict[str, int] = ready["ports"]
        self.certificates: str = ready["ca"]
        self.password: str = ready["password"]

    def messages(self, user: str, folder: str = "INBOX") -> list[EmailMessage]:
        """Oldest first; none where there is no such folder."""
        found = self.ask({"do": "list", "user": user, "folder": folder, "bodies": True})["messages"] or []
        return [email.message_from_bytes(each["bytes"].encode("latin-1"), policy=email.policy.default) for each in found]

    def wait_for(self, user: str, count: int, folder: str = "INBOX", seconds: float = 30) -> list[EmailMessage]:
        """The messages, once there are so many."""
        return eventually(lambda: (found := self.messages(user, folder)) and len(found) >= count and found, seconds,
                          pause=0.3, what=f"{count} messages of {user} in {folder}")

    def ask(self, order: dict) -> dict:
        """Gives an order and returns its answer."""
        before = len(self.events)
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return eventually(lambda: (found := self.events[before:]) and found[0], 20, pause=0.01, what=f"an answer to {order}")

    def add_mailbox(self, program, practice, secret: Path, *more: str, address: str = PRACTICE, imap: bool = True,
                    clock: str | None = None) -> str:
        """A mailbox on this server by the command line; its id."""
        secret.write_text(self.password + "\n")
        reading = ["--imap", f"imap://localhost:{self.ports['imap']}"] if imap else []
        return program("mailbox", "add", "--practice", practice.id, "--address", address,
                       "--smtp", f"smtp://localhost:{self.ports['submission']}", *reading, "--user", address,
                       "--secret-file", secret, "--option", f"ca-file={self.certificates}", *more, clock=clock).last_word
