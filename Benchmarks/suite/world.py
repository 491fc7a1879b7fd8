"""An installation to measure: a database, a practice, and as many appointments as are wanted.

One appointment is saved through the JSON interface; the many are copies of the rows that the program wrote for it, in
every column the same but for ids, numbers and names. So what is measured is what the program itself would have stored,
also after the schema has changed.
"""

import contextlib
from pathlib import Path

from harness.practice import Practice
from harness.program import Program

from .database import Database

SAVED = "2027-02-26T12:00:00+01:00"
# Three seconds before the reminders fall due, and that moment in milliseconds since 1970.
MORNING, DUE = "2027-03-01T06:59:57+01:00", 1_803_880_800_000
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
# +43 664 and seven digits; the last two are the fate, 00 to 89 delivered.
FIRST_NUMBER = 436_640_000_000
WEEK = 7 * 24 * 3600 * 1000


class Installation(Program):
    """The program with the database that the benchmark chose."""

    def __init__(self, folder: Path, url: str | None = None):
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        self.url = url or f"sqlite:{self.database}"
        self("migrate")
        self.sql = Database(self.url)

    def environment(self, clock: str | None = None, **more: str) -> dict[str, str]:
        return super().environment(clock, **({"VORTAG_DATABASE": self.url} | more))

    def add_smsc(self, port: int, window: int = 64, rate: int | None = None):
        options = ["--option", f"window={window}"] + (["--option", f"rate={rate}"] if rate else [])
        self("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{port}", "--user", "bench", *options)

    def close(self):
        self.sql.close()
        super().close()


class Seed:
    """The pattern: one practice with one appointment, saved by the program, whose rows are then copied."""

    def __init__(self, installation: Installation, fate: int | None = None, email: str | None = None):
        """
        - fate: the last two digits of every number; None spreads them over those that are delivered.
        - email: everybody's address; the reminders are e-mails then.
        """
        self.program = installation
        self.fate = fate
        self.sql = installation.sql
        self.practice = Practice(installation, clock=SAVED)
        server = installation.serve("--role", "web", clock=SAVED)
        self.practice.open(server)
        self.practice.furnish()
        if email:
            self.practice.api.patch("/practice", {"emailEnabled": True})
        how = {"kind": "email", "email": email} if email else {}
        self.practice.appointment(self.practice.patient(f"+{FIRST_NUMBER + (fate or 0)}", **how), START, END)
        server.stop()

    def appointments(self, count: int, practices: int = 1):
        """Makes it `count` appointments with their planned reminders, spread evenly over so many practices.

        Each has a patient of its own. A practice's appointments follow each other, so that whoever goes by id serves
        one practice after the other.
        """
        assert count % practices == 0, f"{count} appointments cannot be spread over {practices} practices"
        last = practices - 1
        with self._transaction():
            self._copy("practices", 1, last, {"name": f"'Praxis ' || {text('n')}",
                                              "sender": f"'00' || {text('436769000000 + n')}"})
            self._copy("locations", 1, last, {"practice_id": "t.practice_id + n"})
            self._people(1, count - 1, each=count // practices, appointment={}, reminder={})

    def week_later(self, count: int):
        """So many appointments more, a week after the pattern; call it before the pattern's reminder is sent."""
        self._weeks = count
        shifted = {column: f"t.{column} + {WEEK}" for column in ("start_at", "end_at")}
        due = {column: f"t.{column} + {WEEK}" for column in ("due_at", "latest_at", "next_at")}
        with self._transaction():
            self._people(1, count, each=count + 1, appointment=shifted | {"start_wall": later("t.start_wall")},
                         reminder=due | {"day": later("t.day")})

    def delivered(self, count: int):
        """So many appointments whose reminder was delivered, the pattern's included; call it once that was."""
        first, last = self._weeks + 1, self._weeks + count - 1
        identity = {"provider_message_id": f"{text('n')} || t.provider_message_id",
                    "receipt_key": f"{text('n')} || t.receipt_key"}
        with self._transaction():
            self._people(first, last, each=last + 1, appointment={}, reminder={})
            self._copy("messages", first, last, identity | {
                "recipient": self._number(), "reminder_id": "t.reminder_id + n"})
            self._copy("attempts", first, last, {"message_id": "t.message_id + n"})
            self._copy("receipts", first, last, identity | {
                "message_id": "t.message_id + n", "recipient": f"replace(t.recipient, '{FIRST_NUMBER}', {self._digits()})"})

    @contextlib.contextmanager
    def _transaction(self):
        self.sql.execute("BEGIN")
        yield
        self.sql.execute("COMMIT")
        self.sql.settle()

    def _people(self, first: int, last: int, each: int, appointment: dict, reminder: dict):
        # The pattern is number 0; integer division gives the practice.
        practice = {"practice_id": f"t.practice_id + n / {each}"}
        self._copy("patients", first, last, practice | {
            "mobile": self._number(), "has_words": "0",
            "last_name": f"t.last_name || ' ' || {text('n')}"})
        who = practice | {"patient_id": "t.patient_id + n"}
        place = {"location_id": f"t.location_id + n / {each}", "practitioner_id": "NULL"}
        self._copy("appointments", first, last, who | place | appointment)
        self._copy("reminders", first, last, who | {
            "appointment_id": "t.appointment_id + n", "turn": f"t.turn + n % {each}"} | reminder)

    def _number(self) -> str:
        return f"'+' || {self._digits()}"

    def _digits(self) -> str:
        """SQL for the n-th mobile number, without its plus."""
        digits = "n / 90 * 100 + n % 90" if self.fate is None else f"n * 100 + {self.fate}"
        return text(f"{FIRST_NUMBER} + {digits}")

    def _copy(self, table: str, first: int, last: int, changes: dict[str, str]):
        """Copies the pattern's row as numbers `first` to `last`; the number is added to its id."""
        if last < first:
            return
        columns = self.sql.columns(table)
        key = "id" if "id" in columns else columns[0]
        changes = {"id": "t.id + n"} | changes
        values = ", ".join(changes.get(column, f"t.{column}") for column in columns)
        self.sql.execute(
            f"""
            WITH RECURSIVE series (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last})
            INSERT INTO {table} ({', '.join(columns)})
            SELECT {values} FROM series, {table} t WHERE t.{key} = (SELECT MIN({key}) FROM {table}) ORDER BY n
            """
        )


def text(expression: str) -> str:
    return f"CAST({expression} AS TEXT)"


def later(column: str) -> str:
    """SQL for a date of the pattern, a week later; both weeks are before the clocks change."""
    return f"replace(replace({column}, '2027-03-02', '2027-03-09'), '2027-03-01', '2027-03-08')"
