"""A practice with people of each role beside another practice, an SMSC of our own, and rows that only time would bring."""

import sqlite3
import subprocess
import time

from forms import Forms
from harness import processes
from harness.practice import Practice
from harness.program import Program
from harness.waiting import eventually, free_port

PASSWORD = "ein-gutes-wort"
ROLES = ("admin", "staff", "reader")


class Desk:
    """The practice on a running server; its users are named by their roles, and `other` is an admin of another practice."""

    def __init__(self, folder, role: str = "all", **environment: str):
        self.program = Program(folder)
        self.program("migrate")
        self.practice = Practice(self.program)
        other = self.program("practice", "add", "--name", "Andere").last_word
        users = [(name, self.practice.id, name) for name in ROLES] + [("other", other, "admin")]
        for name, practice, rights in users:
            self.program("user", "add", "--practice", practice, "--email", f"{name}@example.org", "--role", rights,
                         stdin=PASSWORD + "\n")
        self.server = self.program.serve("--role", role, **environment)
        self.practice.open(self.server)
        self.practice.furnish()
        self.smsc = None

    def person(self, name: str) -> Forms:
        return Forms(self.server.url, f"{name}@example.org", PASSWORD)

    def start_smsc(self) -> int:
        """Starts `vortag simulate-smsc`, whose receipts come after half a second. Returns its port."""
        port = free_port()
        self.smsc = processes.start(
            [str(self.program.binary), "simulate-smsc", "--port", str(port), "--receipt-delay", "0.5"],
            self.program.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        assert "listening" in self.smsc.stdout.readline()
        return port

    def sql(self, statement: str, *values):
        """One statement, for rows that no page and no command writes; returns what it selects, or the new row's id."""

        def run():
            with sqlite3.connect(self.program.database, timeout=10) as database:
                cursor = database.execute(statement, values)
                return cursor.fetchall() or [(cursor.lastrowid,)]

        return eventually(run)

    def answer(self, text: str, patient: dict | None = None, kind: str = "answer", sender: str = "+436641234500",
               done: bool = False) -> int:
        """A message of a patient, as a provider would have brought it. Returns its id."""
        now = int(time.time() * 1000)
        provider = self.sql("SELECT MIN(id) FROM providers")[0][0]
        return self.sql(
            "INSERT INTO inbound (provider_id, provider_message_id, practice_id, patient_id, sender, recipient, text,"
            " kind, received_at, done_at) VALUES (?, '', ?, ?, ?, '00436641234567', ?, ?, ?, ?)",
            provider, self.practice.id, patient and patient["id"], sender, text, kind, now, now if done else None,
        )[0][0]

    def usage(self, month: int, messages: int, segments: int, priced: int = 0, price: int = 0, currency: str = ""):
        """What was sent from the practice's location in a month, `202703`; the price in millionths."""
        self.sql(
            "INSERT INTO usage (practice_id, month, location_id, currency, messages, segments, priced, price)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self.practice.id, month, self.practice.location["id"], currency, messages, segments, priced, price,
        )

    def close(self):
        if self.smsc is not None:
            processes.end(self.smsc)
            self.smsc.stdout.close()
        self.program.close()
