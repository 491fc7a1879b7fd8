"""One installation on PostgreSQL with several nodes, and the move to it."""

import collections
import signal
import subprocess

import pytest

from harness import postgresql
from harness.practice import Practice
from harness.program import Program
from harness.waiting import eventually

SAVED = "2027-02-26T12:00:00+01:00"
MORNING = "2027-03-01T07:00:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
COUNT = 40


@pytest.fixture
def database():
    database = postgresql.Database()
    yield database
    database.drop()


@pytest.fixture
def vortag(tmp_path, database):
    program = Program(tmp_path, database.address)
    yield program
    program.close()


@pytest.fixture
def sqlite(tmp_path):
    folder = tmp_path / "sqlite"
    folder.mkdir()
    program = Program(folder)
    yield program
    program.close()


def destinations(peer):
    return [event["destination"] for event in peer.events if event["event"] == "submit"]


def book(program, practice):
    server = program.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    for number in range(COUNT):
        practice.appointment(practice.patient(mobile=f"+4366412345{number:02}"), START, END)
    server.stop()


def test_two_nodes_share_the_work_and_one_goes_on_when_the_other_is_killed(vortag, smsc):
    peer = smsc("--receipt-delay", "0.2")
    vortag("migrate")
    vortag("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user", "vortag",
           "--option", "rate=2")
    practice = Practice(vortag, clock=SAVED)
    book(vortag, practice)

    web = vortag.serve("--role", "web", clock=MORNING)
    first, second = (vortag.serve("--role", "delivery", clock=MORNING, wait=False) for _ in range(2))
    workers = "SELECT COUNT(DISTINCT worker) FROM attempts"
    eventually(lambda: postgresql.psql(vortag.address, workers) == "2", 20, 0.2, what="attempts of both nodes")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    assert len(destinations(peer)) < COUNT, "the kill came too late to show anything"
    assert second.process.poll() is None

    api = practice.open(web)

    def settled():
        items = api.items("/messages")
        found = collections.Counter(item["status"] for item in items)
        # What was on the wire when the node died waits for evidence; at two a second that is one message, or none.
        assert len(items) == COUNT and found["delivered"] >= COUNT - 1, found
        return found

    found = eventually(settled, 60, pause=0.5, what="every reminder delivered")
    sent = destinations(peer)
    assert max(collections.Counter(sent).values()) == 1, "a reminder left twice"
    assert len(sent) >= found["delivered"]


def test_nodes_that_start_at_once_migrate_once(vortag):
    command = [str(vortag.binary), "migrate"]
    starts = [
        subprocess.Popen(command, env=vortag.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    said = [process.communicate(timeout=60)[1] for process in starts]
    assert [process.returncode for process in starts] == [0] * 8, said
    assert sum("Applied" in line for line in said) == 1, said


def test_a_server_that_is_not_there_is_unreachable_and_a_wrong_password_is_configuration(vortag):
    away = vortag("doctor", check=False, VORTAG_DATABASE="postgresql://u:geheim@127.0.0.1:1/v")
    assert away.code == 69 and "geheim" not in away.err, away
    wrong = vortag("doctor", check=False, VORTAG_DATABASE=vortag.address.replace("vortag:", "vortag:x"))
    assert wrong.code == 78 and "password" in wrong.err, wrong
    password = vortag.address.split(":")[2].split("@")[0]
    assert password not in wrong.err


def test_an_installation_moves_to_postgresql_and_goes_on_there(vortag, sqlite, database):
    sqlite("migrate")
    practice = Practice(sqlite, clock=SAVED)
    book(sqlite, practice)
    moved = vortag("copy", "--from", sqlite.address, "--to", database.address)
    assert ["patients", str(COUNT), str(COUNT)] in [line.split() for line in moved.out.splitlines()], moved.out
    again = vortag("copy", "--from", sqlite.address, "--to", database.address, check=False)
    assert again.code == 65 and "table" in again.err, again

    server = vortag.serve("--role", "web", clock=SAVED)
    api = practice.open(server)
    assert len(api.items("/appointments")) == COUNT
    practice.appointment(practice.patient(mobile="+436641234599"), START, END)
    server.stop()
