"""A practice whose reminders are e-mails, a submission server with faults, and what was counted there."""

import shutil
from pathlib import Path

from harness.practice import Practice
from harness.program import Program

from .databases import Database, SQLiteDatabase
from .oracle import MAIL_STANDING, Verdict, judge
from .smsc import FaultySmsc
from .world import END, SAVED, SEVEN, START, World

ADDRESS = "praxis@example.at"


class FaultyMail(FaultySmsc):
    """`set` and `trigger` order faults, `taken` is its own list of what will reach a patient."""

    script = "faulty_mail.py"


def patient_address(index: int) -> str:
    return f"patient{index}@example.org"


def fill(program: Program, count: int) -> str:
    """Puts so many e-mails due at seven into an empty database. Returns the practice's id."""
    program("migrate")
    practice = Practice(program, clock=SAVED)
    server = program.serve("--role", "web", clock=SAVED)
    api = practice.open(server)
    practice.furnish()
    api.patch("/practice", {"emailEnabled": True})
    for index in range(count):
        patient = practice.patient(email=patient_address(index), kind="email")
        practice.appointment(patient, START, END)
    server.stop()
    return practice.id


class MailWorld(World):
    """One scenario's database, mail server and clock, as `World` has them for SMS."""

    def __init__(self, template: Path, folder: Path, practice: str, seed: int, **options: object):
        """The options are the mailbox's."""
        self.program = Program(folder)
        for file in template.glob("vortag.db*"):
            shutil.copy(file, folder)
        self.database: Database = SQLiteDatabase(self.program.database)
        self.smsc = FaultyMail(folder, seed)
        self.clock = SEVEN
        self.environment: dict[str, str] = {}
        self.wall_clock = None
        pairs = [word for name, value in options.items()
                 for word in ("--option", f"{name.replace('_', '-')}={value}")]
        self.program("mailbox", "add", "--practice", practice, "--address", ADDRESS, "--smtp",
                     f"smtp://127.0.0.1:{self.smsc.port}", *pairs, clock=SAVED)

    def judge(self, receipts: bool = False) -> Verdict:
        taken = [{"destination": entry["recipient"], "text": entry["messageId"]} for entry in self.smsc.listed("taken")]
        return judge(self.database, taken, receipts, MAIL_STANDING)
