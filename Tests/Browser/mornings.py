"""Reminders of a Monday morning, 1 March 2027 at ten, as the engine would have written them."""

from datetime import datetime, timedelta

from desk import Desk

CLOCK = "2027-03-01T10:00:00+01:00"
NOW = int(datetime.fromisoformat(CLOCK).timestamp() * 1000)


def practice(folder) -> Desk:
    """A practice whose clock stands there; nothing leaves by itself."""
    desk = Desk(folder, role="web", VORTAG_CLOCK=CLOCK)
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    return desk


def emptied(desk) -> Desk:
    for table in ("calls", "link_answers", "messages", "reminders", "appointments", "patients"):
        desk.sql(f"DELETE FROM {table}")
    return desk


def reminded(desk, name: str, status: str | None, hour: int = 10, channel: str = "sms", day: int = 2, **fields):
    """A patient with an appointment in March whose reminder left on the day before; nil for one that is planned."""
    patient = desk.practice.patient(lastName=name, firstName="Marie", **({"kind": "none"} | fields))
    start = f"2027-03-{day:02}T{hour:02}:30:00+01:00"
    end = f"2027-03-{day:02}T{hour + 1:02}:00:00+01:00"
    appointment = desk.practice.appointment(patient, start, end)
    due = datetime.fromisoformat(f"2027-03-{day - 1:02}T07:00:00+01:00")
    state = {"planned": "planned", "skipped": "skipped"}.get(status, "settled")
    reminder = desk.sql(
        "INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,"
        " due_at, latest_at, next_at, state, reason, turn) VALUES (?, ?, ?, ?, 'reminder', 1, ?, 'Europe/Vienna', ?, ?, ?,"
        " ?, ?, 1)",
        desk.practice.id, appointment["id"], patient["id"], channel, due.date().isoformat(), due.timestamp() * 1000,
        (due + timedelta(hours=13)).timestamp() * 1000, due.timestamp() * 1000, state,
        "too_late_to_send" if state == "skipped" else None,
    )[0][0]
    if state == "settled":
        desk.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, reminder_id) VALUES (?, ?, '+436641234500', 'Praxis',"
            " 'Terminerinnerung', 1, ?, ?, 0, 1, 0, ?, ?, ?)",
            desk.practice.id, channel, None if status == "unclear" else status, int(status == "unclear"), NOW - 10_800_000,
            NOW - 10_799_000, reminder,
        )
    return {"patient": patient, "appointment": appointment, "reminder": reminder}


def answered(desk, call, kind: str) -> None:
    """What somebody said on the page behind the link, an hour after the message."""
    desk.sql(
        "INSERT INTO link_answers (practice_id, appointment_id, patient_id, generation, kind, received_at, done_at, seen,"
        " said_of) SELECT a.practice_id, a.id, a.patient_id, a.generation, ?, ?, ?, a.start_wall || '@' || a.location_id,"
        " COALESCE(CASE WHEN EXISTS (SELECT 1 FROM reminders r WHERE r.appointment_id = a.id AND r.channel = 'email')"
        " THEN p.email ELSE p.mobile END, p.email, '')"
        " FROM appointments a JOIN patients p ON p.id = a.patient_id WHERE a.id = ?",
        kind, NOW - 7_200_000, NOW - 7_200_000 if kind == "confirmed" else None, call["appointment"]["id"],
    )


def corrected(desk, call, status: str, told: str = "2027-03-02T10:30"):
    """The appointment was moved to three hours later after it was reminded of; what tells that ended so."""
    desk.sql("UPDATE appointments SET start_at = start_at + 10800000, end_at = end_at + 10800000, generation = 2"
             " WHERE id = ?", call["appointment"]["id"])
    correction = desk.sql(
        "INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,"
        " due_at, latest_at, next_at, state, turn, told_start) SELECT practice_id, appointment_id, patient_id, channel,"
        " 'correction', 2, day, time_zone, due_at, latest_at, next_at, 'settled', 0, ? FROM reminders WHERE id = ?",
        told, call["reminder"])[0][0]
    desk.sql(
        "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
        " attempts, possibly_twice, created_at, submitted_at, reminder_id) VALUES (?, 'sms', '', 'Praxis', 'Neu', 1, ?, 0,"
        " 0, 1, 0, ?, ?, ?)", desk.practice.id, status, NOW - 3_600_000, NOW - 3_599_000, correction)
    return correction
