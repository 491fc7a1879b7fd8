"""A running `vortag serve`."""

import signal
import subprocess
from pathlib import Path

import requests

from . import processes
from .api import Api
from .waiting import eventually


class Server:
    """One process of `vortag serve`, its address and its log."""

    def __init__(self, process: subprocess.Popen, port: int, log: Path):
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = processes.Log(process.stdout, log)
        self._probe = requests.Session()
        # A proxy of the surroundings must not stand between a test and its server.
        self._probe.trust_env = False

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until_ready(self, seconds: float = 30):
        """Returns once /readyz answers 200; tells the log if the process ends before."""

        def ready():
            code = self.process.poll()
            if code is not None:
                self.log.close()
                raise RuntimeError(f"vortag serve ended with {code}: {self.log.lines[-20:]}")
            try:
                return self._probe.get(self.url + "/readyz", timeout=2).status_code == 200
            except requests.RequestException:
                return False

        eventually(ready, seconds, what=f"{self.url}/readyz")

    def api(self, token: str) -> Api:
        """The JSON API with this token."""
        return Api(self.url, token)

    def stop(self, seconds: float = 15) -> int:
        """Ends the server as systemd would, by SIGTERM. Returns its exit code; doing it twice does no harm."""
        try:
            return processes.end(self.process, seconds)
        finally:
            self.log.close()

    def kill(self) -> int:
        """Ends the server as a power cut would: nothing is said to it."""
        try:
            return processes.end(self.process, signal_number=signal.SIGKILL)
        finally:
            self.log.close()
