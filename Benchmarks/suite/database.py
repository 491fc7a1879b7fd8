"""Reading and filling the database from outside the program, on SQLite and on PostgreSQL."""

import sqlite3

import psycopg


class Database:
    """One connection; statements are written in what both databases understand."""

    def __init__(self, url: str):
        self.url = url
        self.kind = url.split(":", 1)[0]
        if self.kind == "sqlite":
            self.connection = sqlite3.connect(url.removeprefix("sqlite:"), timeout=30, isolation_level=None)
            # For filling it; the program's own connections are as durable as ever.
            self.execute("PRAGMA synchronous = OFF")
            self.execute("PRAGMA cache_size = -1000000")
        else:
            self.connection = psycopg.connect(url, autocommit=True)

    def rows(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str):
        """The single value of the first row, or None."""
        row = self.connection.execute(sql).fetchone()
        return None if row is None else row[0]

    def execute(self, sql: str) -> int:
        return self.connection.execute(sql).rowcount

    def columns(self, table: str) -> list[str]:
        if self.kind == "sqlite":
            return [row[1] for row in self.rows(f"PRAGMA table_info({table})")]
        return [row[0] for row in self.rows(
            f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position")]

    def settle(self):
        """After a large import: the log folded into the file, and what PostgreSQL does by itself within minutes."""
        if self.kind == "sqlite":
            # No ANALYZE: the program does none either.
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in ("practices", "locations", "patients", "appointments", "reminders", "messages", "receipts"):
            self.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
                         if self.one(f"SELECT COUNT(*) FROM (SELECT 1 FROM {table} LIMIT 1) t") else "SELECT 1")
        self.execute("VACUUM ANALYZE")
        self.execute("CHECKPOINT")

    def close(self):
        self.connection.close()
