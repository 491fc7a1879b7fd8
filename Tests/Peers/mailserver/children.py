"""Servers that run in the foreground as children, and end with whoever started them."""

import os
import signal
import socket
import subprocess
import time

# Ends a server whose starter was killed. The kernel's own signal for that does not reach Postfix: it is forgotten when
# a process gives up its rights. A word on the input says that the server has ended.
_GUARD = 'read -r word || kill -TERM "$0"'


def free_ports(names):
    """A free loopback port for each name, all held until each is found, so that none is given twice."""
    probes = {name: socket.socket() for name in names}
    try:
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()


class Server:
    """One server: its main process in a group of its own."""

    def __init__(self, arguments, ports, log, environment=None):
        self.arguments, self.ports, self.log = arguments, ports, log
        self.environment = {**os.environ, **(environment or {})}
        self.process = self.guard = None

    def start(self, seconds=20):
        """Returns once each of its ports is taken."""
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                self.arguments, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )
        guard = ["sh", "-c", _GUARD, str(self.process.pid)]
        self.guard = subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True)
        deadline = time.monotonic() + seconds
        for port in self.ports:
            while not self._listens(port):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.arguments[0]} does not listen on {port}; see {self.log}")
                time.sleep(0.02)

    def stop(self, seconds=10):
        """By its process id; what is left of its group is killed."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.guard.communicate(b"ended\n")
        self.process = self.guard = None

    @staticmethod
    def _listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
