import Database
import Domain
import Foundation

/// The rows of reminders, as changes of their appointment write them.
enum ReminderRows {
    /// Writes what the planner says the appointment is owed.
    ///
    /// One that was skipped because the appointment was cancelled is planned again; one that was sent, or has another
    /// fate, is left as it is.
    static func plan(
        _ appointment: Appointment,
        _ practice: Practice,
        only channels: Set<Channel>? = nil,
        in transaction: Transaction
    ) throws {
        let planned = ReminderPlanner.plan(appointment, practice: practice)
            .filter { channels?.contains($0.channel) ?? true }
        try insert(planned, appointment, patient: appointment.patientID, correcting: nil, in: transaction)
    }

    /// Writes a correction to the patient who was told about the appointment (rule 11).
    static func correct(
        _ correction: PlannedCorrection,
        of appointment: Appointment,
        in transaction: Transaction
    ) throws {
        try insert(
            [correction.plan],
            appointment,
            patient: correction.patient,
            correcting: correction,
            in: transaction
        )
    }

    private static func insert(
        _ planned: [PlannedReminder],
        _ appointment: Appointment,
        patient: Patient.ID,
        correcting correction: PlannedCorrection?,
        in transaction: Transaction
    ) throws {
        let rows: [[SQLValue]] = planned.map { reminder in
            [
                appointment.practiceID.rawValue.sqlValue, appointment.id.rawValue.sqlValue, patient.rawValue.sqlValue,
                reminder.channel.rawValue.sqlValue, reminder.purpose.rawValue.sqlValue, reminder.generation.sqlValue,
                reminder.day.iso.sqlValue, appointment.timeZone.identifier.sqlValue,
                reminder.dueAt.milliseconds.sqlValue, reminder.latestAt.milliseconds.sqlValue,
                (correction?.told.iso).sqlValue,
                (correction?.toldPlace).sqlValue,
            ]
        }
        try transaction.execute(
            """
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                time_zone, due_at, latest_at, next_at, state, told_start, told_location, turn,
                calling_code)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, 'planned', $11, $12, \(nextTurn), \(callingCode("$3")))
            ON CONFLICT (appointment_id, channel, purpose, generation) DO UPDATE
            SET patient_id = excluded.patient_id, calling_code = excluded.calling_code, day = excluded.day, time_zone = excluded.time_zone,
                due_at = excluded.due_at, latest_at = excluded.latest_at, next_at = excluded.next_at,
                state = 'planned', reason = NULL, told_start = excluded.told_start,
                told_location = excluded.told_location
            WHERE reminders.state = 'skipped' AND reminders.reason = 'cancelled'
            """,
            each: rows
        )
        // A correction is due at once, as a rule; a reminder comes with tomorrow's, or later.
        if planned.contains(where: { $0.purpose == .correction }) { try transaction.announce(.reminders) }
    }

    /// By which a message finds the provider that carries its country.
    private static func callingCode(_ patient: String) -> String {
        "COALESCE((SELECT p.calling_code FROM patients p WHERE p.id = \(patient)), 0)"
    }

