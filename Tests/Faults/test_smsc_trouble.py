"""The SMSC misbehaves while the program lives: nothing is lost, nothing leaves twice, and all is settled in the end."""

import time

import pytest

from rig.lives import Life, settle

COUNT = 40
# See fault_line.py.
SHAPES = ["short", "zero", "huge", "negative"]


@pytest.fixture
def scene(world, is_long):
    """A window of eight, and answers awaited for two seconds only."""
    return world(300 if is_long else COUNT, window=8, rate=100, response_timeout=2)


def live_through(scene, seconds=40):
    """One life that goes on until everything has been tried once, whatever came of it."""
    life = Life(scene)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and scene.rows("SELECT count(*) AS n FROM reminders WHERE state = 'planned'")[0][0]:
        time.sleep(0.1)
    return life


def finish(scene, life, verdict):
    assert life.stop() == 0
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
    return found


def test_every_trouble_at_once(scene, dice, verdict):
    scene.smsc.set(throttle=0.1, answer_delay=[0.0, 0.4], receipt_delay=[0.0, 0.4], early_receipt=0.3, silent=0.05)
    scene.smsc.trigger("answer", "cut", dice.randint(5, COUNT // 2))
    scene.smsc.trigger("receipt", "garbage", dice.randint(5, COUNT // 2), shape=dice.choice(SHAPES))
    finish(scene, live_through(scene, seconds=6), verdict)
    assert len(scene.smsc.listed("struck")) == 2


@pytest.mark.long
@pytest.mark.parametrize("settings", [
    {"throttle": 0.3},
    {"answer_delay": [0.5, 1.5]},
    {"answer_delay": [0.0, 0.5], "receipt_delay": [0.0, 0.5]},
    {"early_receipt": 1.0, "answer_delay": [0.0, 0.2]},
], ids=["throttling", "slow", "answers out of order", "receipts before their answers"])
def test_trouble_that_leaves_no_doubt_makes_no_unknown(scene, verdict, settings):
    scene.smsc.set(**settings)
    found = finish(scene, live_through(scene), verdict)
    assert found.unknown == 0, "every message was answered, or surely not taken"


@pytest.mark.long
@pytest.mark.parametrize("moment", ["submit", "taken", "answer", "receipt"])
def test_a_line_that_is_cut_in_the_middle_of_the_window(scene, dice, is_long, verdict, moment):
    scene.smsc.set(answer_delay=[0.0, 0.1])
    for _ in range(10 if is_long else 2):
        scene.smsc.trigger(moment, "cut", dice.randint(2, COUNT // 2))
    finish(scene, live_through(scene), verdict)
    assert scene.smsc.listed("struck")


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_a_length_that_lies_ends_the_session_and_harms_nothing(scene, dice, verdict, shape):
    scene.smsc.trigger("answer", "garbage", dice.randint(2, COUNT // 2), shape=shape)
    life = live_through(scene)
    scene.smsc.wait_for("bound", 2)
    finish(scene, life, verdict)


@pytest.mark.long
def test_answers_that_never_come(scene, verdict):
    scene.smsc.set(silent=0.1)
    found = finish(scene, live_through(scene), verdict)
    assert found.unknown > 0


@pytest.mark.long
def test_an_smsc_that_unbinds_in_place_of_an_answer(scene, verdict):
    scene.smsc.set(unbind=0.05)
    finish(scene, live_through(scene), verdict)
    assert scene.smsc.listed("unbound")


@pytest.mark.long
def test_a_line_on_which_nothing_passes_for_a_while(scene, dice, verdict):
    scene.smsc.trigger("submit", "freeze", dice.randint(2, COUNT // 2))
    life = Life(scene)
    scene.smsc.wait_for("struck", 1)
    time.sleep(4)
    scene.smsc.do("thaw")
    finish(scene, life, verdict)


@pytest.mark.long
@pytest.mark.parametrize("moment, resent", [("submit", 3), ("answer", 0)])
def test_what_the_line_swallowed_is_sent_once_more_only_if_no_receipt_tells_of_it(scene, dice, verdict, moment, resent):
    for count in dice.sample(range(1, COUNT // 2), 3):
        scene.smsc.trigger(moment, "drop", count)
    found = finish(scene, live_through(scene), verdict)
    assert found.unknown == 3 and found.sent == found.due
    assert scene.rows("SELECT count(*) AS n FROM messages WHERE possibly_twice = 1") == [(resent,)]
