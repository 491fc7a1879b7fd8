"""The process dies at random moments, again and again."""

import time

import pytest

from rig.lives import PAST_LEASE, Life, kill_at_random, settle

WINDOW = 16


def test_kills_with_an_smsc_that_keeps_receipts_lose_nothing_and_send_nothing_twice(world, dice, is_long, verdict):
    kills, count = (100, 2000) if is_long else (4, 120)
    scene = world(count, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.3], receipt_delay=[0.0, 1.0])
    kill_at_random(scene, dice, kills, longest=1.5)
    assert scene.judge().unsettled > 0, "the queue was empty before the last kill"
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
    assert found.unknown > 0, "no kill struck while a message was on its way"


def test_kills_with_an_smsc_without_receipts_lose_nothing_and_mark_what_may_come_twice(world, dice, is_long, verdict):
    kills, count = (100, 2000) if is_long else (4, 120)
    scene = world(count, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.3], receipts=False)
    kill_at_random(scene, dice, kills, longest=1.5)
    assert scene.judge(receipts=False).unsettled > 0, "the queue was empty before the last kill"
    settle(scene, receipts=False)
    found = verdict(scene, receipts=False)
    assert found.faults.keys() <= {"marked_twice"}, found.samples
    assert 0 < found.marked_twice <= kills * WINDOW


@pytest.mark.long
def test_of_two_processes_on_one_database_either_may_die(world, dice, is_long, verdict):
    """What the dead held is free again after its lease; the other goes on meanwhile."""
    scene = world(2000 if is_long else 160, window=WINDOW, rate=20)
    scene.smsc.set(answer_delay=[0.0, 0.3], receipt_delay=[0.0, 0.5])
    for _ in range(20 if is_long else 2):
        lives = [Life(scene), Life(scene)]
        dice.shuffle(lives)
        for life in lives:
            time.sleep(dice.uniform(0.5, 2.5))
            life.kill()
        scene.pass_time(PAST_LEASE)
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
