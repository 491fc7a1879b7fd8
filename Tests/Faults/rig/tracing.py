"""Strikes at a chosen system call of the program, from outside, by strace: the boundary of a commit, a write to the
write-ahead log, a write to the socket."""

import shlex
import shutil
import subprocess
from pathlib import Path

# What the hot path calls: a commit's sync, a page of the log, the socket (and whatever wakes a thread up); each with
# about how often one thread calls it while forty messages leave.
CALLS = {"fdatasync": 30, "pwrite64": 400, "write": 80}


def is_possible() -> str | None:
    """Why it cannot be done here, None where it can."""
    if shutil.which("strace") is None:
        return "strace is missing: run `make setup`"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True, timeout=20)
    return None if tried.returncode == 0 else f"tracing is not allowed here: {tried.stderr.strip()}"


def traced(binary: Path, folder: Path, calls: str, deed: str, when: str) -> Path:
    """A command like `binary` whose n-th such call in one thread (`when`) meets a deed of strace's --inject, for
    example `signal=SIGKILL`, before the kernel carries it out; `error=EIO` does it in its place."""
    command = ["strace", "-f", "-qq", "-o", str(folder / "strace.log"), "-e", f"trace={calls}",
               "-e", f"inject={calls}:{deed}:when={when}", str(binary)]
    script = folder / "traced-vortag"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    script.chmod(0o755)
    return script


def strikes(folder: Path) -> int:
    """How often a deed was done."""
    return (folder / "strace.log").read_text(errors="replace").count("(INJECTED)")
