"""How much memory the delivering process takes while it drains a long queue: `--due 1000000` is the claim, the smaller
default the quick look."""

import tempfile
from pathlib import Path

from . import full_cycle, postgres
from .report import Table, load_cell
from .smsc import SMSC
from .world import Installation, Seed


def run(options) -> Table:
    table = Table(
        f"Peak memory while draining {options.due:,} due reminders",
        ["database", "peak memory", "messages/s", "CPU per message", "load"],
        options.command,
    )
    cluster = postgres.Cluster() if "postgresql" in options.databases else None
    try:
        for kind in options.databases:
            result = _drain(options, cluster.new_database() if kind == "postgresql" else None)
            table.add(kind, f"{result['peak']:.1f} MB", f"{options.due / result['seconds']:,.0f}",
                      f"{result['cpu'] / options.due * 1e6:,.0f} µs", load_cell())
    finally:
        if cluster:
            cluster.stop()
    return table


def _drain(options, url: str | None) -> dict:
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        program = Installation(Path(folder), url)
        smsc = SMSC(program)
        try:
            program.add_smsc(smsc.port, options.window)
            Seed(program).appointments(options.due)
            result = full_cycle.drain(program, smsc, options.due, seconds=max(600, options.due / 100))
            full_cycle.check(program.sql, options.due)
            return result
        finally:
            smsc.stop()
            program.close()
