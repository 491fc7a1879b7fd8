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
        try insert(planned, appointment, patient: appointment.patientID, told: nil, in: transaction)
    }

    /// Writes corrections to the patient who was told about the appointment (rule 11).
    static func correct(
        _ corrections: [PlannedReminder],
        of appointment: Appointment,
        patient: Patient.ID,
        told: WallTime,
        in transaction: Transaction
    ) throws {
        try insert(corrections, appointment, patient: patient, told: told, in: transaction)
    }

    private static func insert(
        _ planned: [PlannedReminder],
        _ appointment: Appointment,
        patient: Patient.ID,
        told: WallTime?,
        in transaction: Transaction
    ) throws {
        let rows: [[SQLValue]] = planned.map { reminder in
            [
                appointment.practiceID.rawValue.sqlValue, appointment.id.rawValue.sqlValue, patient.rawValue.sqlValue,
                reminder.channel.rawValue.sqlValue, reminder.purpose.rawValue.sqlValue, reminder.generation.sqlValue,
                reminder.day.iso.sqlValue, appointment.timeZone.identifier.sqlValue,
                reminder.dueAt.milliseconds.sqlValue, reminder.latestAt.milliseconds.sqlValue, (told?.iso).sqlValue,
            ]
        }
        try transaction.execute(
            """
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                time_zone, due_at, latest_at, next_at, state, told_start)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, 'planned', $11)
            ON CONFLICT (appointment_id, channel, purpose, generation) DO UPDATE
            SET patient_id = excluded.patient_id, day = excluded.day, time_zone = excluded.time_zone,
                due_at = excluded.due_at, latest_at = excluded.latest_at, next_at = excluded.next_at,
                state = 'planned', reason = NULL, claim_token = NULL, told_start = excluded.told_start
            WHERE reminders.state = 'skipped' AND reminders.reason = 'cancelled'
            """,
            each: rows
        )
    }

    /// Ends every planned reminder of an appointment, claimed or not; a worker that holds one finds its token gone.
    static func skip(_ reason: SkipReason, of id: Appointment.ID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = $1, claim_token = NULL
            WHERE appointment_id = $2 AND state = 'planned' AND purpose = 'reminder'
            """,
            reason.rawValue,
            id.rawValue
        )
    }

    /// Takes planned reminders away for channels that nobody wants any more.
    static func remove(_ channels: Set<Channel>, of id: Appointment.ID, in transaction: Transaction) throws {
        for channel in channels {
            try transaction.execute(
                """
                DELETE FROM reminders
                WHERE appointment_id = $1 AND channel = $2 AND state = 'planned' AND purpose = 'reminder'
                """,
                id.rawValue,
                channel.rawValue
            )
        }
    }

    /// Planned reminders follow their appointment to another patient, place or generation; what a worker read of them
    /// before does not hold any more.
    static func follow(_ appointment: Appointment, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET patient_id = $1, generation = $2, claim_token = NULL, next_at = due_at
            WHERE appointment_id = $3 AND state = 'planned' AND purpose = 'reminder'
            """,
            appointment.patientID.rawValue,
            appointment.generation,
            appointment.id.rawValue
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