    /// Planned messages follow their patient to a number of another country.
    static func follow(_ patient: Patient.ID, to mobile: MobileNumber?, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE reminders SET calling_code = $1 WHERE patient_id = $2 AND state = 'planned' AND channel = 'sms'",
            mobile?.callingCode ?? 0,
            patient.rawValue
        )
    }

    /// The practice's next turn on that day: whoever sends takes the first of every practice, then every second, so that
    /// a large practice does not stand before all others. A correction does not wait for a turn.
    private static let nextTurn = """
        CASE $5 WHEN 'correction' THEN 0 ELSE (
            SELECT COALESCE(MAX(o.turn), 0) + 1 FROM reminders o
            WHERE o.practice_id = $1 AND o.channel = $4 AND o.day = $7 AND o.state = 'planned') END
        """

    /// Ends every planned reminder of an appointment.
    static func skip(_ reason: SkipReason, of id: Appointment.ID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = $1
            WHERE appointment_id = $2 AND state = 'planned' AND purpose = 'reminder'
            """,
            reason.rawValue,
            id.rawValue
        )
    }

    /// Takes planned reminders away for channels that nobody wants any more.
    static func remove(_ channels: Set<Channel>, of id: Appointment.ID, in transaction: Transaction) throws {
        for channel in channels {
            try skipStandIn(for: channel, of: id, in: transaction)
            let condition = "appointment_id = $1 AND channel = $2 AND state = 'planned' AND purpose = 'reminder'"
            try transaction.execute(
                "DELETE FROM reminders WHERE \(condition) AND NOT \(hasMessage)",
                id.rawValue,
                channel.rawValue
            )
            // One that was tried before keeps its message, which still wants an end.
            try transaction.execute(
                "UPDATE reminders SET state = 'skipped', reason = 'cancelled' WHERE \(condition)",
                id.rawValue,
                channel.rawValue
            )
        }
    }

    /// What was to go instead of a channel's reminder goes no more than that would.
    private static func skipStandIn(
        for channel: Channel,
        of id: Appointment.ID,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = 'cancelled'
            WHERE appointment_id = $1 AND state = 'planned' AND stands_in_for IN (
                SELECT o.id FROM reminders o WHERE o.appointment_id = $1 AND o.channel = $2)
            """,
            id.rawValue,
            channel.rawValue
        )
    }

    /// Planned reminders follow their appointment to another patient or place. One whose message another patient may have
    /// stays with that patient.
    static func follow(_ appointment: Appointment, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET patient_id = $1, next_at = due_at, calling_code = \(callingCode("$1"))
            WHERE appointment_id = $2 AND state = 'planned' AND purpose = 'reminder'
                AND (patient_id = $1 OR (stands_in_for IS NULL AND NOT \(hasMessage)))
            """,
            appointment.patientID.rawValue,
            appointment.id.rawValue
        )
    }

    /// That an attempt was made for the reminder, however it ended.
    private static let hasMessage = "EXISTS (SELECT 1 FROM messages m WHERE m.reminder_id = reminders.id)"

    /// That no attempt for the reminder can have reached anybody.
    static let surelyUnsent = """
        NOT EXISTS (SELECT 1 FROM messages m JOIN attempts t ON t.message_id = m.id
            WHERE m.reminder_id = reminders.id AND (t.outcome IS NULL OR t.outcome IN ('accepted', 'unknown')))
        """

    /// Leaves messages that surely were not sent with the patient whom they were for, so that the appointment's new
    /// patient gets one of their own.
    ///
    /// The log shows them on by a skipped row below all generations of the appointment.
    static func keepMessages(from new: Appointment, in transaction: Transaction) throws {
        let left = try transaction.query(
            """
            SELECT id FROM reminders
            WHERE appointment_id = $1 AND patient_id <> $2 AND purpose = 'reminder' AND \(hasMessage)
                AND (state = 'planned' OR (state = 'skipped' AND reason = 'cancelled')) AND generation = $3
                AND \(surelyUnsent)
            ORDER BY id
            """,
            new.id.rawValue,
            new.patientID.rawValue,
            new.generation
        )
        for reminder in try left.map({ try $0.integer(0) }) { try keepMessage(of: reminder, in: transaction) }
    }

    private static func keepMessage(of reminder: Int64, in transaction: Transaction) throws {
        let row = try transaction.first(
            """
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                time_zone, due_at, latest_at, next_at, state, reason)
            SELECT practice_id, appointment_id, patient_id, channel, purpose,
                (SELECT MIN(o.generation) FROM reminders o WHERE o.appointment_id = reminders.appointment_id) - 1,
                day, time_zone, due_at, latest_at, next_at, 'skipped', 'moved'
            FROM reminders WHERE id = $1 RETURNING id
            """,
            reminder
        )
        guard let row else { throw StorageError.notFound }
        try transaction.execute(
            "UPDATE messages SET reminder_id = $1 WHERE reminder_id = $2",
            try row.integer(0),
            reminder
        )
    }

    /// Channels whose reminder of this generation has left, or may have left.
    static func sent(_ appointment: Appointment, in transaction: Transaction) throws -> Set<Channel> {
        Set(
            try transaction.query(
                """
                SELECT channel FROM reminders
                WHERE appointment_id = $1 AND generation = $2 AND purpose = 'reminder'
                    AND state IN ('started', 'settled')
                """,
                appointment.id.rawValue,
                appointment.generation
            ).map { row in
                var reader = RowReader(row)
                return try reader.word()
            }
        )
    }
}
