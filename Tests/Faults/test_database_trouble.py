"""The database is locked by another, full, failing; messages are on their way meanwhile."""

import sqlite3
import time
from contextlib import closing, contextmanager

import pytest

from rig import tracing
from rig.databases import SQLiteDatabase
from rig.disks import SmallDisk
from rig.lives import Life, settle
from rig.smsc import FaultySmsc
from rig.world import World, copied

WINDOW = 8


@contextmanager
def locked(path):
    """Held as `BEGIN IMMEDIATE` of another program holds it: nobody else may write."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("seconds", [2, pytest.param(12, marks=pytest.mark.long)])
def test_a_database_that_another_program_locks_delays_and_harms_nothing(world, verdict, seconds):
    scene = world(120, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.2], receipt_delay=[0.0, 0.2])
    life = Life(scene)
    scene.smsc.wait_for("taken", 20)
    with locked(scene.database.path):
        time.sleep(1)
        early = len(scene.smsc.listed("taken"))
        time.sleep(seconds - 1)
        assert len(scene.smsc.listed("taken")) <= early + WINDOW, "sent without an attempt on record"
    scene.smsc.wait_for("taken", 120, seconds=40)
    assert life.stop() == 0
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
    assert found.unknown == 0, "what was answered meanwhile is noted afterwards"


@pytest.fixture
def small(tmp_path, template, dice):
    """A world whose database lies on a disk of its own, with room for SQLite's log, which is folded in at 16 MB."""
    disk = SmallDisk(tmp_path / "disk", megabytes=40)
    if disk.why_not:
        pytest.skip(disk.why_not)
    program = copied(template(120), tmp_path, disk.folder)
    smsc = FaultySmsc(tmp_path, dice.randrange(2**31))
    scene = World(program, SQLiteDatabase(program.database), smsc, window=WINDOW, rate=40)
    scene.disk = disk
    yield scene
    scene.close()
    disk.unmount()


@pytest.mark.long
def test_a_disk_that_is_full_for_a_while_delays_and_harms_nothing(small, verdict):
    small.smsc.set(answer_delay=[0.0, 0.2], receipt_delay=[0.0, 0.2])
    life = Life(small)
    small.smsc.wait_for("taken", 20)
    small.disk.fill()
    time.sleep(1)
    early = len(small.smsc.listed("taken"))
    time.sleep(5)
    assert len(small.smsc.listed("taken")) <= early + WINDOW, "sent without an attempt on record"
    small.disk.free()
    small.smsc.wait_for("taken", 120, seconds=40)
    assert life.stop() == 0
    settle(small, receipts=True)
    found = verdict(small)
    assert found.faults == {}, found.samples
    assert found.unknown == 0, "what was answered meanwhile is noted afterwards"


@pytest.mark.long
def test_a_kill_while_the_disk_is_full_loses_nothing(small, verdict):
    small.smsc.set(answer_delay=[0.0, 0.2], receipt_delay=[0.0, 0.2])
    life = Life(small)
    small.smsc.wait_for("taken", 20)
    small.disk.fill()
    time.sleep(2)
    life.kill()
    small.disk.free()
    settle(small, receipts=True)
    found = verdict(small)
    assert found.faults == {}, found.samples


@pytest.mark.long
@pytest.mark.parametrize("calls", ["fdatasync", "pwrite64"])
def test_a_disk_that_fails_now_and_then_loses_nothing(world, dice, verdict, calls):
    if why := tracing.is_possible():
        pytest.skip(why)
    scene = world(60, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.1], receipt_delay=[0.0, 0.1])
    binary = scene.program.binary
    scene.program.binary = tracing.traced(binary, scene.program.folder, calls, "error=EIO",
                                          f"{dice.randint(3, 9)}+{dice.randint(5, 9)}")
    life = Life(scene)
    time.sleep(8)
    life.kill()
    scene.program.binary = binary
    assert tracing.strikes(scene.program.folder) > 0
    settle(scene, receipts=True)
    assert scene.rows("PRAGMA integrity_check") == [("ok",)]
    found = verdict(scene)
    assert found.faults == {}, found.samples
