"""Claiming and completing alone, with no network: Vortag's queue on each database, beside PgQueuer on the same
PostgreSQL."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.program import ROOT

from . import postgres
from .report import Table, load_cell
from .world import DUE, Installation, Seed

# A second after 07:00; and 20:01 on the same day, after the latest send time.
NOW = {"accepted": DUE + 1000, "skipped": DUE + (13 * 60 + 1) * 60 * 1000}


def run(options) -> Table:
    table = Table(
        f"Claim and complete, {options.claims:,} rows",
        ["queue", "what completes a row", "batch", "rows/s", "claiming alone, rows/s (Vortag: with starting)", "load"],
        options.command,
    )
    cluster = postgres.Cluster() if "postgresql" in options.databases else None
    try:
        for kind in options.databases:
            for completion in NOW:
                for _ in range(options.rounds):
                    result = _vortag(options, kind, completion, cluster)
                    table.add(f"Vortag, {kind}", _what(completion), options.batch,
                              f"{options.claims / result['seconds']:,.0f}",
                              f"{options.claims / result['starting']:,.0f}", load_cell())
        for _ in range(options.rounds if cluster else 0):
            result = _pgqueuer(options, cluster.new_database())
            table.add("PgQueuer", "moved from its queue to its log", 100, f"{options.claims / result['seconds']:,.0f}",
                      f"{options.claims / result['claiming']:,.0f}", load_cell())
    finally:
        if cluster:
            cluster.stop()
    return table


def _what(completion: str) -> str:
    return "message and attempt written, acceptance noted" if completion == "accepted" else "skipped as too late"


def _vortag(options, kind: str, completion: str, cluster) -> dict:
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        program = Installation(Path(folder), cluster.new_database() if kind == "postgresql" else None)
        try:
            program.add_smsc(9)  # Never spoken to; an attempt names its provider.
            Seed(program).appointments(options.claims)
            binary = ROOT / ".build/release/QueueBenchmark"
            out = subprocess.run(
                [binary, "--database", program.url, "--batch", str(options.batch), "--workers", str(options.workers),
                 "--completion", completion, "--now", str(NOW[completion])],
                check=True, stdout=subprocess.PIPE, text=True, timeout=600).stdout
            state = "started" if completion == "accepted" else "skipped"
            done = program.sql.one(f"SELECT COUNT(*) FROM reminders WHERE state = '{state}'")
            result = json.loads(out)
            assert done == result["completed"] == options.claims, f"{done}, {result} instead of {options.claims}"
            return result
        finally:
            program.close()


def _pgqueuer(options, url: str) -> dict:
    script = Path(__file__).with_name("pgqueuer_peer.py")
    out = subprocess.run([sys.executable, script, url, str(options.claims), "100"], check=True, env=dict(os.environ),
                         stdout=subprocess.PIPE, text=True, timeout=600).stdout
    return json.loads(out)
