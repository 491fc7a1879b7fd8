"""The database, read from outside of the program by plain SQL. Nothing here writes."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Protocol


class Database(Protocol):
    """What the oracle needs of a database."""

    url: str

    def query(self, sql: str) -> list[tuple]: ...


class SQLiteDatabase:
    """A file; opened for each question, read-only, so that no lock of ours outlives it."""

    def __init__(self, path: Path):
        self.path = path
        self.url = f"sqlite:{path}"

    def query(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)) as connection:
            return connection.execute(sql).fetchall()


class PostgreSQLDatabase:
    """A server, asked by its own command `psql`, so that no driver stands in between."""

    def __init__(self, url: str, psql: Path):
        self.url = url
        self._psql = psql

    def query(self, sql: str) -> list[tuple]:
        wrapped = f"SELECT coalesce(json_agg(row_to_json(answer)), '[]') FROM ({sql}) AS answer"
        done = subprocess.run(
            [self._psql, "--no-psqlrc", "--tuples-only", "--no-align", "--dbname", self.url, "--command", wrapped],
            capture_output=True, text=True, timeout=30, check=True,
        )
        return [tuple(row.values()) for row in json.loads(done.stdout)]
