"""A practice of many years: 100,000 appointments and 1,000,000 messages, with some smaller practices around it.

The rows are written by SQL, in the spread of a real practice: most messages are delivered, some failed in each way, the
newest are under way; a patient has several appointments, and an appointment that was moved has several reminders.
"""

import time
from dataclasses import dataclass

from .world import Installation

DAY = 24 * 3600 * 1000
# Reminders of each past appointment: it was moved that often. Two of three have one SMS more.
SMS, MAILS = 8, 2
FIRST_NAMES = "Anna Maria Eva Ute Hans Karl Josef Lena Paul Miriam Selma Emre Ivana Luka Nina Jakob Sofie Elif".split()
LAST_NAMES = "Huber Gruber Bauer Wagner Müller Steiner Moser Mayer Hofer Leitner Berger Fuchs Eder Fischer Schmid Weber".split()


@dataclass
class Size:
    """How much one practice has; two locations share the appointments, a third had one in a thousand, long ago."""

    patients: int
    appointments: int
    years: float = 6


class LargePractice:
    """Writes the rows; `ids` holds what the pages are asked for."""

    def __init__(self, installation: Installation, size: Size, around: int = 20):
        self.program, self.sql = installation, installation.sql
        self.now = int(time.time() * 1000)
        self.password = "ein-gutes-wort"
        self.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
        self.sql.execute("PRAGMA journal_mode = WAL")
        self.sql.execute("BEGIN")
        # Those around come first, so that the large one's rows do not lie alone at the table's beginning.
        for number in range(around):
            self._practice(f"Praxis {number + 1}", Size(50, 500, 1))
        self.practice = self._practice("Praxis am Platz", size)
        self.sql.execute("COMMIT")
        self.sql.settle()
        self.email = "empfang@example.org"
        # The words by which patients are found.
        self.program("migrate")
        self.program("user", "add", "--practice", str(self.practice), "--email", self.email, "--role", "admin",
                     stdin=self.password + "\n")

    @property
    def ids(self) -> dict[str, int]:
        """An id of each kind: of the middle of the rows, where nothing special holds; `far` lies deep in the log."""
        one, here = self.sql.one, f"practice_id = {self.practice}"
        return {
            "patient": one(f"SELECT patient_id FROM appointments WHERE {here} AND start_at > {self.now} LIMIT 1"),
            "appointment": one(f"SELECT id FROM appointments WHERE {here} AND start_at > {self.now + 5 * DAY} LIMIT 1"),
            "past": one(f"SELECT id FROM appointments WHERE {here} AND start_at < {self.now - DAY} ORDER BY id DESC LIMIT 1"),
            "message": one(f"SELECT MAX(id) - 1000 FROM messages WHERE {here}"),
            "location": one(f"SELECT MIN(id) FROM locations WHERE {here}"),
            "closed": one(f"SELECT MAX(id) FROM locations WHERE {here}"),
            "practitioner": one(f"SELECT MIN(id) FROM practitioners WHERE {here}"),
        }

    def _practice(self, name: str, size: Size) -> int:
        practice = self._row(name)
        for place in ("Hauptplatz", "Bahnhof", "Altstadt (geschlossen)"):
            self.sql.execute(
                "INSERT INTO locations (practice_id, name, address, closing_text, sender_registered, version, created_at,"
                f" changed_at) VALUES ({practice}, '{place}', '', 'Bis bald!', 1, 1, {self.now}, {self.now})")
        for person in ("Eva Berger", "Jonas Wolf", "Mara Winter"):
            self.sql.execute("INSERT INTO practitioners (practice_id, name, version, created_at, changed_at)"
                             f" VALUES ({practice}, '{person}', 1, {self.now}, {self.now})")
        self._patients(practice, size)
        self._appointments(practice, size)
        self._reminders(practice)
        self._messages(practice)
        self._answers(practice, size)
        self._record(practice, size)
        return practice

    def _row(self, name: str) -> int:
        return self.sql.one(
            "INSERT INTO practices (name, time_zone, country, language, sms_enabled, email_enabled, sms_send_time,"
            " email_send_time, latest_send_time, sender, resends_unknown, paused, version, created_at, changed_at)"
            f" VALUES ('{name}', 'Europe/Vienna', 'AT', 'de', 1, 1, '07:00', '07:00', '20:00', '00436761234567', 1, 0, 1,"
            f" {self.now}, {self.now}) RETURNING id")

    def _patients(self, practice: int, size: Size):
        first, last = _pick(FIRST_NAMES, "n"), _pick(LAST_NAMES, "n / 7")
        number = f"CAST(436640000000 + n * 100 + {practice % 50} AS TEXT)"
        self._many(size.patients, "patients", {
            "practice_id": practice, "first_name": first, "last_name": f"{last} || ' ' || n",
            "mobile": f"'+' || {number}", "email": "'p' || n || '@example.org'", "calling_code": 43, "reminder_kind": "'both'", "sms_consent": "'given'",
            "email_consent": "'given'", "version": 1, "created_at": self.now, "changed_at": f"{self.now} - n",
        })

    def _appointments(self, practice: int, size: Size):
        """Evenly over the years before and three months ahead, from 8:00 on."""
        days = int(size.years * 365) + 90
        start = f"(({self.now} / {DAY} - {int(size.years * 365)} + n * {days} / {size.appointments}) * {DAY}" \
                f" + (28 + n % 40) * 900000)"
        first = self.sql.one(f"SELECT MIN(id) FROM locations WHERE practice_id = {practice}")
        person = self.sql.one(f"SELECT MIN(id) FROM practitioners WHERE practice_id = {practice}")
        patient = self.sql.one(f"SELECT MIN(id) FROM patients WHERE practice_id = {practice}")
        is_past = f"{start} < {self.now + 2 * DAY}"
        self._many(size.appointments, "appointments", {
            "practice_id": practice, "patient_id": f"{patient} + n * 7919 % {size.patients}",
            "location_id": f"{first} + CASE WHEN n % 1000 = 7 AND n < {size.appointments // 2} THEN 2 WHEN n % 10 < 3 THEN 1"
                           " ELSE 0 END",
            "practitioner_id": f"{person} + n % 3", "start_at": start, "end_at": f"{start} + 2700000",
            "start_wall": f"strftime('%Y-%m-%dT%H:%M', ({start} + 3600000) / 1000, 'unixepoch')",
            "time_zone": "'Europe/Vienna'", "utc_offset": 3600,
            "status": f"CASE WHEN n % 50 = 3 THEN 'cancelled' WHEN {start} < {self.now} THEN 'arrived' ELSE 'booked' END",
            "reminder_kind": "'both'", "shortfall": "''",
            "generation": f"CASE WHEN {is_past} THEN {SMS} + (n % 3 > 0) ELSE 1 END",
            "version": 1, "created_at": f"{start} - {10 * DAY}", "changed_at": f"{start} - {9 * DAY}",
        })

    def _reminders(self, practice: int):
        tomorrow = (self.now // DAY + 2) * DAY
        self.sql.execute(
            f"""
            WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n <= {SMS})
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,
                due_at, latest_at, next_at, state, turn, calling_code)
            SELECT a.practice_id, a.id, a.patient_id, c.channel, 'reminder', n,
                strftime('%Y-%m-%d', (a.start_at - {DAY}) / 1000, 'unixepoch'), a.time_zone,
                due, due + 46800000, due, CASE WHEN a.start_at < {tomorrow} THEN 'started' ELSE 'planned' END, n, 43
            FROM (SELECT *, (start_at / {DAY} - 1) * {DAY} + 21600000 AS due FROM appointments
                WHERE practice_id = {practice} AND status <> 'cancelled') a
            JOIN (SELECT 'sms' AS channel UNION SELECT 'email') c
            JOIN series ON n <= CASE WHEN a.start_at >= {tomorrow} THEN 1 WHEN c.channel = 'email' THEN {MAILS}
                ELSE a.generation END
            """)

    def _messages(self, practice: int):
        """One of each reminder that is not planned; the last two digits of a number that is mixed from its id tell."""
        mailbox = "CASE WHEN r.channel = 'sms' THEN (SELECT MIN(id) FROM providers) END"
        at = f"r.due_at - (9 - r.generation) * {DAY} + r.id % 600000"
        fate = "(r.id * 40503 / 8 % 1000)"
        self.sql.execute(
            f"""
            INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,
                attempts, possibly_twice, provider_id, provider_message_id, receipt_key, submitted_at, delivered_at,
                expires_at, created_at, reminder_id, location_id, bounce)
            SELECT practice_id, channel, CASE channel WHEN 'sms' THEN mobile ELSE email END, '00436761234567',
                'Terminerinnerung: ' || start_wall || '. Bis bald! Bitte sagen Sie uns Bescheid, wenn Sie verhindert sind.',
                1, status, status IS NULL, 0, 1 + (fate % 20 = 0), 0, provider,
                CASE WHEN taken THEN 'm' || reminder END, CASE WHEN taken THEN 'm' || reminder END,
                CASE WHEN taken THEN at + 1500 END, CASE status WHEN 'delivered' THEN at + 4000 END,
                CASE channel WHEN 'sms' THEN at + {2 * DAY} END, at, reminder, location_id,
                CASE status WHEN 'bounced' THEN 'unknown_recipient' END
            FROM (SELECT *, status IN ('submitted', 'delivered', 'undeliverable', 'expired', 'bounced',
                    'rejected_by_recipient') AS taken
                FROM (SELECT r.practice_id, r.channel, p.mobile, p.email, a.start_wall, r.id AS reminder, {at} AS at,
                    {fate} AS fate, {mailbox} AS provider, a.location_id,
                    CASE WHEN r.channel = 'email' THEN CASE WHEN {fate} < 20 THEN 'bounced' WHEN {fate} < 23 THEN
                        'provider_error' ELSE 'submitted' END
                    WHEN {fate} < 20 THEN 'undeliverable' WHEN {fate} < 30 THEN 'expired' WHEN {fate} < 35 THEN
                        'rejected_by_recipient' WHEN {fate} < 40 THEN 'provider_error' WHEN {fate} < 42 THEN
                        'provider_refused' WHEN {fate} < 44 THEN 'service_unreachable'
                    WHEN {at} > {self.now - 2 * DAY} AND {fate} < 140 THEN CASE WHEN {fate} < 50 THEN NULL ELSE 'submitted' END
                    ELSE 'delivered' END AS status
                    FROM reminders r JOIN patients p ON p.id = r.patient_id JOIN appointments a ON a.id = r.appointment_id
                    WHERE r.practice_id = {practice} AND r.state <> 'planned') r)
            ORDER BY at
            """)
        here = f"FROM messages WHERE practice_id = {practice}"
        self.sql.execute(
            f"""
            INSERT INTO attempts (message_id, number, provider_id, worker, started_at, ended_at, outcome, detail)
            SELECT id, n, provider_id, 'w', created_at + n, created_at + n + 1400, CASE WHEN n < attempts THEN 'unreachable'
                WHEN status IS NULL THEN 'unknown' WHEN submitted_at IS NOT NULL THEN 'accepted' ELSE 'refused' END, ''
            FROM messages JOIN (SELECT 1 AS n UNION SELECT 2) ON n <= attempts WHERE practice_id = {practice}
            """)
        self.sql.execute(
            f"""
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail, raw,
                message_id)
            SELECT provider_id, created_at + 4000, provider_message_id, receipt_key, receipt_key, status, '', '', id {here}
                AND channel = 'sms' AND status IN ('delivered', 'undeliverable', 'rejected_by_recipient')
            """)
        self.sql.execute(
            f"""
            INSERT INTO mails (message_id, provider_id, name, unsubscribe_word, subject, copy, created_at)
            SELECT id, (SELECT MIN(id) FROM providers), id || '@example.org', 'w' || id, 'Ihr Termin', 'kept', created_at
                {here} AND channel = 'email'
            """)

    def _answers(self, practice: int, size: Size):
        """One patient in ten has written; all but the last thirty are done."""
        patient = self.sql.one(f"SELECT MIN(id) FROM patients WHERE practice_id = {practice}")
        count = size.patients // 10
        self._many(count, "inbound", {
            "provider_id": "(SELECT MIN(id) FROM providers)", "provider_message_id": "''", "practice_id": practice,
            "patient_id": f"{patient} + n * 9", "sender": "'+436640000000'", "recipient": "'00436761234567'",
            "text": "'Ich komme etwas später.'", "kind": "'answer'", "received_at": f"{self.now} - ({count} - n) * 3600000",
            "done_at": f"CASE WHEN n < {count - 30} THEN {self.now} END",
        })

    def _record(self, practice: int, size: Size):
        """Each appointment was looked at twice and changed twice within the last year; half of the calls were made."""
        patient = self.sql.one(f"SELECT MIN(id) FROM patients WHERE practice_id = {practice}")
        count = size.appointments * 4
        self._many(count, "audit", {
            "practice_id": practice, "at": f"{self.now} - ({count} - n) * 70000", "actor": "'empfang@example.org'",
            "deed": "CASE WHEN n % 2 THEN 'looked' ELSE 'changed' END",
            "subject": "CASE n % 3 WHEN 0 THEN 'patient' WHEN 1 THEN 'appointment' ELSE 'message' END",
            "subject_id": f"{patient} + n % {size.patients}",
        })
        self.sql.execute(
            f"""
            INSERT INTO calls (reminder_id, practice_id, at, actor, note)
            SELECT reminder_id, practice_id, created_at + 600000, 'empfang@example.org', 'Erreicht' FROM messages
            WHERE practice_id = {practice} AND status IN ('undeliverable', 'expired') AND id % 2
            """)
        self._many(60, "closing_days", {
            "practice_id": practice, "first_day": "date('now', (n * 40 - 2000) || ' days')",
            "last_day": "date('now', (n * 40 - 1990) || ' days')", "name": "'Urlaub'",
        })

    def _many(self, count: int, table: str, values: dict):
        """`count` rows; each value is SQL in which `n` is the row's number from 0."""
        self.sql.execute(
            f"""
            WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < {count - 1})
            INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(map(str, values.values()))} FROM series
            """)


def _pick(words: list[str], number: str) -> str:
    cases = " ".join(f"WHEN {index} THEN '{word}'" for index, word in enumerate(words))
    return f"CASE {number} % {len(words)} {cases} END"
