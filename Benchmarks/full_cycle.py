"""The full cycle of many reminders that fall due at once: due row, attempt, submit_sm, answer, receipt, final status.

The appointments are saved through the JSON interface, the messages leave over one SMPP bind to `vortag simulate-smsc` in
a process of its own, and the database is SQLite with every commit synced. Prints messages a second, CPU time of the
delivering process per message, and its peak memory; fails unless every message was handed over once and every receipt
was applied.
"""

import argparse
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from harness.practice import Practice  # noqa: E402
from harness.program import Program  # noqa: E402

SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T06:59:57+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
TICKS = os.sysconf("SC_CLK_TCK")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--window", type=int, default=64)
    parser.add_argument("--receipt-delay", type=float, default=0.0, help="seconds from the answer to the receipt")
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


def save(program, practice, count: int):
    """Books so many appointments over several connections, with a bar for whoever watches."""
    server = program.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    patient = practice.patient()
    body = {"patientId": patient["id"], "locationId": practice.location["id"], "start": START, "end": END}
    done, lock = [0], threading.Lock()

    def book(share: int):
        api = server.api(practice.token)
        for _ in range(share):
            api.post("/appointments", body)
            with lock:
                done[0] += 1
                if sys.stderr.isatty():
                    print(f"\rbooking {done[0]}/{count}", end="", file=sys.stderr)

    workers = 16
    shares = [count // workers + (1 if index < count % workers else 0) for index in range(workers)]
    threads = [threading.Thread(target=book, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.stop()
    assert done[0] == count, f"only {done[0]} of {count} were booked"


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM")


def count(database: Path, sql: str) -> int:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchone()[0]


def drain(program, options) -> dict:
    """Starts at three seconds to seven, and measures from seven until the last message has its final status."""
    server = program.serve("--role", "delivery", clock=MORNING, wait=False)
    started = time.monotonic()
    pid = server.pid
    time.sleep(2.9)
    cpu_before = cpu_seconds(pid)
    while True:
        final = count(program.database, "SELECT COUNT(*) FROM messages WHERE status = 'delivered'")
        now = time.monotonic()
        if final >= options.messages:
            break
        if now - started > 300:
            raise SystemExit(f"only {final} of {options.messages} were delivered after 300 s")
        time.sleep(0.02)
    result = {
        "seconds": now - started - 3.0,
        "cpu": cpu_seconds(pid) - cpu_before,
        "peak": peak_megabytes(pid),
    }
    server.stop()
    return result


def check(program, smsc_lines: list[dict], options):
    submits = len(smsc_lines)
    twice = submits - len({line["messageId"] for line in smsc_lines})
    unmatched = count(program.database, "SELECT COUNT(*) FROM receipts WHERE message_id IS NULL")
    receipts = count(program.database, "SELECT COUNT(*) FROM receipts")
    messages = count(program.database, "SELECT COUNT(*) FROM messages")
    facts = {"submits": submits, "twice": twice, "messages": messages, "receipts": receipts, "unmatched": unmatched}
    expected = {"submits": options.messages, "twice": 0, "messages": options.messages, "receipts": options.messages,
                "unmatched": 0}
    assert facts == expected, f"{facts} instead of {expected}"


def run(options) -> dict:
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=os.environ.get("BENCH_FOLDER")) as folder:
        program = Program(Path(folder))
        program("migrate")
        smsc = subprocess.Popen(
            [str(program.binary), "simulate-smsc", "--port", "0", "--receipt-delay", str(options.receipt_delay),
             "--record"], stdout=subprocess.PIPE, text=True, env=program.environment())
        lines: list[dict] = []
        try:
            port = smsc.stdout.readline().split()[-1]
            reader = threading.Thread(
                target=lambda: lines.extend(json.loads(line) for line in smsc.stdout), daemon=True)
            reader.start()
            program("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{port}", "--user", "bench",
                    "--option", f"window={options.window}")
            save(program, Practice(program, clock=SAVED), options.messages)
            result = drain(program, options)
        finally:
            smsc.send_signal(signal.SIGTERM)
            smsc.wait(10)
            program.close()
        reader.join(10)
        check(program, lines, options)
        return result


def main():
    options = arguments()
    print(f"full cycle: {options.messages} reminders due at once, one bind, window {options.window}, SQLite synced; "
          f"{platform.machine()}, {os.cpu_count()} cores")
    for number in range(options.runs):
        result = run(options)
        rate = options.messages / result["seconds"]
        per_message = result["cpu"] / options.messages * 1e6
        print(f"run {number + 1}: {rate:,.0f} messages/s, {per_message:.0f} µs CPU per message, "
              f"peak {result['peak']:.1f} MB, {result['seconds']:.2f} s", flush=True)


if __name__ == "__main__":
    main()
