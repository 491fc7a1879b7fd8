"""Databases on the PostgreSQL that tools/postgresql started for the tests."""

import os
import subprocess
import uuid
from urllib.parse import urlsplit, urlunsplit


def server() -> str:
    """The server's address; a run without one must not pass as if it had looked."""
    address = os.environ.get("VORTAG_TEST_POSTGRESQL")
    assert address, "VORTAG_TEST_POSTGRESQL is not set: run the tests by tools/postgresql"
    return address


def psql(address: str, statement: str) -> str:
    """What one statement answers, unaligned."""
    command = ["psql", address, "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
    result = subprocess.run([*command, "--command", statement], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


class Database:
    """An empty database of its own."""

    def __init__(self):
        self.name = "e" + uuid.uuid4().hex
        psql(server(), f"CREATE DATABASE {self.name}")
        self.address = urlunsplit(urlsplit(server())._replace(path="/" + self.name))

    def drop(self):
        psql(server(), f"DROP DATABASE {self.name} WITH (FORCE)")
