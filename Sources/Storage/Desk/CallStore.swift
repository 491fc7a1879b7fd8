import Database
import Domain
import Foundation

/// Somebody to be called, because a reminder did not arrive.
public struct CallEntry: Hashable, Sendable, Identifiable {
    public let appointment: Appointment
    /// Whom the reminder was for.
    public let patient: Patient
    public let location: Location
    public let missed: MissedReminder
    /// nil while nobody has called.
    public let tick: CallTick?
    /// Somebody else got the message that arrived.
    public let hasStrayed: Bool
    /// The number on record is somebody else's, as far as anybody knows.
    public let isNumberWrong: Bool

    public var id: Reminder.ID { missed.reminder.id }
}

/// Who called, when, and what came of it.
public struct CallTick: Hashable, Sendable {
    public let at: Date
    public let actor: String
    /// As it was written; empty where nothing was, and once the patient's data was erased.
    public let note: String

    /// Tells whether somebody saw the tick as it stands.
    public var mark: String { "\(at.milliseconds)-\(note.count)" }

    init(at: Date, actor: String, note: String) {
        self.at = at
        self.actor = actor
        self.note = note
    }

    init(_ reader: inout RowReader) throws {
        self.init(at: try reader.date(), actor: try reader.text(), note: try reader.text())
    }
}

/// The call list: those whose reminder did not and will not arrive, or reached somebody else, and who was called.
public struct CallStore: Sendable {
    /// In letters.
    public static let longestNote = 200
    /// What several people wrote about one call.
    static let longestNotes = 1_000
    /// Today and three days more, in seconds. A reminder leaves on the day before; a correction may be about a later day, and
    /// has time.
    static let reach = 4 * 86_400.0
    /// Within so many seconds of a change the appointment is looked at wherever it was put: the patient was told a start that
    /// is near, since a reminder leaves on the day before.
    static let memory = 7 * 86_400.0
    private static let most = 500

    let driver: any SQLDriver

    /// By the appointment, the next one first; those who were called, too.
    public func list(_ practice: Practice.ID, now: Date) async throws -> [CallEntry] {
        try await driver.read { try Self.list(practice, now: now, in: $0) }
    }

    /// How many are still to be called.
    public func openCount(_ practice: Practice.ID, now: Date) async throws -> Int {
        try await list(practice, now: now).filter { $0.tick == nil }.count
    }

    static func list(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws -> [CallEntry] {
        let astray = try astray(practice, now: now, in: transaction)
        let ids = Array(Set(try candidates(practice, now: now, in: transaction) + astray))
        if ids.isEmpty { return [] }
        let rows = try transaction.query(
            """
            SELECT \(Columns.list(Columns.appointment, of: "a")), \(Columns.list(Columns.location, of: "l"))
            FROM appointments a JOIN locations l ON l.id = a.location_id
            WHERE \(transaction.dialect.isOne("a.id", of: "$1")) ORDER BY a.start_at, a.id
            """,
            values: [.integers(ids)]
        ).entities { reader in (try Appointment(&reader), try Location(&reader)) }
        let standings = try ReminderStandings.of(rows.map(\.0.id), .current, now: now, in: transaction)
        let said = try LinkStore.said(of: rows.map(\.0.id), in: transaction)
        let missed = rows.compactMap { appointment, location in
            Self.missed(appointment, standings[appointment.id] ?? [], said[appointment.id], now: now).map {
                (appointment, location, $0)
            }
        }
        let patients = try patients(missed.map(\.2.reminder.patientID), in: transaction)
        let ticks = try ticks(standings.values.flatMap { $0.map(\.reminder) }, in: transaction)
        return missed.compactMap { appointment, location, missed in
            guard let patient = patients[missed.reminder.patientID] else { return nil }
            // One call is enough, whichever of the appointment's messages it was about.
            let its = (standings[appointment.id] ?? []).map(\.reminder)
                .filter { $0.generation == missed.reminder.generation && $0.purpose == missed.reminder.purpose }
            return CallEntry(
                appointment: appointment,
                patient: patient,
                location: location,
                missed: missed,
                tick: ticks[missed.reminder.id] ?? its.compactMap { ticks[$0.id] }.first,
                hasStrayed: !missed.hasBadEnd,
                isNumberWrong: said[appointment.id]?.isNumberWrong ?? false
            )
        }
    }

    /// Appointments of which something may have been missed. Where all is well there is none, and no more is read.
    static let candidates = """
        SELECT id FROM (
            SELECT a.id, a.start_at FROM appointments a
            JOIN reminders r ON r.appointment_id = a.id
            LEFT JOIN messages m ON m.reminder_id = r.id
            WHERE a.practice_id = $1 AND a.start_at > $2 AND a.start_at < $3 AND a.status IN ('booked', 'cancelled')
                AND ((r.state = 'skipped' AND r.reason IN ('too_late_to_send', 'no_mobile', 'no_email'))
                    OR (r.state = 'planned' AND r.due_at <= $2)
                    OR m.unclear = 1 OR m.status NOT IN ('submitted', 'delivered'))
            UNION
            SELECT a.id, a.start_at FROM appointments a
            JOIN reminders r ON r.appointment_id = a.id AND r.purpose = 'correction'
            LEFT JOIN messages m ON m.reminder_id = r.id
            WHERE a.practice_id = $1 AND a.changed_at > $4 AND a.status IN ('booked', 'cancelled') AND r.latest_at > $2
                AND (r.state = 'planned' OR (r.state = 'skipped' AND r.reason NOT IN ('cancelled', 'moved'))
                    OR m.unclear = 1 OR m.status NOT IN ('submitted', 'delivered'))
        ) AS found ORDER BY start_at, id LIMIT $5
        """

    private static func candidates(
        _ practice: Practice.ID,
        now: Date,
        in transaction: Transaction
    ) throws -> [Int64] {
        try transaction.query(
            candidates,
            practice.rawValue,
            now.milliseconds,
            (now + reach).milliseconds,
            (now - memory).milliseconds,
            most
        ).map { try $0.integer(0) }
    }

    private static func patients(
        _ ids: [Patient.ID],
        in transaction: Transaction
    ) throws -> [Patient.ID: Patient] {
        let found = try transaction.query(
            """
            SELECT \(Columns.list(Columns.patient)) FROM patients
            WHERE \(transaction.dialect.isOne("id", of: "$1")) AND erased_at IS NULL
            """,
            values: [.integers(ids.map(\.rawValue))]
        ).entities(Patient.init)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }

    private static func ticks(
        _ reminders: [Reminder],
        in transaction: Transaction
    ) throws -> [Reminder.ID: CallTick] {
        let found = try transaction.query(
            """
            SELECT reminder_id, at, actor, note FROM calls
            WHERE \(transaction.dialect.isOne("reminder_id", of: "$1"))
            """,
            values: [.integers(reminders.map(\.id.rawValue))]
        ).entities { reader in
            (try reader.id() as Reminder.ID, try CallTick(&reader))
        }
        return Dictionary(uniqueKeysWithValues: found)
    }
}
