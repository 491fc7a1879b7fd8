"""The process dies while appointments are being saved: what was answered with 201 is reminded of."""

import random
import threading
import time

import pytest
import requests

from harness.practice import Practice
from rig.lives import settle
from rig.world import CLOSING, END, SAVED, START, number


@pytest.fixture
def practice(world):
    scene = world(0)
    program = scene.program
    practice = Practice(program, name="Praxis am Ring", clock=SAVED)
    server = program.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish(closing_text=CLOSING)
    server.stop()
    practice.scene = scene
    return practice


def save_until_it_dies(practice, dice: random.Random, first: int) -> tuple[list[str], int]:
    """Saves appointments one after the other; the server is killed in the middle. Tells the numbers of the patients
    whose appointment was answered with 201, and how many patients were tried."""
    server = practice.scene.program.serve("--role", "web", clock=SAVED)
    practice.open(server)
    end, answered, index = time.monotonic() + dice.uniform(0.2, 1.5), [], first
    try:
        while True:
            # From another thread than the requests', so that it strikes in the middle of one.
            if time.monotonic() > end:
                kill_soon(server, dice.uniform(0.0, 0.02))
                end = float("inf")
            mobile = number(index)
            index += 1
            practice.appointment(practice.patient(mobile=mobile), START, END)
            answered.append(mobile.removeprefix("+"))
    except requests.RequestException:
        server.kill()
    return answered, index


def kill_soon(server, seconds: float):
    threading.Timer(seconds, server.process.kill).start()


def test_what_was_saved_before_a_kill_is_reminded_of(practice, dice, is_long, verdict):
    saved, index = [], 0
    for _ in range(20 if is_long else 3):
        answered, index = save_until_it_dies(practice, dice, index)
        saved += answered
    assert len(saved) > 10
    scene = practice.scene
    settle(scene, receipts=True)
    assert set(saved) <= scene.smsc.times("taken").keys(), "an appointment was saved, and its reminder is lost"
    found = verdict(scene)
    assert found.faults == {}, found.samples
