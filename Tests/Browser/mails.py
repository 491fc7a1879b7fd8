"""E-mails on record as the engine would put them, of a patient with an appointment in some days."""

import datetime

from desk import Desk

WORD = "a" * 31


class Mails:
    """A practice whose reminders by e-mail left yesterday, one in each state that the log knows."""

    def __init__(self, desk: Desk):
        self.desk = desk
        desk.practice.api.patch("/practice", {"emailEnabled": True})
        self.now = datetime.datetime.now(datetime.timezone.utc)
        at = self.milliseconds(0)
        self.provider = desk.sql(
            "INSERT INTO providers (practice_id, name, kind, url, account, options, priority, version, created_at,"
            " changed_at) VALUES (?, 'praxis@example.at', 'mailbox', 'smtp://127.0.0.1', '', '', 100, 1, ?, ?)",
            desk.practice.id, at, at,
        )[0][0]

    def milliseconds(self, seconds: float) -> int:
        return int((self.now.timestamp() + seconds) * 1000)

    def appointment(self, patient: dict, days: int = 3, kind: str = "email") -> dict:
        day = (self.now + datetime.timedelta(days=days)).date()
        return self.desk.practice.appointment(
            patient, f"{day}T10:30:00+01:00", f"{day}T11:15:00+01:00", reminderKind=kind,
        )

    def message(self, appointment: dict, status: str | None, channel: str = "email", bounce: str | None = None,
                word: str = WORD, copy: str = "kept", unclear: bool = False) -> int:
        """A message of the appointment's reminder by that channel. Returns its id."""
        at = self.milliseconds(-3600)
        reminder = self.desk.sql(
            "SELECT id FROM reminders WHERE appointment_id = ? AND channel = ?", appointment["id"], channel,
        )[0][0]
        taken = status in ("submitted", "bounced", "delivered")
        message = self.desk.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, reminder_id, provider_id, bounce)"
            " VALUES (?, ?, 'maria@example.org', 'praxis@example.at', ?, 1, ?, ?, 0, 2, 0, ?, ?, ?, ?, ?)",
            self.desk.practice.id, channel, "Guten Tag Maria Huber,\n\nwir erinnern Sie an Ihren Termin.", status,
            int(unclear), at, at + 9_000 if taken else None, reminder, self.provider, bounce,
        )[0][0]
        self.desk.sql("UPDATE reminders SET state = 'started' WHERE id = ?", reminder)
        for number, outcome, detail in ((1, "unreachable", "451 4.7.1 try again later"), (2, "accepted", "")):
            self.desk.sql(
                "INSERT INTO attempts (message_id, number, provider_id, worker, started_at, ended_at, outcome, detail)"
                " VALUES (?, ?, ?, 'w', ?, ?, ?, ?)",
                message, number, self.provider, at + (number - 1) * 8_000, at + number * 8_000, outcome, detail,
            )
        if channel == "email":
            self.desk.sql(
                "INSERT INTO mails (message_id, provider_id, name, unsubscribe_word, subject, copy, copy_detail,"
                " created_at) VALUES (?, ?, ?, ?, 'Terminerinnerung: Freitag, 10:30 Uhr', ?, ?, ?)",
                message, self.provider, f"{message}@example.at", word, copy,
                "quota exceeded" if copy == "failed" else "", at,
            )
        return message

    def report(self, message: int, status: str, detail: str):
        """What the mail server wrote back."""
        self.desk.sql(
            "INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,"
            " raw, message_id) VALUES (?, ?, '', '', '', ?, ?, '', ?)",
            self.provider, self.milliseconds(-1800 if status == "bounced" else -2700), status, detail, message,
        )
