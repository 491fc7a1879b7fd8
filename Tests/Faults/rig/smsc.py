"""The SMSC with faults, as a scenario handles it."""

import json
from collections import Counter
from pathlib import Path

from harness.peers import Peer
from harness.waiting import eventually


class FaultySmsc(Peer):
    """`set` and `trigger` order faults, `taken` is its own list of what will reach a patient."""

    script = "faulty_smsc.py"

    def __init__(self, folder: Path, seed: int, *arguments: str):
        self.list_file = folder / "smsc-list.jsonl"
        super().__init__(self.script, folder / "smsc.log", "--list", self.list_file, "--seed", seed, *arguments)
        self._orders = 0

    @property
    def entries(self) -> list[dict]:
        """Everything on its list, oldest first."""
        if not self.list_file.exists():
            return []
        return [json.loads(line) for line in self.list_file.read_text().splitlines()]

    def listed(self, event: str) -> list[dict]:
        return [entry for entry in self.entries if entry["event"] == event]

    def times(self, event: str) -> Counter:
        """How often a message of this destination was so listed."""
        return Counter(entry["destination"] for entry in self.listed(event))

    def wait_for(self, event: str, count: int, seconds: float = 20) -> list[dict]:
        """The entries of this event, once there are so many."""
        return eventually(
            lambda: (found := self.listed(event)) and len(found) >= count and found, seconds,
            what=f"{count} times {event} on the SMSC's list",
        )

    def set(self, **settings):
        self._order({"set": settings})

    def trigger(self, at: str, do: str, count: int = 1, **more):
        self._order({"trigger": {"at": at, "do": do, "count": count} | more})

    def do(self, deed: str):
        self._order({"do": deed})

    def _order(self, order: dict):
        """Gives an order and waits until it was obeyed."""
        self._orders += 1
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

        def obeyed():
            assert self.process.poll() is None, f"the SMSC ended: {self.log.lines[-5:]}"
            return sum(line.startswith('{"obeyed"') for line in list(self.log.lines)) >= self._orders

        eventually(obeyed, 10, pause=0.005, what=f"obeying {order}")
