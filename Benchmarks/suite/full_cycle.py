"""The full cycle of many reminders that fall due at once: due row, attempt, submit_sm, answer, receipt, final status.

Vortag on each database and Kannel with its queue on disk take turns in one run, all over one bind with the same window
to the same simulator. A run fails unless the simulator accepted each message once and every receipt was applied.
"""

import tempfile
import time
from pathlib import Path

from . import kannel, measure, postgres
from .report import Table, load_cell
from .smsc import SMSC
from .world import DUE, MORNING, Installation, Seed

PEERS = {"sqlite": "Vortag, SQLite", "postgresql": "Vortag, PostgreSQL", "kannel": "Kannel, spool",
         "kannel-callback": "Kannel, spool, receipts told by HTTP"}


def run(options) -> Table:
    table = Table(
        f"Full cycle: {options.messages:,} messages due at once, window {options.window}",
        ["gateway", "messages/s", "CPU per message", "database server's CPU", "peak memory", "sink's CPU", "load"],
        options.command,
    )
    found: dict[str, list[dict]] = {}
    cluster = postgres.Cluster() if "postgresql" in options.gateways else None
    try:
        for _ in range(options.rounds):
            for name in options.gateways:
                result = _run(name, options, cluster)
                found.setdefault(name, []).append(result)
                table.add(PEERS[name], *_cells(result, options.messages))
    finally:
        if cluster:
            cluster.stop()
    _medians(table, found, options.messages)
    return table


def _cells(result: dict, messages: int) -> list[str]:
    server = result.get("server cpu")
    return [
        f"{messages / result['seconds']:,.0f}", f"{result['cpu'] / messages * 1e6:,.0f} µs",
        "–" if server is None else f"{server / messages * 1e6:,.0f} µs", f"{result['peak']:.1f} MB",
        f"{result['sink cpu'] / messages * 1e6:,.0f} µs", load_cell(),
    ]


def _medians(table: Table, found: dict[str, list[dict]], messages: int):
    middle = {
        name: {key: measure.median(result[key] for result in results) for key in ("seconds", "cpu")}
        for name, results in found.items()
    }
    for name, values in middle.items():
        table.note(f"median, {PEERS[name]}: {messages / values['seconds']:,.0f} messages/s, "
                   f"{values['cpu'] / messages * 1e6:,.0f} µs CPU per message")
    for name in ("sqlite", "postgresql"):
        for peer in ("kannel", "kannel-callback"):
            if name in middle and peer in middle:
                table.note(
                    f"{PEERS[name]} against {PEERS[peer]}: CPU per message 1/{middle[peer]['cpu'] / middle[name]['cpu']:.2f}, "
                    f"messages a second {middle[peer]['seconds'] / middle[name]['seconds']:.2f}×"
                )


def _run(name: str, options, cluster) -> dict:
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        if name.startswith("kannel"):
            result = kannel.measure_once(options.program, Path(folder) / "kannel", options.messages, options.window,
                                         callbacks=name == "kannel-callback")
            assert result["lost"] == 0, f"Kannel lost {result['lost']} receipts"
            return result
        url = cluster.new_database() if name == "postgresql" else None
        program = Installation(Path(folder), url)
        try:
            return _vortag(program, options, cluster if url else None)
        finally:
            program.close()


def _vortag(program: Installation, options, cluster) -> dict:
    smsc = SMSC(program)
    try:
        program.add_smsc(smsc.port, options.window)
        Seed(program).appointments(options.messages)
        result = drain(program, smsc, options.messages, cluster)
    finally:
        smsc.stop()
    check(program.sql, options.messages)
    return result


def drain(program: Installation, smsc: SMSC, messages: int, cluster=None, seconds: float = 600) -> dict:
    """Starts three seconds before the due second; measures from the first attempt to the last final status.

    CPU counts from just before the due second.
    """
    server = program.serve("--role", "delivery", clock=MORNING, wait=False)
    started = time.monotonic()
    time.sleep(2.9)
    before = measure.cpu_seconds(server.pid), measure.cpu_seconds(smsc.pid), cluster.cpu_seconds() if cluster else 0.0
    ended = wait_until_delivered(program.sql, messages, started + seconds)
    result = {
        "cpu": measure.cpu_seconds(server.pid) - before[0],
        "sink cpu": measure.cpu_seconds(smsc.pid) - before[1],
        "peak": measure.peak_megabytes(server.pid),
    }
    if cluster:
        result["server cpu"] = cluster.cpu_seconds() - before[2]
    # By the process's own clock, which began at `started` or a moment later: what is lost by that is lost for us.
    first = program.sql.one("SELECT MIN(started_at) FROM attempts")
    result["seconds"] = ended - started - 3.0 - (first - DUE) / 1000
    server.stop()
    return result


def wait_until_delivered(sql, messages: int, deadline: float) -> float:
    """When (monotonic seconds) the last message had its final status. Asks little while much is to be done."""
    pause = max(0.02, messages / 1_000_000)
    # A claim or a retry moves next_at by minutes; what is planned for later days does not count.
    due = f"SELECT 1 FROM reminders WHERE state = 'planned' AND next_at < {DUE + 12 * 3600 * 1000} LIMIT 1"
    while sql.one(due):
        assert time.monotonic() < deadline, "some reminders are still planned"
        time.sleep(pause)
    while (delivered := sql.one("SELECT COUNT(*) FROM messages WHERE status = 'delivered'")) < messages:
        assert time.monotonic() < deadline, f"only {delivered} of {messages} were delivered"
        time.sleep(pause)
    return time.monotonic()


def check(sql, messages: int):
    """Exactly once: the simulator counts its ids up, one for each submit_sm that it accepts, so ids without a gap, each
    at one message, say that it accepted exactly these. A further one would have sent a receipt that matches nothing.
    """
    span = "MAX(CAST(provider_message_id AS BIGINT)) - MIN(CAST(provider_message_id AS BIGINT)) + 1"
    facts = {
        "messages": sql.one("SELECT COUNT(*) FROM messages"),
        "delivered": sql.one("SELECT COUNT(*) FROM messages WHERE status = 'delivered'"),
        "attempts": sql.one("SELECT COUNT(*) FROM attempts"),
        "ids": sql.one("SELECT COUNT(DISTINCT provider_message_id) FROM messages"),
        "ids given by the simulator": sql.one(f"SELECT {span} FROM messages"),
        "receipts": sql.one("SELECT COUNT(*) FROM receipts"),
        "messages with a receipt": sql.one("SELECT COUNT(DISTINCT message_id) FROM receipts"),
        "reminders started": sql.one("SELECT COUNT(*) FROM reminders WHERE state = 'started'"),
    }
    wrong = {name: value for name, value in facts.items() if value != messages}
    assert not wrong, f"{wrong} instead of {messages} each"
