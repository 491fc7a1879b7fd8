"""Foreign programs that Vortag talks to in the tests; they live in Tests/Peers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from . import processes
from .program import ROOT
from .waiting import eventually

_READY = re.compile(r"^PORT (\d+)$")


def python() -> str:
    """The Python that has the tests' packages."""
    return os.environ.get("VORTAG_TEST_PYTHON", sys.executable)


def _command(script: str) -> list[str]:
    """How a script of Tests/Peers is started, by its language and what it needs beside it."""
    path = str(ROOT / "Tests/Peers" / script)
    if script.endswith(".pl"):
        return ["perl", path]
    needs = ["--jasmin", str(ROOT / ".venv/jasmin-0.11.1.tar.gz")] if script.startswith("jasmin") else []
    return [python(), "-u", path, *needs]


class Peer:
    """A script of Tests/Peers: it says `PORT n` once it listens, then a line of JSON for each thing that happens."""

    def __init__(self, script: str, log: Path, *arguments: str):
        self.process = processes.start(
            [*_command(script), *map(str, arguments)],
            dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.log = processes.Log(self.process.stdout, log)
        self.port = self.log.wait_for(_port_of, seconds=20)

    @property
    def events(self) -> list[dict]:
        """What the peer saw so far, oldest first. A line that is not JSON is its own remark and left out."""
        return [json.loads(line) for line in list(self.log.lines) if line.startswith("{")]

    def wait_for_events(self, count: int, seconds: float = 15, **fields) -> list[dict]:
        """The events whose fields have these values, once there are so many."""

        def enough():
            found = [event for event in self.events if fields.items() <= event.items()]
            return found if len(found) >= count else None

        return eventually(enough, seconds, what=f"{count} events with {fields}")

    def stop(self) -> int:
        try:
            return processes.end(self.process)
        finally:
            self.process.stdin.close()
            self.log.close()


def _port_of(line: str) -> int | None:
    match = _READY.match(line)
    return int(match[1]) if match else None
