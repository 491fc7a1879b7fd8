"""What each page costs the server, for a practice with 100,000 appointments and 1,000,000 messages on SQLite.

CPU of the serving process, user and system, all threads, around each single request; the claim is 50 ms at the 99th
percentile. Paths that do not exist are named and passed over.
"""

import datetime
import re
import tempfile
import time
from pathlib import Path

import requests

from . import measure
from .large_practice import LargePractice, Size
from .report import Table, load_cell
from .world import Installation

MOST = 0.050
WARMING = 5

# A page, and the addresses that it is asked by. In braces: ids of `LargePractice.ids`, days, and a place deep in the log.
PAGES = {
    "start": ["/"],
    "calendar": ["/kalender", "/kalender?tag={today}", "/kalender?ansicht=woche", "/kalender?ansicht=monat",
                 "/kalender?ansicht=liste", "/kalender?ansicht=woche&standort={location}&therapeut={practitioner}"],
    "calendar's feed": ["/kalender/termine?ansicht=" + view for view in ("tag", "woche", "monat", "liste")],
    "a day on paper": ["/kalender/druck?ansicht=tag"],
    "patients": ["/patienten", "/patienten?suche=huber", "/patienten?suche=066400", "/patienten?suche=m%C3%BCller+anna",
                 "/patienten?suche=zzzz"],
    "patient": ["/patienten/{patient}", "/patienten/neu"],
    "appointment": ["/termine/{appointment}", "/termine/{past}", "/termine/{appointment}/absagen"],
    "new appointment": ["/termine/neu", "/termine/neu?patientId={patient}", "/termine/patienten?suche=huber",
                        "/termine/patienten?suche=zzzz"],
    "log": ["/nachrichten", "/nachrichten?channel=sms", "/nachrichten?channel=email"],
    "to do": ["/nachrichten?tasks=1"],
    "log by day": ["/nachrichten?from={today}&to={today}", "/nachrichten?from={week}&to={today}",
                   "/nachrichten?from={long_ago}&to={long_ago}", "/nachrichten?channel=email&from={long_ago}"],
    "log by status": ["/nachrichten?status=" + status for status in (
        "failed", "open", "submitted", "delivered", "undeliverable", "expired", "bounced", "rejected_by_recipient",
        "service_unreachable", "provider_error", "provider_refused")] + ["/nachrichten?channel=sms&status=submitted"],
    "log by location": ["/nachrichten?location={location}", "/nachrichten?location={closed}",
                        "/nachrichten?location={closed}&status=delivered", "/nachrichten?location={closed}&status=failed",
                        "/nachrichten?location={location}&status=submitted&channel=sms",
                        "/nachrichten?location=999999", "/nachrichten?location={closed}&from={long_ago}&to={today}"],
    "log by patient": ["/nachrichten?patient={patient}", "/nachrichten?patient={patient}&status=failed",
                       "/nachrichten?name=huber"],
    "deep in the log": ["/nachrichten?cursor={deep}", "/nachrichten?channel=sms&cursor={deep}"],
    "message": ["/nachrichten/{message}", "/nachrichten/{message}/verlauf"],
    "one day's export": ["/nachrichten/export.csv?from={today}&to={today}"],
    "answers": ["/antworten"],
    "calls": ["/anrufe", "/anrufe/drucken"],
    "settings": ["/einstellungen" + place for place in (
        "", "/praxis", "/erinnerungen", "/absender", "/standorte", "/standorte/{location}", "/therapeuten",
        "/therapeuten/{practitioner}", "/versand", "/postfach", "/e-mail-texte", "/terminseite", "/schliesstage", "/kosten",
        "/morgenbericht", "/konten", "/schluessel", "/protokoll", "/protokoll?subject=patient")],
    "own account": ["/konto", "/konto/zweiter-faktor"],
    "help": ["/hilfe", "/hilfe?suche=absender", "/hilfe/erste-schritte"],
}


def run(options) -> Table:
    table = Table(
        f"Server CPU of each page, {options.appointments:,} appointments, p99 of {options.requests} requests",
        ["page", "address", "median", "p99", "", "load"],
        options.command,
    )
    with tempfile.TemporaryDirectory(prefix="vortag-bench-", dir=options.folder) as folder:
        program = Installation(Path(folder))
        try:
            practice = LargePractice(program, Size(options.appointments // 5, options.appointments))
            messages = program.sql.one(f"SELECT COUNT(*) FROM messages WHERE practice_id = {practice.practice}")
            table.note(f"{messages:,} messages, file of {program.database.stat().st_size / 1e6:,.0f} MB")
            server = program.serve("--role", "web")
            guest = Guest(server, practice)
            for page, paths in PAGES.items():
                for path in paths:
                    _measure(table, guest, page, path.format(**guest.names), options.requests)
        finally:
            program.close()
    return table


def _measure(table: Table, guest: "Guest", page: str, path: str, count: int):
    status = guest.get(path)
    if status == 404:
        table.note(f"SKIPPED, no such page: {path}")
        return
    if status != 200:
        table.failed = True
        table.note(f"FAILED, {path} answers {status}")
        return
    for _ in range(WARMING):
        guest.get(path)
    costs = sorted(guest.cost(path) for _ in range(count))
    worst = costs[min(count - 1, int(count * 0.99))]
    is_over = worst > MOST
    table.failed = table.failed or is_over
    table.add(page, path, f"{measure.median(costs) * 1000:.1f} ms", f"{worst * 1000:.1f} ms",
              "over 50 ms" if is_over else "✓", load_cell())


class Guest:
    """Someone of the practice who is signed in."""

    def __init__(self, server, practice: LargePractice):
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False
        answer = self.session.post(server.url + "/anmelden", data={"email": practice.email, "password": practice.password},
                                   allow_redirects=False, timeout=30)
        assert answer.status_code == 303, answer.status_code
        self.names = practice.ids | self._days() | {"deep": self._deep()}

    def get(self, path: str) -> int:
        return self.session.get(self.server.url + path, allow_redirects=False, timeout=60).status_code

    def cost(self, path: str) -> float:
        """CPU seconds of the server's process during one request."""
        before = measure.thread_seconds(self.server.pid)
        assert self.get(path) == 200
        # What the server tidies up behind an answer belongs to it.
        time.sleep(0.001)
        return measure.thread_seconds(self.server.pid) - before

    def _days(self) -> dict[str, str]:
        today = datetime.date.today()
        days = {"today": 0, "week": -6, "long_ago": -1000}
        return {name: (today + datetime.timedelta(days=count)).isoformat() for name, count in days.items()}

    def _deep(self) -> str:
        """The place in the log behind the page of a day long ago."""
        long_ago = (datetime.date.today() - datetime.timedelta(days=900)).isoformat()
        page = self.session.get(f"{self.server.url}/nachrichten?to={long_ago}", timeout=60).text
        found = re.search(r"cursor=([A-Za-z0-9_%-]+)", page)
        assert found, "a long log has a next page"
        return found[1]
