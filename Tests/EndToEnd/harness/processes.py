"""Child processes that cannot outlive the test run."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start(arguments: list[str], environment: dict[str, str], **streams) -> subprocess.Popen:
    """Starts a process in a group of its own; the kernel ends it if the test run itself is killed."""
    return subprocess.Popen(
        arguments, env=environment, start_new_session=True, preexec_fn=_die_with_parent, text=True, **streams
    )


def end(process: subprocess.Popen, seconds: float = 10, signal_number: int = signal.SIGTERM) -> int:
    """Asks one process, by its id, to end; kills its group if it does not within the time. Returns its exit code.

    A process that had to be killed is a failure of the program, and raised as one.
    """
    in_time = True
    if process.poll() is None:
        process.send_signal(signal_number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            in_time = False
    try:
        # Whatever the process started and left behind is of its group.
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    code = process.wait()
    if not in_time:
        raise AssertionError(f"process {process.pid} did not end within {seconds} s of signal {signal_number}")
    return code


class Log:
    """Reads a stream to its end in the background, into a file for the reader of a failed test."""

    def __init__(self, stream, path: Path):
        self.path = path
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with stream, self.path.open("a") as file:
            for line in stream:
                file.write(line)
                file.flush()
                with self._changed:
                    self.lines.append(line.rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, wanted, seconds: float = 10):
        """The first result of `wanted(line)` that is not None, over all lines, past and coming."""
        deadline, seen = time.monotonic() + seconds, 0
        with self._changed:
            while True:
                for line in self.lines[seen:]:
                    if (result := wanted(line)) is not None:
                        return result
                seen = len(self.lines)
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    raise AssertionError(f"not seen within {seconds} s; the last lines were: {self.lines[-20:]}")
                self._changed.wait(left)

    def close(self):
        self._thread.join(5)
