"""Lives of the program that end early, and one that is left in peace."""

import os
import random
import signal
import time
from datetime import timedelta

from harness.server import Server
from harness.waiting import eventually

from .world import World

# Nothing changes any more: longer than the time between two rounds of the engine's rescue (5 s), in seconds.
QUIET = 7
# The same for a life that only sends and takes receipts in, in seconds.
QUIET_LINE = 4
# Longer than the engine leaves a receipt alone that matches no id (10 s), in seconds.
PAST_PATIENCE = 15
# Longer than the lease of a claim, in seconds: what a dead worker held is free again.
PAST_LEASE = 35
OPEN = """
    SELECT count(*) AS n FROM reminders r LEFT JOIN messages m ON m.reminder_id = r.id
    WHERE r.state = 'planned' OR m.unclear = 1 OR (r.state = 'started' AND m.status IS NULL)
"""
AWAITED = "SELECT count(*) AS n FROM messages WHERE status = 'submitted'"


class Life:
    """One process of `vortag serve --role delivery`; the world's clock goes on as long as it lived."""

    def __init__(self, world: World, **environment: str):
        self.world = world
        self.born = world.clock
        self.began = time.monotonic()
        self.server: Server = world.live(**environment)

    @property
    def pid(self) -> int:
        return self.server.pid

    def held(self):
        """A context in which it stands still: what is set up meanwhile is there before its next step."""
        return _Held(self.pid)

    def kill(self):
        """SIGKILL; no harm if a trigger of the SMSC was faster."""
        self.server.kill()
        self._pass()

    def wait_for_death(self, seconds: float = 30, moment: str = ""):
        """The SMSC or a tracer kills it."""
        eventually(lambda: self.server.process.poll() is not None, seconds, pause=0.01, what=f"the kill {moment}".strip())
        self.server.kill()
        self._pass()

    def die_or_be_killed(self, seconds: float) -> bool:
        """Whether it died within the time; if it did not, it is killed now."""
        deadline = time.monotonic() + seconds
        while self.server.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        died = self.server.process.poll() is not None
        self.kill()
        return died

    def stop(self) -> int:
        code = self.server.stop(seconds=30)
        self._pass()
        return code

    def _pass(self):
        """The world's clock has gone on, also where another life has told it so already."""
        if self.world.wall_clock:
            self.world.clock = self.world.wall_clock.now()
        else:
            self.world.clock = max(self.world.clock, self.born + timedelta(seconds=time.monotonic() - self.began))


class _Held:
    def __init__(self, pid: int):
        self.pid = pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


def kill_at_random(world: World, dice: random.Random, kills: int, longest: float):
    """So many lives that end by SIGKILL after up to `longest` seconds; between two, the lease of the dead may be over
    or not."""
    for _ in range(kills):
        life = Life(world)
        time.sleep(dice.uniform(0.0, longest))
        life.kill()
        world.pass_time(dice.choice([dice.uniform(0.1, 2.0), dice.uniform(PAST_LEASE, PAST_LEASE + 10)]))


def is_open(world: World, receipts: bool) -> bool:
    """Whether anything is still to be sent, unclear, or (with receipts) not reported."""
    return world.rows(OPEN)[0][0] > 0 or (receipts and world.rows(AWAITED)[0][0] > 0)


def settle(world: World, receipts: bool, seconds: float = 60):
    """Lets the program live in peace until all is settled. Where there are receipts, unknown outcomes first have the
    chance of evidence, with the evidence window as it is: one life takes it in, and one begins when it may be judged.
    In the lives after that the window is short, since it begins anew with each bind."""
    short = {"VORTAG_EVIDENCE_WINDOW": "2"}
    evidence = [({}, PAST_LEASE, QUIET_LINE), ({}, PAST_PATIENCE, QUIET)] if receipts else []
    for window, pause, quiet in [*evidence, (short, 3600, QUIET), (short, 3600, QUIET)]:
        if not is_open(world, receipts):
            return
        world.pass_time(pause)
        live_until_quiet(world, receipts, seconds, quiet, **window)


def live_until_quiet(world: World, receipts: bool, seconds: float, quiet: float, **environment: str):
    """One life that ends when all is settled, or when nothing has changed for `quiet` seconds."""
    life = Life(world, **environment)
    deadline, since, last = time.monotonic() + seconds, time.monotonic(), None
    while is_open(world, receipts) and time.monotonic() < deadline and time.monotonic() - since < quiet:
        now = (world.rows("SELECT state, count(*) AS n FROM reminders GROUP BY state ORDER BY state"),
               world.rows("SELECT status, unclear, count(*) AS n FROM messages GROUP BY status, unclear ORDER BY 1, 2"))
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(0.1)
    code = life.stop()
    assert code == 0, f"a life in peace ended with {code}: {life.server.log.lines[-10:]}"
