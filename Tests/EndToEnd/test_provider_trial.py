"""`provider test` beside the engine: what the provider brings on its connection belongs to everybody."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing


def test_what_comes_for_others_during_a_trial_is_kept_and_acknowledged(migrated, smsc):
    peer = smsc("--receipt-delay", "2", script="netsmpp_smsc.pl")
    migrated("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user", "u")
    with ThreadPoolExecutor(1) as pool:
        trial = pool.submit(migrated, "provider", "test", "smsc", "--to", "+436641234500", "--from", "Praxis")
        peer.wait_for_events(1, event="bound")
        for order in (
            {"text": "id:of-another submit date:2703110700 stat:UNDELIV err:001 text:Termin", "esmClass": 4},
            {"text": "Danke", "esmClass": 0},
        ):
            line = {"cmd": "mo", "source": "436641234511", "destination": "436761234567", "pdu": "deliver_sm"} | order
            peer.process.stdin.write(json.dumps(line) + "\n")
        peer.process.stdin.flush()
        told = trial.result().out
    assert told.strip() == "receipt: delivered", "another's receipt is not taken for the test message's"
    assert [event["status"] for event in peer.wait_for_events(3, event="answer")] == [0, 0, 0]
    with closing(sqlite3.connect(migrated.database)) as database:
        assert database.execute("SELECT text FROM inbound").fetchall() == [("Danke",)]
        kept = dict(database.execute("SELECT receipt_key, status FROM receipts"))
    assert kept.pop("of-another") == "undeliverable"
    assert list(kept.values()) == ["delivered"]
