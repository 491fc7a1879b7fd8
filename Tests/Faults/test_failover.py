"""Two providers: the first is killed in the middle of the morning, and the second carries what is left."""

import time

from harness.waiting import eventually
from rig.lives import OPEN, Life
from rig.oracle import judge
from rig.smsc import FaultySmsc

WINDOW = 8
EVIDENCE_SECONDS = 10


def test_the_first_provider_dies_in_the_middle_and_the_second_carries_the_rest(world, tmp_path, dice, is_long):
    count = 1000 if is_long else 200
    scene = world(count, window=WINDOW, rate=200, response_timeout=5)
    folder = tmp_path / "second"
    folder.mkdir()
    second = FaultySmsc(folder, dice.randrange(2**31))
    scene.program("provider", "add", "second", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{second.port}", "--user",
                  "vortag", "--priority", "200", "--option", f"window={WINDOW}")
    try:
        scene.smsc.set(answer_delay=[0.02, 0.05])
        scene.smsc.trigger("taken", "kill", count // 2, pid=scene.smsc.process.pid)
        life = Life(scene, VORTAG_EVIDENCE_WINDOW=str(EVIDENCE_SECONDS))
        eventually(lambda: scene.smsc.process.poll() is not None, 60, what="the death of the first provider")
        died = time.monotonic()
        in_flight = eventually(
            lambda: scene.rows("SELECT count(*) AS n FROM messages WHERE unclear = 1")[0][0], 30, pause=0.05,
            what="messages in flight at the death",
        )
        # Everything else is handed over while those in flight wait for evidence.
        planned = "SELECT count(*) AS n FROM reminders WHERE state = 'planned'"
        eventually(lambda: scene.rows(planned)[0][0] == 0, 60, what="the second provider taking over")
        taken_before = {entry["destination"] for entry in scene.smsc.listed("taken")}
        while time.monotonic() < died + EVIDENCE_SECONDS - 1:
            again = taken_before & {entry["destination"] for entry in second.listed("taken")}
            assert not again, "one that may have left went again before its time"
            time.sleep(0.2)
        eventually(lambda: scene.rows(OPEN)[0][0] == 0, 60, what="every outcome settled")
        assert life.stop() == 0
        first_list, second_list = scene.smsc.listed("taken"), second.listed("taken")
        found = judge(scene.database, first_list + second_list, receipts=False)
        assert found.lost == found.silent_twice == found.strange == found.unsettled == 0, found.samples
        assert 0 < in_flight <= WINDOW and found.marked_twice <= in_flight
        assert len({entry["destination"] for entry in first_list + second_list}) == count
        marked = scene.rows("SELECT count(*) AS n FROM messages WHERE possibly_twice = 1")[0][0]
        assert found.marked_twice <= marked <= WINDOW
    finally:
        second.stop()
