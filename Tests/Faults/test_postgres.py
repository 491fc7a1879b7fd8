"""PostgreSQL dies and comes back while messages are on their way."""

import time

import pytest

from harness.program import Program
from rig import postgres
from rig.lives import PAST_LEASE, Life, kill_at_random, settle
from rig.smsc import FaultySmsc
from rig.world import World, fill

WINDOW = 8


@pytest.fixture
def server():
    """A server of this test's own."""
    folder = postgres.programs()
    assert folder, "PostgreSQL is not installed: run `make setup`"
    server = postgres.PostgreSQLServer(folder)
    yield server
    server.remove()


@pytest.fixture
def scene(tmp_path, server, dice, is_long):
    program = Program(tmp_path, server.url)
    fill(program, 2000 if is_long else 80)
    smsc = FaultySmsc(tmp_path, dice.randrange(2**31))
    scene = World(program, server.database, smsc, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.3], receipt_delay=[0.0, 1.0])
    yield scene
    scene.close()


@pytest.mark.long
def test_the_server_can_be_killed_and_comes_back(server):
    for end in (server.kill, server.stop):
        assert server.database.query("SELECT 1 AS one, 'zwei' AS two, NULL AS three") == [(1, "zwei", None)]
        end()
        server.start()


@pytest.mark.parametrize("end", ["kill", pytest.param("stop", marks=pytest.mark.long)])
def test_a_server_that_dies_and_comes_back_delays_and_harms_nothing(scene, server, is_long, verdict, end):
    life = Life(scene)
    for round_number in range(1, 6 if is_long else 2):
        scene.smsc.wait_for("taken", 30 * round_number, seconds=60)
        getattr(server, end)()
        time.sleep(1)
        early = len(scene.smsc.listed("taken"))
        time.sleep(3)
        assert len(scene.smsc.listed("taken")) <= early + WINDOW, "sent without an attempt on record"
        server.start()
    scene.smsc.wait_for("taken", scene.rows("SELECT count(*) AS n FROM reminders")[0][0], seconds=120)
    assert life.stop() == 0
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
    assert found.unknown == 0, "what was answered meanwhile is noted afterwards"


@pytest.mark.long
def test_kills_of_the_program_on_postgresql_lose_nothing_and_send_nothing_twice(scene, dice, is_long, verdict):
    kill_at_random(scene, dice, 100 if is_long else 8, longest=1.5)
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
    assert found.unknown > 0, "no kill struck while a message was on its way"


@pytest.mark.long
def test_of_two_nodes_on_postgresql_either_may_die(scene, dice, verdict):
    """What the dead had on its way is looked after by the other; neither sends what the other started."""
    for _ in range(20):
        lives = [Life(scene), Life(scene)]
        dice.shuffle(lives)
        for life in lives:
            time.sleep(dice.uniform(0.5, 2.5))
            life.kill()
        scene.pass_time(PAST_LEASE)
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
    assert found.unknown > 0, "no kill struck while a message was on its way"
