"""The SMSC that every gateway here sends to: `vortag simulate-smsc`, in a process of its own."""

import json
import signal
import subprocess
import threading
import time

from harness import processes


class SMSC:
    """Runs the simulator; with `record` it keeps each submit_sm and when it was seen (monotonic seconds).

    Recording costs it many times what answering does, so it is left off where speed is measured.
    """

    def __init__(self, program, receipt_delay: float = 0.0, port: int = 0, record: bool = False):
        arguments = [str(program.binary), "simulate-smsc", "--port", str(port), "--receipt-delay", str(receipt_delay)]
        self.process = processes.start(
            arguments + (["--record"] if record else []), program.environment(), stdout=subprocess.PIPE
        )
        self.port = int(self.process.stdout.readline().split()[-1])
        self.times: list[float] = []
        self._raw: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def _read(self):
        # Nothing is decoded here: the sink must not be the limit.
        for line in self.process.stdout:
            self._raw.append(line)
            self.times.append(time.monotonic())

    @property
    def count(self) -> int:
        return len(self.times)

    def stop(self) -> list[dict]:
        """Ends the simulator and returns what was submitted, in order."""
        if self.process.poll() is None:
            processes.end(self.process, signal_number=signal.SIGTERM)
        self._reader.join(10)
        return [json.loads(line) for line in self._raw]
