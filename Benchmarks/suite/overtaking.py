"""Receipts that come before the response to their submit_sm, as they do from a busy SMSC: none may be lost.

The simulator sends the receipt first for every number that ends in 98.
"""

import tempfile
from pathlib import Path

from . import full_cycle, kannel, postgres
from .report import Table, load_cell
from .smsc import SMSC
from .world import Installation, Seed

FATE = 98


def run(options) -> Table:
    table = Table(f"{options.messages:,} receipts that overtake their response", ["gateway", "receipts lost", "load"],
                  options.command)
    cluster = postgres.Cluster() if "postgresql" in options.gateways else None
    try:
        for name in options.gateways:
            table.add(full_cycle.PEERS[name], f"{_lost(name, options, cluster):,} of {options.messages:,}", load_cell())
    finally:
        if cluster:
            cluster.stop()
    return table


def _lost(name: str, options, cluster) -> int:
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        if name.startswith("kannel"):
            result = kannel.measure_once(options.program, Path(folder) / "kannel", options.messages, options.window,
                                         last_digits=str(FATE))
            return result["lost"]
        program = Installation(Path(folder), cluster.new_database() if name == "postgresql" else None)
        smsc = SMSC(program)
        try:
            program.add_smsc(smsc.port, options.window)
            Seed(program, FATE).appointments(options.messages)
            # One that is lost is one that never becomes delivered, and a failure here.
            full_cycle.drain(program, smsc, options.messages)
            full_cycle.check(program.sql, options.messages)
            return 0
        finally:
            smsc.stop()
            program.close()
