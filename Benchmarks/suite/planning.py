"""What a large database costs while nothing is due: the engine's idle tick, and a page of the log.

Every appointment has a reminder that was delivered, and there are as many again whose reminder is planned for later.
"""

import tempfile
import time
from pathlib import Path

import requests

from . import full_cycle, measure, postgres
from .report import Table, load_cell
from .smsc import SMSC
from .world import Installation, Seed

# The pattern's reminder went out two days ago, the planned ones are due in five.
QUIET = "2027-03-03T12:00:00+01:00"
PAGES = {
    "log page": "/nachrichten",
    "log page, a status that none has": "/nachrichten?status=undeliverable",
    "/api/v1/messages": "/api/v1/messages?limit=50",
}
PASSWORD = "a long enough password"


def run(options) -> Table:
    sizes = [1000, options.size]
    table = Table(
        f"Idle with {options.size:,} delivered and {options.size:,} planned, against 1,000 of each",
        ["database", "delivered + planned", "CPU a second, idle", *PAGES, "file", "load"],
        options.command,
    )
    cluster = postgres.Cluster() if "postgresql" in options.databases else None
    try:
        for kind in options.databases:
            small, large = [_measure(kind, size, table, options, cluster) for size in sizes]
            ratios = ", ".join(f"{name} {large[name] / small[name]:.2f}×" for name in small)
            table.note(f"{kind}, {options.size:,} against 1,000: {ratios}")
    finally:
        if cluster:
            cluster.stop()
    return table


def _measure(kind: str, size: int, table: Table, options, cluster) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        program = Installation(Path(folder), cluster.new_database() if kind == "postgresql" else None)
        smsc = SMSC(program)
        try:
            program.add_smsc(smsc.port)
            seed = _fill(program, smsc, size)
            result = {"idle": _idle_milliseconds(program, options.idle_seconds)} | _pages(program, seed)
            table.add(kind, f"{size:,} + {size:,}", f"{result['idle']:.2f} ms",
                      *(f"{result[name]:.1f} ms" for name in PAGES), _bytes(program), load_cell())
            return result
        finally:
            smsc.stop()
            program.close()


def _fill(program: Installation, smsc: SMSC, size: int) -> Seed:
    seed = Seed(program)
    seed.week_later(size)
    full_cycle.drain(program, smsc, 1)
    seed.delivered(size)
    facts = [program.sql.one(f"SELECT COUNT(*) FROM {where}") for where in (
        "messages WHERE status = 'delivered'", "reminders WHERE state = 'planned'", "receipts", "attempts")]
    assert facts == [size] * 4, f"{facts} instead of {size} each"
    return seed


def _idle_milliseconds(program: Installation, seconds: float) -> float:
    """CPU of the delivering process, in milliseconds for each second of idling, bound to its provider."""
    server = program.serve("--role", "delivery", clock=QUIET, wait=False)
    time.sleep(5)
    before, began = measure.thread_seconds(server.pid), time.monotonic()
    time.sleep(seconds)
    cost = (measure.thread_seconds(server.pid) - before) / (time.monotonic() - began)
    server.stop()
    return cost * 1000


def _pages(program: Installation, seed: Seed) -> dict[str, float]:
    """Median milliseconds from the request to the whole answer, over one kept connection."""
    email = "bench@example.at"
    program("user", "add", "--practice", seed.practice.id, "--email", email, "--role", "reader", clock=QUIET,
            stdin=PASSWORD + "\n")
    server = program.serve("--role", "web", clock=QUIET)
    session = requests.Session()
    session.trust_env = False
    signed_in = session.post(server.url + "/anmelden", {"email": email, "password": PASSWORD},
                             headers={"Origin": server.url}, timeout=30)
    assert signed_in.url == server.url + "/", f"not signed in: {signed_in.status_code} {signed_in.url}"
    found = {}
    for name, path in PAGES.items():
        headers = {"Authorization": f"Bearer {seed.practice.token}"} if path.startswith("/api") else {}
        times = []
        for _ in range(20):
            began = time.perf_counter()
            answer = session.get(server.url + path, headers=headers, timeout=120)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
        found[name] = measure.median(times)
    server.stop()
    return found


def _bytes(program: Installation) -> str:
    if program.sql.kind == "sqlite":
        size = program.database.stat().st_size
    else:
        size = program.sql.one("SELECT pg_database_size(current_database())")
    return f"{size / 1e6:,.0f} MB"
