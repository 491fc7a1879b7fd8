"""Runs benchmarks by name, all by default. See docs/benchmarks.md for what each of them measures."""

import argparse
import os
import shlex
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from harness.program import Program  # noqa: E402

from suite import burst, claims, full_cycle, mail, measure, memory, overtaking, pages, planning  # noqa: E402

BENCHMARKS = {
    "full-cycle": full_cycle.run,
    "overtaking": overtaking.run,
    "claims": claims.run,
    "planning": planning.run,
    "memory": memory.run,
    "burst": burst.run,
    "mail": mail.run,
    "pages": pages.run,
}


def arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--markdown", action="store_true", help="print tables for docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, default=3, help="of the full cycle and of claims (3)")
    parser.add_argument("--messages", type=int, default=10_000, help="of the full cycle (10000)")
    parser.add_argument("--window", type=int, default=64, help="submit_sm under way at a time (64)")
    parser.add_argument("--gateways", default="sqlite,postgresql,kannel",
                        help=f"of the full cycle, in turn: {', '.join(full_cycle.PEERS)}")
    parser.add_argument("--claims", type=int, default=50_000, help="rows to claim and complete (50000)")
    parser.add_argument("--batch", type=int, default=1000, help="rows that are claimed at a time (1000)")
    parser.add_argument("--workers", type=int, default=1, help="claimers at the same time (1)")
    parser.add_argument("--size", type=int, default=1_000_000, help="of the large database of planning (1000000)")
    parser.add_argument("--idle-seconds", type=float, default=20, help="how long planning watches an idle process (20)")
    parser.add_argument("--mails", type=int, default=2000, help="due over one mailbox (2000)")
    parser.add_argument("--due", type=int, default=100_000, help="reminders of memory (100000; the claim is 1000000)")
    parser.add_argument("--appointments", type=int, default=100_000, help="of pages, ten messages each (100000)")
    parser.add_argument("--requests", type=int, default=200, help="of each page (200)")
    parser.add_argument("--databases", default="sqlite,postgresql", help="of what measures one database alone")
    options = parser.parse_args()
    options.gateways, options.databases = options.gateways.split(","), options.databases.split(",")
    databases = {"sqlite", "postgresql"}
    unknown = set(options.names) - set(BENCHMARKS) | set(options.gateways) - set(full_cycle.PEERS)
    unknown |= set(options.databases) - databases
    if unknown:
        parser.error(f"no such thing: {', '.join(sorted(unknown))}")
    return options


def main():
    options = arguments()
    # Asked to end, it ends what it started, and removes its folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options.folder = os.environ.get("BENCH_FOLDER")
    given = [word for word in sys.argv[1:] if word not in BENCHMARKS and word != "--markdown"]
    print(f"machine: {measure.machine()}, load {measure.load()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="vortag-bench-") as folder:
        options.program = Program(Path(folder))
        failed = False
        for name in options.names or BENCHMARKS:
            print(f"{name} …", file=sys.stderr, flush=True)
            options.command = shlex.join(["Benchmarks/run", name, *given])
            table = BENCHMARKS[name](options)
            print("\n" + (table.markdown() if options.markdown else table.plain()), flush=True)
            failed = failed or table.failed
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
