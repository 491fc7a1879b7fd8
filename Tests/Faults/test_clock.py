"""The clock is set forward and back: between two lives, which is no jump, and while the program runs."""

import time

import pytest

from rig.lives import PAST_LEASE, Life, settle

WINDOW, COUNT = 8, 120


@pytest.fixture
def scene(world):
    scene = world(COUNT, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.2], receipt_delay=[0.0, 0.2])
    return scene


@pytest.mark.long
@pytest.mark.parametrize("seconds", [3600, -840, -1800], ids=["forward", "back", "far back"])
def test_a_clock_that_is_set_while_nobody_lives(scene, verdict, seconds):
    """Back means before seven: nothing is due then, and receipts come for what was sent "later". The engine takes them
    for evidence as long as they seem to be up to a quarter of an hour too early; beyond, it may resend, and says so."""
    scene.pass_time(600)
    life = Life(scene)
    scene.smsc.wait_for("taken", 30)
    life.kill()
    early = len(scene.smsc.listed("taken"))
    scene.pass_time(seconds)
    life = Life(scene)
    time.sleep(4)
    assert life.stop() == 0
    if seconds < 0:
        assert len(scene.smsc.listed("taken")) == early, "sent before it was due"
        scene.pass_time(-seconds)
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults.keys() <= ({"marked_twice"} if seconds < -900 else set()), found.samples
    assert found.marked_twice <= found.unknown


@pytest.mark.long
@pytest.mark.parametrize("seconds", [240, -240], ids=["forward", "back"])
def test_a_small_step_of_the_wall_clock_delays_and_harms_nothing(scene, verdict, seconds):
    scene.use_wall_clock()
    scene.pass_time(600)
    life = Life(scene)
    scene.smsc.wait_for("taken", 30)
    scene.step(seconds)
    scene.smsc.wait_for("taken", COUNT, seconds=30)
    assert life.stop() == 0
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples


@pytest.mark.parametrize("seconds", [pytest.param(7200, marks=pytest.mark.long), -1800], ids=["forward", "back"])
def test_a_jump_of_the_wall_clock_pauses_sending_until_it_is_told_to_go_on(scene, verdict, seconds):
    scene.use_wall_clock()
    scene.pass_time(3600)
    life = Life(scene)
    scene.smsc.wait_for("taken", 30)
    scene.step(seconds)
    time.sleep(3)
    paused = len(scene.smsc.listed("taken"))
    assert paused < COUNT, "all was sent before the jump was seen"
    time.sleep(3)
    assert len(scene.smsc.listed("taken")) == paused, "the clock jumped, and sending went on"
    scene.program("deliver", "--resume", **scene.environment)
    scene.smsc.wait_for("taken", COUNT, seconds=PAST_LEASE + 30)
    assert life.stop() == 0
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
