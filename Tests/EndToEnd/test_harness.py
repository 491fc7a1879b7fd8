"""The harness itself: no process may outlive its test, and a wait must end."""

import os
import subprocess
import sys

import pytest

from harness import processes
from harness.waiting import eventually

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def start(program: str) -> subprocess.Popen:
    return processes.start([sys.executable, "-c", program], dict(os.environ), stdout=subprocess.PIPE)


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_that_ignores_sigterm_is_killed_with_its_children_and_named_as_a_failure(tmp_path):
    process = start(STUBBORN)
    log = processes.Log(process.stdout, tmp_path / "log")
    child = log.wait_for(int)
    with pytest.raises(AssertionError, match=f"process {process.pid} did not end"):
        processes.end(process, seconds=0.2)
    assert process.returncode == -9
    eventually(lambda: not is_running(child), seconds=5, what="the end of the child")


def test_a_process_that_ends_on_sigterm_ends_quietly():
    process = start("import time; time.sleep(60)")
    assert processes.end(process) == -15
    process.stdout.close()


def test_waiting_for_a_line_that_never_comes_ends_and_shows_what_came(tmp_path):
    process = start("print('something else')")
    log = processes.Log(process.stdout, tmp_path / "log")
    with pytest.raises(AssertionError, match="something else"):
        log.wait_for(lambda line: line if line == "PORT" else None, seconds=5)
    processes.end(process)


def test_eventually_gives_up_and_keeps_the_last_failure():
    def attempt():
        assert False, "still wrong"

    with pytest.raises(AssertionError, match="the sum did not come true") as raised:
        eventually(attempt, seconds=0.1, what="the sum")
    assert "still wrong" in str(raised.value.__cause__)


def test_the_foreign_smsc_is_ready_once_it_is_started_and_ends_when_told(smsc):
    peer = smsc("--receipts", "none")
    assert peer.port > 0
    assert peer.events == []
    assert peer.stop() == 0
