"""A PostgreSQL server of the test's own, on a free loopback port, that can be killed and started again."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness.waiting import eventually, free_port

from .databases import PostgreSQLDatabase


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version's; None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class PostgreSQLServer:
    """Full durability, as it is installed: fsync stays on."""

    def __init__(self, bin_folder: Path):
        # Not in the test's own folder: a temporary folder of root's is closed to the account that the server runs as.
        self.folder, self.bin = Path(tempfile.mkdtemp(prefix="vortag-postgresql-")), bin_folder
        self.port = free_port()
        self.data = self.folder / "data"
        self._user = {}
        if os.geteuid() == 0:
            # It refuses to run as root.
            account = pwd.getpwnam("postgres")
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "--pgdata", self.data, "--username", "vortag", "--auth", "trust", "--encoding", "UTF8",
                  "--no-locale", "--no-sync")
        self.start()
        self._run("createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", "vortag", "vortag")
        self.url = f"postgresql://vortag@127.0.0.1:{self.port}/vortag"
        self.database = PostgreSQLDatabase(self.url, bin_folder / "psql")

    def _run(self, name: str, *arguments):
        done = subprocess.run([self.bin / name, *arguments], cwd=self.folder, timeout=60, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **self._user)
        assert done.returncode == 0, f"{name}: {done.stdout}"

    def start(self):
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        # pg_ctl's child keeps its output open, so it goes to a file; a server whose predecessor's workers still end
        # refuses to start.
        def started():
            with (self.folder / "pg_ctl.log").open("a") as log:
                return subprocess.run(
                    [self.bin / "pg_ctl", "start", "--wait", "--pgdata", self.data, "--log", self.folder / "log",
                     "--options", options], cwd=self.folder, timeout=60, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, check=False, **self._user).returncode == 0

        eventually(started, 60, pause=0.5, what="the start of PostgreSQL")

    def stop(self, mode: str = "immediate"):
        """`immediate` ends without a checkpoint, as a crash of the machine."""
        self._run("pg_ctl", "stop", "--pgdata", self.data, "--mode", mode)

    def kill(self):
        """SIGKILL to the first process; its workers see that and end."""
        os.kill(self.pid, signal.SIGKILL)
        time.sleep(0.2)

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def remove(self):
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)
