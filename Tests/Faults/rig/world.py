"""A practice with many reminders due at seven, made once and copied for each scenario."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from harness.practice import Practice
from harness.program import Program
from harness.server import Server

from .clocks import WallClock
from .databases import Database
from .oracle import Verdict, judge
from .smsc import FaultySmsc

SAVED = "2027-02-26T12:00:00+01:00"
SEVEN = datetime.fromisoformat("2027-03-01T07:00:00+01:00")
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
CLOSING = "Bis bald! Absagen: 0316 5550100"


def number(index: int) -> str:
    """An Austrian mobile number of its own for each patient."""
    return f"+43664{7_000_000 + index:07d}"


def fill(program: Program, count: int) -> str:
    """Puts so many reminders due at seven into an empty database, each of a patient with a number of its own. Returns
    the practice's id."""
    program("migrate")
    practice = Practice(program, clock=SAVED)
    server = program.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish(closing_text=CLOSING)
    for index in range(count):
        practice.appointment(practice.patient(mobile=number(index)), START, END)
    server.stop()
    return practice.id


def copied(template: Path, folder: Path, disk: Path | None = None) -> Program:
    """A program in `folder` with a copy of the template's database, which lies on `disk` where one is given."""
    program = Program(folder)
    if disk:
        program.database = disk / "vortag.db"
        program.address = f"sqlite:{program.database}"
    for file in template.glob("vortag.db*"):
        shutil.copy(file, disk or folder)
    return program


class World:
    """One scenario's database, SMSC and clock. The clock stands unless a life runs or `pass_time` moves it."""

    def __init__(self, program: Program, database: Database, smsc: FaultySmsc, **options: object):
        """The options are the provider's."""
        self.program = program
        self.database = database
        self.smsc = smsc
        self.clock = SEVEN
        self.environment: dict[str, str] = {}
        self.wall_clock: WallClock | None = None
        pairs = [word for name, value in options.items()
                 for word in ("--option", f"{name.replace('_', '-')}={value}")]
        self.program("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{smsc.port}",
                     "--user", "vortag", *pairs)

    def pass_time(self, seconds: float):
        """Moves the clock between two lives, which is no jump: nobody was there to see it."""
        self.clock += timedelta(seconds=seconds)
        if self.wall_clock:
            self.wall_clock.set(self.clock)

    def step(self, seconds: int):
        """Sets the wall clock while a life runs."""
        self.wall_clock.step(seconds)

    def live(self, **environment: str) -> Server:
        """Starts `vortag serve --role delivery` at the clock's time: one set by VORTAG_CLOCK, or the wall clock."""
        clock = None if self.wall_clock else self.clock.isoformat()
        return self.program.serve("--role", "delivery", clock=clock, wait=False, **(self.environment | environment))

    def use_wall_clock(self) -> WallClock:
        """From now on lives see a wall clock that can be set while they run; it begins at the world's time."""
        self.wall_clock = WallClock(self.program.folder, self.clock)
        self.environment |= self.wall_clock.environment
        return self.wall_clock

    def judge(self, receipts: bool = True) -> Verdict:
        return judge(self.database, self.smsc.listed("taken"), receipts)

    def rows(self, sql: str) -> list[tuple]:
        return self.database.query(sql)

    def close(self):
        self.program.close()
        self.smsc.stop()
