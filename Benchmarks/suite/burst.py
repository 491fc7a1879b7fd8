"""07:00, when the reminders of thousands of practices fall due in the same second.

When they left is read from the database, in the program's own clock; their order is that in which the simulator gave its
ids, so it is the provider's word, not ours.
"""

import tempfile
from pathlib import Path

from . import full_cycle, postgres
from .report import Table, load_cell
from .smsc import SMSC
from .world import DUE, Installation, Seed

# (practices, reminders each, messages a second that the provider allows; None: as many as it takes)
SINGLE, LIMITED, FAIR = (1, 1, None), (1500, 20, 1000), (5000, 20, None)
ID = "CAST(provider_message_id AS BIGINT)"


def run(options) -> Table:
    table = Table(
        "07:00: from the due second to the provider's answer",
        ["database", "practices × reminders", "provider's rate", "first accepted", "last accepted",
         "worst first of a practice", "every first before any last", "load"],
        options.command,
    )
    cluster = postgres.Cluster() if "postgresql" in options.databases else None
    try:
        for kind in options.databases:
            for case in (SINGLE, LIMITED, FAIR):
                table.add(kind, *_case(options, *case, cluster.new_database() if kind == "postgresql" else None))
    finally:
        if cluster:
            cluster.stop()
    return table


def _case(options, practices: int, each: int, rate: int | None, url: str | None) -> list[str]:
    count = practices * each
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        program = Installation(Path(folder), url)
        smsc = SMSC(program)
        try:
            program.add_smsc(smsc.port, options.window, rate)
            Seed(program).appointments(count, practices)
            full_cycle.drain(program, smsc, count)
            full_cycle.check(program.sql, count)
            first, last = program.sql.rows("SELECT MIN(submitted_at), MAX(submitted_at) FROM messages")[0]
            worst, fair = _fairness(program.sql, practices)
        finally:
            smsc.stop()
            program.close()
    return [f"{practices:,} × {each}", f"{rate:,}/s" if rate else "–", *(f"{(at - DUE) / 1000:.2f} s" for at in (first, last)),
            f"{(worst - DUE) / 1000:.2f} s", fair, load_cell()]


def _fairness(sql, practices: int) -> tuple[int, str]:
    """When the last practice had its first SMS accepted (milliseconds), and whether all firsts came before any last."""
    rows = sql.rows(f"SELECT MIN({ID}), MAX({ID}), MIN(submitted_at) FROM messages GROUP BY practice_id")
    assert len(rows) == practices, f"{len(rows)} practices instead of {practices}"
    fair = max(row[0] for row in rows) < min(row[1] for row in rows)
    return max(row[2] for row in rows), ("–" if practices == 1 else "yes" if fair else "no")
