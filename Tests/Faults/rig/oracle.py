"""The judge: compares the list of whoever took the messages with the database, and believes neither's program a word.

A reminder is known on the other side by its destination and text: every patient of a scenario has a number and an
address of their own. An e-mail is known by its Message-ID in place of its text.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field

from .databases import Database

# Said to a practice of a message that was surely not sent: its reminder is explained.
FAILURES = {"provider_error", "provider_refused", "undeliverable", "service_unreachable", "rejected_by_recipient"}
STANDING = """
    SELECT r.id AS reminder, replace(p.mobile, '+', '') AS address, r.state AS state, r.reason AS reason,
        m.text AS text, m.status AS status, m.unclear AS unclear, m.presumed AS presumed,
        m.possibly_twice AS possibly_twice, m.attempts AS attempts
    FROM reminders r JOIN patients p ON p.id = r.patient_id LEFT JOIN messages m ON m.reminder_id = r.id
    WHERE r.channel = 'sms'
"""
MAIL_STANDING = """
    SELECT r.id AS reminder, p.email AS address, r.state AS state, r.reason AS reason,
        '<' || e.name || '>' AS text, m.status AS status, m.unclear AS unclear, m.presumed AS presumed,
        m.possibly_twice AS possibly_twice, m.attempts AS attempts
    FROM reminders r JOIN patients p ON p.id = r.patient_id LEFT JOIN messages m ON m.reminder_id = r.id
        LEFT JOIN mails e ON e.message_id = m.id
    WHERE r.channel = 'email'
"""
OPEN_ATTEMPTS = "SELECT count(*) AS n FROM attempts WHERE ended_at IS NULL"
UNKNOWN_ATTEMPTS = "SELECT count(*) AS n FROM attempts WHERE outcome = 'unknown'"


@dataclass(frozen=True)
class Standing:
    """One reminder and its message, as the database tells it."""

    reminder: int
    address: str
    state: str
    reason: str | None
    text: str | None
    status: str | None
    unclear: int | None
    presumed: int | None
    possibly_twice: int | None
    attempts: int | None

    @property
    def is_explained(self) -> bool:
        """The log says why nothing went out."""
        if self.state == "skipped":
            return self.reason is not None
        return not self.is_open and self.status in FAILURES

    @property
    def is_open(self) -> bool:
        """Something is still to become of it. A reminder may stay "started" for good once its message has a status."""
        return self.state == "planned" or bool(self.unclear) or (self.state == "started" and self.status is None)


@dataclass
class Verdict:
    """What was counted. `samples` names a few reminders of each fault, for the reader of a failed test."""

    due: int = 0
    sent: int = 0
    lost: int = 0
    silent_twice: int = 0
    marked_twice: int = 0
    unknown: int = 0
    unsettled: int = 0
    misreported: int = 0
    strange: int = 0
    samples: dict = field(default_factory=dict)

    @property
    def faults(self) -> dict[str, int]:
        """What must not be: every count above zero that is no plain number of things."""
        return {name: count for name, count in self.counts().items() if count and name not in ("due", "sent", "unknown")}

    def counts(self) -> dict[str, int]:
        return {name: value for name, value in asdict(self).items() if name != "samples"}

    def note(self, fault: str, what):
        setattr(self, fault, getattr(self, fault) + 1)
        self.samples.setdefault(fault, [])
        if len(self.samples[fault]) < 5:
            self.samples[fault].append(what)


def judge(database: Database, taken: list[dict], receipts: bool, standing: str = STANDING) -> Verdict:
    """
    - taken: the other side's list of what it took, each with `destination` and `text`.
    - receipts: whether it delivered a receipt of each, so that only "delivered" is the truth.
    """
    verdict = Verdict()
    standings = [Standing(*row) for row in database.query(standing)]
    sent = Counter(entry["destination"] for entry in taken)
    texts = {(entry["destination"], entry["text"]) for entry in taken}
    verdict.due, verdict.sent = len(standings), sum(sent.values())
    verdict.unknown = database.query(UNKNOWN_ATTEMPTS)[0][0]
    known = set()
    for standing in standings:
        known.add((standing.address, standing.text))
        judge_one(standing, sent[standing.address], receipts, verdict)
    # A text or a number that nobody asked for.
    for stranger in texts - known:
        verdict.note("strange", stranger)
    for _ in range(database.query(OPEN_ATTEMPTS)[0][0]):
        verdict.note("unsettled", "an attempt without an outcome")
    return verdict


def judge_one(standing: Standing, sent: int, receipts: bool, verdict: Verdict):
    if standing.is_open:
        verdict.note("unsettled", standing)
    elif sent == 0 and not standing.is_explained:
        verdict.note("lost", standing)
    if sent > 1:
        verdict.note("marked_twice" if standing.possibly_twice else "silent_twice", standing)
    if sent > 0 and is_misreported(standing, receipts):
        verdict.note("misreported", standing)


def is_misreported(standing: Standing, receipts: bool) -> bool:
    """The log says something else than what happened; "presumed" admits that it is a guess, so it is none."""
    if standing.unclear:
        return False
    if receipts:
        return standing.status != "delivered"
    return standing.status not in ("submitted", "delivered") and not standing.presumed
