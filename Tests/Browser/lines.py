"""Lines of the SMS log as the engine would write them, of patients with an appointment in some days."""

import datetime
import time

from desk import Desk

DAY = 86_400
HOSTILE = '=HYPERLINK("http://example.org";"Klick")'


class Lines:
    """Writes messages to the desk's database, and what becomes of them."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.provider = desk.sql("SELECT MIN(id) FROM providers")[0][0]

    def milliseconds(self, seconds: float) -> int:
        return int((time.time() + seconds) * 1000)

    def appointment(self, patient: dict, days: int = 3, **fields) -> dict:
        day = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).date()
        return self.desk.practice.appointment(
            patient, f"{day}T10:30:00+01:00", f"{day}T11:15:00+01:00", reminderKind="sms", **fields)

    def message(self, status: str | None = "submitted", appointment: dict | None = None, seconds: float = -60,
                text: str = "Terminerinnerung", unclear: bool = False, recipient: str = "+436641234500") -> int:
        """A message, begun so many seconds from now; without an appointment nobody's. Returns its id."""
        at = self.milliseconds(seconds)
        reminder = None
        if appointment:
            reminder = self.desk.sql("SELECT id FROM reminders WHERE appointment_id = ?", appointment["id"])[0][0]
            self.desk.sql("UPDATE reminders SET state = 'started' WHERE id = ?", reminder)
        taken = status in ("submitted", "delivered", "undeliverable", "expired")
        message = self.desk.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, delivered_at, reminder_id, provider_id, location_id)"
            " VALUES (?, 'sms', ?, '00436761234567', ?, 1, ?, ?, 0, 1, 0, ?, ?, ?, ?, ?, ?)",
            self.desk.practice.id, recipient, text, status, int(unclear), at, at + 1000 if taken else None,
            at + 3000 if status == "delivered" else None, reminder, self.provider, self.desk.practice.location["id"],
        )[0][0]
        self.desk.sql(
            "INSERT INTO attempts (message_id, number, provider_id, worker, started_at, ended_at, outcome, detail)"
            " VALUES (?, 1, ?, 'w', ?, ?, ?, '')",
            message, self.provider, at, at + 900, "accepted" if taken else "unknown" if unclear else "refused",
        )
        return message

    def becomes(self, message: int, status: str):
        """A receipt came in."""
        at = self.milliseconds(0)
        self.desk.sql(
            "UPDATE messages SET status = ?, delivered_at = ? WHERE id = ?", status,
            at if status == "delivered" else None, message,
        )
        self.desk.sql(
            "INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,"
            " raw, message_id) VALUES (?, ?, '', '', '', ?, '', '', ?)", self.provider, at, status, message,
        )


def written(desk: Desk) -> dict:
    """Messages of the last days: today one delivered, one failed, one unclear; two older ones; sixty long ago."""
    lines = desk.lines = Lines(desk)
    practice = desk.practice
    anna = practice.patient(firstName="Anna", lastName="Gruber")
    eva = practice.patient(firstName="Eva", lastName="Moser")
    practice.patient(firstName="Ernst", lastName="Moosbrugger")
    hostile = practice.patient(firstName="Karl; \"Kalle\"", lastName=HOSTILE)
    found = {"anna": anna, "eva": eva}
    found["delivered"] = lines.message("delivered", lines.appointment(anna), -20)
    found["failed"] = lines.message("undeliverable", lines.appointment(eva, 3), -15)
    found["unclear"] = lines.message(None, lines.appointment(eva, 5), -10, unclear=True)
    found["ticked"] = lines.message("undeliverable", lines.appointment(anna, 3), -5)
    desk.sql(
        "INSERT INTO calls (reminder_id, practice_id, at, actor, note) SELECT reminder_id, practice_id, ?, 'a', ''"
        " FROM messages WHERE id = ?", lines.milliseconds(-2), found["ticked"])
    found["hostile"] = lines.message("expired", lines.appointment(hostile, 6), -3 * DAY, text="Zeile eins\nZeile zwei")
    for number in range(60):
        lines.message("delivered", seconds=-100 * DAY - number)
    found["stray"] = lines.message("submitted", seconds=-40 * DAY, recipient="")
    return found


def read(page: str) -> list[int]:
    return [int(part.split('"')[0]) for part in page.split('id="message-')[1:]]
