"""The program under test, with a folder, a database and a key file of its own."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .server import Server
from .waiting import free_port

ROOT = Path(__file__).resolve().parents[3]


def binary() -> Path:
    """The binary to test: VORTAG_BINARY, otherwise the debug build's."""
    path = Path(os.environ.get("VORTAG_BINARY", ROOT / ".build/debug/vortag")).resolve()
    assert path.is_file(), f"{path} is missing: run `swift build`, or set VORTAG_BINARY"
    return path


@dataclass
class Result:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def last_word(self) -> str:
        """The id or the token that a command prints last."""
        return self.out.split()[-1]


class Program:
    """Runs `vortag` in a folder of its own. Nothing of the surroundings' configuration reaches it."""

    def __init__(self, folder: Path, address: str | None = None):
        """`address` is the database's; without one it is a SQLite file in the folder."""
        self.folder = folder
        self.database = folder / "vortag.db"
        self.address = address or f"sqlite:{self.database}"
        self.key_file = folder / "vortag.key"
        self.binary = binary()
        self.servers: list[Server] = []

    def environment(self, clock: str | None = None, **more: str) -> dict[str, str]:
        """The surroundings without their VORTAG_ variables, and with this program's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VORTAG_")}
        own = {"VORTAG_DATABASE": self.address, "VORTAG_SECRET_KEY_FILE": str(self.key_file)}
        if clock is not None:
            own["VORTAG_CLOCK"] = clock
        return kept | own | more

    def run(
        self,
        *arguments: str,
        clock: str | None = None,
        stdin: str = "",
        check: bool = True,
        seconds: float = 60,
        **environment: str,
    ) -> Result:
        """Runs a command to its end. With `check`, any exit code but 0 is an error that shows what was printed."""
        process = processes.start(
            [str(self.binary), *map(str, arguments)],
            self.environment(clock, **environment),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except BaseException:
            processes.end(process, seconds=0)
            raise
        result = Result(process.returncode, out, err)
        assert not check or result.code == 0, f"vortag {' '.join(map(str, arguments))}: {result}"
        return result

    __call__ = run

    def serve(self, *arguments: str, clock: str | None = None, wait: bool = True, **environment: str) -> Server:
        """Starts `vortag serve` on a free loopback port and, with `wait`, waits until it is ready."""
        port = free_port()
        log = self.folder / f"serve-{len(self.servers) + 1}.log"
        listening = {"VORTAG_HTTP_HOST": "127.0.0.1", "VORTAG_HTTP_PORT": str(port)}
        process = processes.start(
            [str(self.binary), "serve", *arguments],
            self.environment(clock, **(listening | environment)),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        server = Server(process, port, log)
        self.servers.append(server)
        if wait:
            server.wait_until_ready()
        return server

    def close(self):
        """Ends every server that still runs; each is asked even if one before it failed to end."""
        failures = []
        for server in self.servers:
            try:
                server.stop()
            except AssertionError as error:
                failures.append(str(error))
        assert not failures, failures
