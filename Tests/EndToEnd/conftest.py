"""Fixtures of the end-to-end tests: each test has a folder, a database and processes of its own."""

import pytest

from harness.mail import MailServer, why_not
from harness.peers import Peer
from harness.program import Program


@pytest.fixture
def vortag(tmp_path):
    """The program, to be called like the command: vortag("practice", "add", "--name", "Praxis am Park").

    `clock` sets its time, `stdin` its input, `check=False` lets it fail. `vortag.serve()` starts the server; every
    server is ended with the test.
    """
    program = Program(tmp_path)
    yield program
    program.close()


@pytest.fixture
def migrated(vortag):
    """The program with an empty database of the newest form."""
    vortag("migrate")
    return vortag


@pytest.fixture
def smsc(tmp_path):
    """Starts an SMSC that is none of ours: smsc("--option", "value") listens once it returns; `script` names another."""
    peers = []

    def start(*arguments: str, script: str = "smpp34_smsc.py") -> Peer:
        peer = Peer(script, tmp_path / f"smsc-{len(peers) + 1}.log", *arguments)
        peers.append(peer)
        return peer

    yield start
    for peer in peers:
        peer.stop()


@pytest.fixture
def mail_server(tmp_path):
    """Starts Postfix and Dovecot: mail_server("--sent", "Gesendet") listens once it returns. Skips where they cannot."""
    if reason := why_not():
        pytest.skip(reason)
    servers = []

    def start(*arguments: str) -> MailServer:
        servers.append(MailServer(tmp_path / f"mail-{len(servers) + 1}.log", *arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
