"""The process dies while e-mails leave: none is lost, and none comes twice but where nobody can know, and then marked."""

import pytest

from rig.lives import PAST_LEASE, Life, kill_at_random, settle
from rig.mail import MailWorld, fill

from harness.program import Program

# Before the final dot nothing has left; from then on nobody can tell but by the answer.
BEFORE_DOT = ["ehlo", "mail", "rcpt", "data"]
CONNECTIONS = 2


@pytest.fixture(scope="session")
def mail_template(tmp_path_factory):
    made = {}

    def of(count: int):
        if count not in made:
            folder = tmp_path_factory.mktemp(f"mail-template-{count}")
            program = Program(folder)
            try:
                made[count] = folder, fill(program, count)
            finally:
                program.close()
        return made[count]

    return of


@pytest.fixture
def mail_world(tmp_path, mail_template, dice):
    made = []

    def build(count: int, **options) -> MailWorld:
        folder = tmp_path / f"world-{len(made) + 1}"
        folder.mkdir()
        template, practice = mail_template(count)
        made.append(MailWorld(template, folder, practice, dice.randrange(2**31), **options))
        return made[-1]

    yield build
    for each in made:
        each.close()


def test_a_kill_before_the_final_dot_loses_no_mail_and_sends_none_twice(mail_world, dice, is_long, verdict):
    rounds = 5 if is_long else 1
    scene = mail_world(120 if is_long else 30, connections=CONNECTIONS)
    for _ in range(rounds):
        for moment in dice.sample(BEFORE_DOT, len(BEFORE_DOT)):
            kill_at(scene, moment, 1 if moment == "ehlo" else dice.randint(1, 3))
    settle(scene, receipts=False)
    found = verdict(scene, receipts=False)
    # A second connection may have been at its dot when the first was struck.
    assert found.faults.keys() <= {"marked_twice"} and found.marked_twice <= found.unknown, found.samples
    assert found.sent == found.due + found.marked_twice


def test_a_kill_between_the_final_dot_and_its_answer_marks_what_may_come_twice(mail_world, dice, is_long, verdict):
    rounds = 10 if is_long else 2
    scene = mail_world(120 if is_long else 30, connections=1)
    for _ in range(rounds):
        kill_at(scene, "dot", dice.randint(1, 3))
    settle(scene, receipts=False)
    found = verdict(scene, receipts=False)
    assert found.faults.keys() == {"marked_twice"}, found.samples
    assert found.marked_twice == rounds, "each kill struck one mail that was taken and not answered"
    assert found.sent == found.due + rounds


def test_kills_at_random_lose_no_mail_and_mark_what_may_come_twice(mail_world, dice, is_long, verdict):
    kills, count = (100, 1000) if is_long else (4, 60)
    scene = mail_world(count, connections=CONNECTIONS)
    scene.smsc.set(answer_delay=[0.0, 0.2])
    kill_at_random(scene, dice, kills, longest=2.5)
    settle(scene, receipts=False)
    found = verdict(scene, receipts=False)
    assert found.faults.keys() <= {"marked_twice"}, found.samples
    assert found.marked_twice <= kills * CONNECTIONS


def kill_at(scene: MailWorld, moment: str, count: int):
    life = Life(scene)
    with life.held():
        scene.smsc.trigger(moment, "kill", count, pid=life.pid)
    life.wait_for_death(moment=f"at {moment} {count}")
    scene.pass_time(PAST_LEASE)
