import Database
import Domain
import Foundation

/// What an appointment was before a change, and which of its reminders were still to go. It holds ids, no names.
struct UndoRecord: Codable {
    /// How long a change can be taken back, in seconds. The page offers it for ten; a slow hand gets the rest.
    static let seconds = 30.0

    /// nil: the appointment was new.
    private(set) var was: Values?
    /// Reminders and corrections that were still to go.
    private(set) var planned: [Int64] = []
    /// Those of which an attempt was under way, or had been made.
    private(set) var started: [Int64] = []
    /// The appointment's newest reminder then: what came behind it came with the change.
    private(set) var lastReminder: Int64 = 0
    /// Milliseconds.
    private(set) var changedAt: Int64 = 0
    private(set) var deed = AppointmentUndo.Deed.created.rawValue
    /// What was changed with it and is taken back with it.
    private(set) var others: [Other] = []

    /// An appointment as the change left it behind.
    struct Other: Codable {
        let id: Int64
        let version: Int64
    }

    /// The appointment's row, less what a change that can be taken back leaves alone.
    struct Values: Codable {
        let location: Int64
        let practitioner: Int64?
        let start: Int64
        let end: Int64
        let zone: String
        let status: String
        let kind: String
        let shortfall: [String]
        let generation: Int64
    }

    private init() {}

    /// To be read before the change is written.
    init(_ old: Appointment, in transaction: Transaction) throws {
        was = Values(old)
        for row in try transaction.query(
            "SELECT id, state FROM reminders WHERE appointment_id = $1 ORDER BY id",
            old.id.rawValue
        ) {
            lastReminder = try row.integer(0)
            switch try row.text(1) {
            case Reminder.State.planned.rawValue: planned.append(lastReminder)
            case Reminder.State.started.rawValue: started.append(lastReminder)
            default: break
            }
        }
    }

    /// Keeps it for the version that the change left behind. Of an appointment only its last change can be taken back.
    func keep(_ new: Appointment, now: Date, in transaction: Transaction) throws {
        var kept = self
        kept.changedAt = now.milliseconds
        kept.deed = AppointmentUndo.Deed(from: was, to: new).rawValue
        try kept.write(new, now, in: transaction)
    }

    static func keepCreation(_ new: Appointment, now: Date, in transaction: Transaction) throws {
        try UndoRecord().write(new, now, in: transaction)
    }

    /// Several that were changed at once are taken back at once, by the first of them.
    static func join(_ changed: [Appointment], now: Date, in transaction: Transaction) throws {
        guard let first = changed.first, var record = try find(first, now: now, in: transaction) else { return }
        record.others = changed.dropFirst().map { Other(id: $0.id.rawValue, version: $0.version) }
        try record.write(first, now, in: transaction)
    }

    /// The others that were changed with an appointment.
    ///
    /// - Throws: ``StorageError/stale`` where one was changed since, also by a change that could be taken back by itself.
    func others(_ practice: Practice.ID, in transaction: Transaction) throws -> [Appointment] {
        try others.map { other in
            let appointment = try Lookup.appointment(Appointment.ID(other.id), practice, in: transaction)
            try Lookup.check(other.version, against: appointment.version)
            return appointment
        }
    }

    private func write(_ new: Appointment, _ now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM undos WHERE practice_id = $1 AND expires_at <= $2",
            new.practiceID.rawValue,
            now.milliseconds
        )
        try transaction.execute(
            """
            INSERT INTO undos (appointment_id, practice_id, version, was, expires_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (appointment_id) DO UPDATE
            SET version = excluded.version, was = excluded.was, expires_at = excluded.expires_at
            """,
            new.id.rawValue,
            new.practiceID.rawValue,
            new.version,
            String(decoding: try JSONEncoder().encode(self), as: UTF8.self),
            (now + Self.seconds).milliseconds
        )
    }

    /// nil where its time is over, or where the appointment was changed since.
    static func find(_ appointment: Appointment, now: Date, in transaction: Transaction) throws -> UndoRecord? {
        let row = try transaction.first(
            "SELECT was FROM undos WHERE appointment_id = $1 AND version = $2 AND expires_at > $3",
            appointment.id.rawValue,
            appointment.version,
            now.milliseconds
        )
        guard let kept = try row?.text(0) else { return nil }
        do {
            return try JSONDecoder().decode(UndoRecord.self, from: Data(kept.utf8))
        } catch is DecodingError {
            // Kept a moment ago by a program of another version.
            return nil
        }
    }

    static func forget(_ id: Appointment.ID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM undos WHERE appointment_id = $1", id.rawValue)
    }
}

extension UndoRecord.Values {
    init(_ appointment: Appointment) {
        self.init(
            location: appointment.locationID.rawValue,
            practitioner: appointment.practitionerID?.rawValue,
            start: appointment.start.milliseconds,
            end: appointment.end.milliseconds,
            zone: appointment.timeZone.identifier,
            status: appointment.status.rawValue,
            kind: appointment.reminderKind.rawValue,
            shortfall: appointment.shortfall.map(\.rawValue),
            generation: appointment.generation
        )
    }

    /// The appointment as it was.
    ///
    /// - Throws: ``StorageError/stale`` for words that are not known any more.
    func restored(over appointment: Appointment) throws -> Appointment {
        guard let zone = TimeZone(identifier: zone), let status = Appointment.Status(rawValue: status),
            let kind = ReminderKind(rawValue: kind)
        else { throw StorageError.stale }
        var new = appointment
        new.locationID = Location.ID(location)
        new.practitionerID = practitioner.map { Practitioner.ID($0) }
        new.start = Date(milliseconds: start)
        new.end = Date(milliseconds: end)
        new.timeZone = zone
        new.status = status
        new.reminderKind = kind
        new.shortfall = shortfall.compactMap(ProblemCode.init(rawValue:))
        new.generation = generation
        return new
    }
}
