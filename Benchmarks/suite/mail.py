"""Many e-mails due over one mailbox, beside Postfix's own load generator on the same server.

smtp-source sends a message of the same size over as many kept connections, without TLS, sign-in, database or log: it is
what the server can take. Everything that Vortag's row adds to that is what it promises: the attempt on record before it,
the exact bytes, the outcome after it.
"""

import resource
import subprocess
import tempfile
import time
from pathlib import Path

from harness.mail import MailServer

from . import measure
from .report import Table, load_cell
from .world import SAVED, Installation, Seed

PRACTICE, PATIENT = "praxis@example.at", "anna.huber@example.org"
LATER = "2027-03-01T07:00:05+01:00"
SOURCE = "/usr/sbin/smtp-source"


def run(options) -> Table:
    table = Table(
        f"{options.mails:,} e-mails over one mailbox",
        ["sender", "connections", "copies in Sent", "e-mails/s", "CPU per e-mail", "server's CPU per e-mail", "load"],
        options.command,
    )
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        # A copy in Sent is signed in for, so the port that demands it is used then.
        post = MailServer(Path(folder) / "post.log")
        try:
            size = 0
            for connections, copies in ((2, "off"), (2, "append"), (4, "off")):
                row, size = _vortag(options, Path(folder) / f"{connections}-{copies}", post, connections, copies)
                table.add("Vortag", connections, "yes" if copies == "append" else "no", *row)
            for connections in (2, 4):
                table.add("smtp-source", connections, "no", *_source(options, post, connections, size))
        finally:
            post.stop()
    table.note(f"each e-mail has {size:,} bytes")
    return table


def _vortag(options, folder: Path, post: MailServer, connections: int, copies: str) -> tuple[list[str], int]:
    program = Installation(folder)
    try:
        seed = Seed(program, email=PATIENT)
        seed.appointments(options.mails)
        post.add_mailbox(program, seed.practice, folder / "secret", "--option", f"connections={connections}",
                           "--option", f"sent-copy={copies}", clock=SAVED)
        before = _server_cpu(post)
        used = _children_cpu()
        program("deliver", "--once", clock=LATER, seconds=900)
        cpu, server = _children_cpu() - used, _server_cpu(post) - before
        count, first, last = program.sql.rows(
            "SELECT COUNT(*), MIN(submitted_at), MAX(submitted_at) FROM messages WHERE status = 'submitted'")[0]
        assert count == options.mails, f"{count} of {options.mails} were handed over"
        size = len(post.messages(PATIENT)[-1]["bytes"])
        seconds = (last - first) / 1000
        return [f"{count / seconds:,.0f}", *(f"{each / count * 1e6:,.0f} µs" for each in (cpu, server)), load_cell()], size
    finally:
        program.close()


def _source(options, post: MailServer, connections: int, size: int) -> list[str]:
    before, used, began = _server_cpu(post), _children_cpu(), time.monotonic()
    subprocess.run([SOURCE, "-d", "-s", str(connections), "-m", str(options.mails), "-l", str(size), "-f", PRACTICE,
                    "-t", PATIENT, f"127.0.0.1:{post.ports['smtp']}"], check=True, timeout=900)
    seconds = time.monotonic() - began
    cpu, server = _children_cpu() - used, _server_cpu(post) - before
    return [f"{options.mails / seconds:,.0f}",
            *(f"{each / options.mails * 1e6:,.0f} µs" for each in (cpu, server)), load_cell()]


def _children_cpu() -> float:
    """CPU of ended children, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _server_cpu(post: MailServer) -> float:
    """Once the server's queue is empty: what it was given is done then."""
    while post.order("queue")["queue"]:
        time.sleep(0.2)
    return measure.family_cpu_seconds(post.process.pid)
