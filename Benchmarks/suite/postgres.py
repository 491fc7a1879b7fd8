"""A PostgreSQL 15 of the benchmark's own: temporary folder, free loopback port, durability as it comes (fsync on)."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from harness.waiting import eventually, free_port

from . import measure

BINARIES = Path("/usr/lib/postgresql/15/bin")
# initdb and postgres refuse to run as root.
UNPRIVILEGED = ("postgres", "nobody")


def is_installed() -> bool:
    return (BINARIES / "initdb").is_file()


class Cluster:
    """Started on creation, ended and removed by `stop`. Nothing of its configuration is tuned."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="vortag-bench-pg-", dir=os.environ.get("BENCH_FOLDER")))
        self.port = free_port()
        self._as = {}
        if os.getuid() == 0:
            user = next(pwd.getpwnam(name) for name in UNPRIVILEGED if _exists(name))
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = self.folder / "data"
        subprocess.run([BINARIES / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C"],
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._as)
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [BINARIES / "postgres", "-D", data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                 "-c", f"unix_socket_directories={self.folder}"],
                stdout=log, stderr=subprocess.STDOUT, cwd=self.folder, start_new_session=True, **self._as)
        ready = [BINARIES / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        eventually(lambda: subprocess.run(ready).returncode == 0, 30, what="PostgreSQL")
        self._databases = 0

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._databases += 1
        name = f"bench{self._databases}"
        subprocess.run([BINARIES / "createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", name], check=True)
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"

    def cpu_seconds(self) -> float:
        """The server with all its processes, those that have ended included."""
        return measure.family_cpu_seconds(self.process.pid)

    def stop(self):
        # SIGINT is PostgreSQL's fast shutdown: sessions are ended, and the data are written.
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False
