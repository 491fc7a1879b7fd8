"""The process dies at each step of a message's way, struck from outside at the moment itself."""

import pytest

from rig import tracing
from rig.lives import PAST_LEASE, Life, settle

MOMENTS = ["bound", "submit", "taken", "answer", "answered", "receipt", "received", "acknowledged"]
WINDOW = 8


def test_a_kill_at_each_moment_on_the_wire_loses_nothing_and_sends_nothing_twice(world, dice, is_long, verdict):
    rounds = 5 if is_long else 1
    scene = world(400 if is_long else 100, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.05], receipt_delay=[0.0, 0.1])
    for _ in range(rounds):
        for moment in dice.sample(MOMENTS, len(MOMENTS)):
            life = Life(scene)
            count = 1 if moment == "bound" else dice.randint(1, 12 if is_long else 6)
            with life.held():
                scene.smsc.trigger(moment, "kill", count, pid=life.pid)
            life.wait_for_death(moment=f"at {moment} {count}")
            scene.pass_time(PAST_LEASE)
    assert len(scene.smsc.listed("struck")) == rounds * len(MOMENTS)
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples


@pytest.mark.long
@pytest.mark.parametrize("calls", tracing.CALLS)
def test_a_kill_at_the_boundaries_of_system_calls_loses_nothing_and_sends_nothing_twice(
    world, dice, is_long, verdict, calls
):
    if why := tracing.is_possible():
        pytest.skip(why)
    scene = world(600 if is_long else 60, window=WINDOW, rate=40)
    scene.smsc.set(answer_delay=[0.0, 0.05], receipt_delay=[0.0, 0.1])
    binary, deaths = scene.program.binary, 0
    for _ in range(20 if is_long else 2):
        scene.program.binary = tracing.traced(binary, scene.program.folder, calls, "signal=SIGKILL",
                                              str(dice.randint(1, tracing.CALLS[calls])))
        life = Life(scene)
        deaths += life.die_or_be_killed(seconds=8)
        scene.pass_time(PAST_LEASE)
    scene.program.binary = binary
    assert deaths > 0, "no kill by a system call"
    settle(scene, receipts=True)
    found = verdict(scene)
    assert found.faults == {}, found.samples
