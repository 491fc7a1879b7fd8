"""What a process cost, read from /proc, and what the machine was doing meanwhile."""

import os
import platform
import statistics
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*pids: int) -> float:
    """User and system time of these processes, all threads, in seconds (steps of 10 ms)."""
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def thread_seconds(pid: int) -> float:
    """CPU of the threads that live, to the nanosecond: for processes that hardly do anything."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def family(pid: int) -> list[int]:
    """The process and everything that descends from it, as far as it lives."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, index = [pid], 0
    while index < len(found):
        found += parents.get(found[index], [])
        index += 1
    return found


def family_cpu_seconds(pid: int) -> float:
    """CPU of a server and of its children, ended ones (that it waited for) included."""
    total = 0.0
    for member in family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(fields[index]) for index in (11, 12, 13, 14)) / TICKS
    return total


def peak_megabytes(*pids: int) -> float:
    """The resident peak (VmHWM), added up over these processes."""
    return sum(_status_kilobytes(pid, "VmHWM") for pid in pids) / 1024


def resident_megabytes(pid: int) -> float:
    return _status_kilobytes(pid, "VmRSS") / 1024


def _status_kilobytes(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise RuntimeError(f"no {field} of process {pid}")


def load() -> str:
    """The load averages over 1, 5 and 15 minutes: figures taken beside other work are to be thrown away."""
    return " ".join(Path("/proc/loadavg").read_text().split()[:3])


def machine() -> str:
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, Linux {platform.release()}"


def median(values) -> float:
    return statistics.median(list(values))
