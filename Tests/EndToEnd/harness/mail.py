"""The mail server of the tests: Postfix and Dovecot, by Tests/Peers/mail_server.py."""

import json
import os
from pathlib import Path

from .peers import Peer
from .waiting import eventually

_NEEDED = ("/usr/lib/postfix/sbin/master", "/usr/sbin/dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp")


def why_not() -> str | None:
    """Why the servers cannot run here, for a test to be skipped with; None where they can."""
    missing = [program for program in _NEEDED if not os.path.exists(program)]
    if missing:
        return f"Postfix or Dovecot is not installed (make setup); missing: {', '.join(missing)}"
    return None if os.geteuid() == 0 else "Postfix and Dovecot are started by root alone"


class MailServer(Peer):
    """Both servers. `smtp`, `submission`, `smtps`, `imap` and `imaps` are their URLs, `ca` the file of certificates."""

    def __init__(self, log: Path, *arguments: str):
        super().__init__("mail_server.py", log, *arguments)
        ready = self.wait_for_events(1, event="ready")[0]
        self.folder, self.ca, self.password, self.users = (ready[key] for key in ("folder", "ca", "password", "users"))
        self.practice = self.users[0]
        self.ports = ready["ports"]
        for name, port in self.ports.items():
            setattr(self, name, f"{'smtp' if name == 'submission' else name}://localhost:{port}")

    def messages(self, user: str, folder: str = "INBOX") -> list[dict]:
        """What lies in a folder: uid, flags, date, bytes (Latin-1 text). Looking changes nothing."""
        found = self.order("list", user=user, folder=folder, bodies=True)["messages"]
        if found is None:
            raise AssertionError(f"there is no folder {folder}")
        return found

    def wait_for_messages(self, user: str, count: int, folder: str = "INBOX", seconds: float = 20) -> list[dict]:
        """The folder's messages once there are so many."""

        def enough():
            found = self.messages(user, folder)
            return found if len(found) >= count else None

        return eventually(enough, seconds, pause=0.2, what=f"{count} messages in {folder}")

    def order(self, do: str, **fields) -> dict:
        """One order of mail_server.py's standard input; returns its answer."""
        seen = len(self._answers)
        self.process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self.process.stdin.flush()
        answer = eventually(lambda: self._answers[seen:], 30, what=f"the answer to {do}")[0]
        assert answer["event"] == "done", answer
        return answer

    @property
    def _answers(self) -> list[dict]:
        return [event for event in self.events if event["event"] in ("done", "fault")]
