"""An installation to measure: a database, a practice, and as many appointments as are wanted.

One appointment is saved through the JSON interface; the many are copies of the rows that the program wrote for it, in
every column the same but for ids, numbers and names. So what is measured is what the program itself would have stored,
also after the schema has changed.
"""

from pathlib import Path

from harness.practice import Practice
from harness.program import Program

from .database import Database

SAVED = "2027-02-26T12:00:00+01:00"
# Three seconds before the reminders fall due, and that moment in milliseconds since 1970.
MORNING, DUE = "2027-03-01T06:59:57+01:00", 1_803_880_800_000
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
# Final digits 00 to 89: delivered. +43 664 and seven digits.
FIRST_NUMBER = 436_640_000_000


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

    def __init__(self, installation: Installation):
        self.program = installation
        self.sql = installation.sql
        self.practice = Practice(installation, clock=SAVED)
        server = installation.serve("--role", "web", clock=SAVED)
        self.practice.open(server)
        self.practice.furnish()
        self.practice.appointment(self.practice.patient(f"+{FIRST_NUMBER}"), START, END)
        server.stop()

    def appointments(self, count: int, practices: int = 1, **reminder: str):
        """Makes it `count` appointments with their reminders, spread evenly over so many practices.

        Each has a patient of its own. A practice's appointments follow each other, so that whoever goes by id serves
        one practice after the other. `reminder`: SQL for columns of the reminder that shall differ.
        """
        assert count % practices == 0, f"{count} appointments cannot be spread over {practices} practices"
        each = count // practices
        self.sql.execute("BEGIN")
        for table in ("practices", "locations"):
            named = {"name": f"'{'Praxis' if table == 'practices' else 'Ordination'} ' || {text('t.id + n')}"}
            own = {"sender": f"'+' || {text('436769000000 + n')}"} if table == "practices" else {"practice_id": "t.practice_id + n"}
            self._copy(table, practices - 1, named | own)
        for table in ("patients", "appointments", "reminders"):
            self._copy(table, count - 1, self._changes(table, each) | (reminder if table == "reminders" else {}))
        self.sql.execute("COMMIT")
        self.sql.settle()

    def messages(self):
        """Gives every reminder that was copied from a settled one the message, attempt and receipt of the pattern."""
        count = self.sql.one("SELECT COUNT(*) FROM reminders WHERE state = 'settled'")
        identity = {"provider_message_id": f"{text('n')} || t.provider_message_id",
                    "receipt_key": f"{text('n')} || t.receipt_key"}
        self.sql.execute("BEGIN")
        self._copy("messages", count - 1, identity | {"recipient": number("n")})
        self._copy("attempts", count - 1, {"message_id": "t.message_id + n"})
        self._copy("receipts", count - 1, identity | {"message_id": "t.message_id + n"})
        self.sql.execute("COMMIT")
        self.sql.settle()

    def _changes(self, table: str, each: int) -> dict[str, str]:
        # The pattern is number 0; integer division gives the practice.
        if table == "patients":
            return {"practice_id": f"t.practice_id + n / {each}", "mobile": number("n"),
                    "search": f"t.search || ' ' || {text('n')}", "last_name": f"t.last_name || ' ' || {text('n')}"}
        places = {"practice_id": f"t.practice_id + n / {each}", "patient_id": "t.patient_id + n"}
        if table == "appointments":
            return places | {"location_id": f"t.location_id + n / {each}", "practitioner_id": "NULL"}
        places |= {"appointment_id": "t.appointment_id + n"}
        return places | {"message_id": "t.message_id + n"}

    def _copy(self, table: str, count: int, changes: dict[str, str]):
        """Copies the first row so many times; the ids follow its own without a gap."""
        columns = self.sql.columns(table)
        changes = {"id": "t.id + n"} | changes
        values = ", ".join(changes.get(column, f"t.{column}") for column in columns)
        self.sql.execute(
            f"""
            WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count})
            INSERT INTO {table} ({', '.join(columns)})
            SELECT {values} FROM series, {table} t
            WHERE t.id = (SELECT MIN(id) FROM {table}) AND n <= {count} ORDER BY n
            """
        )


def text(expression: str) -> str:
    return f"CAST({expression} AS TEXT)"


def number(n: str) -> str:
    """SQL for the n-th mobile number; its fate is to be delivered."""
    return f"'+' || {text(f'{FIRST_NUMBER} + ({n}) / 90 * 100 + ({n}) % 90')}"
