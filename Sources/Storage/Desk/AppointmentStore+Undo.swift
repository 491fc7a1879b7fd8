import Database
import Domain
import Foundation

/// A change that can still be taken back.
public struct AppointmentUndo: Hashable, Sendable {
    /// What was done.
    public enum Deed: String, CaseIterable, Sendable {
        case created, moved, resized, cancelled, changed
    }

    public let deed: Deed
    /// As the change left it.
    public let appointment: Appointment
    /// Those of its series that were changed with it.
    public let others: [Appointment]

    public init(deed: Deed, appointment: Appointment, others: [Appointment] = []) {
        self.deed = deed
        self.appointment = appointment
        self.others = others
    }
}

extension AppointmentUndo.Deed {
    init(from was: UndoRecord.Values?, to new: Appointment) {
        guard let was else {
            self = .created
            return
        }
        let isCancelled = new.status == .cancelled && was.status != Appointment.Status.cancelled.rawValue
        let values = UndoRecord.Values(new)
        if isCancelled {
            self = .cancelled
        } else if values.start != was.start {
            self = .moved
        } else if values.end != was.end {
            self = .resized
        } else {
            self = .changed
        }
    }
}

extension AppointmentStore {
    /// The last change of an appointment, as long as it can be taken back.
    ///
    /// - Throws: ``StorageError/notFound``
    public func undoable(_ id: Appointment.ID, _ practice: Practice.ID, now: Date) async throws -> AppointmentUndo? {
        try await driver.read { transaction in
            let appointment = try Lookup.appointment(id, practice, in: transaction)
            guard let record = try UndoRecord.find(appointment, now: now, in: transaction),
                let deed = AppointmentUndo.Deed(rawValue: record.deed)
            else { return nil }
            do {
                let others = try record.others(practice, in: transaction)
                return AppointmentUndo(deed: deed, appointment: appointment, others: others)
            } catch StorageError.stale {
                return nil
            }
        }
    }

    /// Takes the last change of an appointment back: it is as it was, and is owed the reminders that it was owed. What
    /// was new is cancelled. What was changed with it is taken back with it, and comes behind it.
    ///
    /// Taking a mistake back is no new choice, so rule 2 does not judge it. Once a message was begun since, the patient
    /// may know of the change, and this is a change like every other.
    ///
    /// - Throws: ``StorageError/stale`` where it is too late or the appointment or one of the others was changed
    ///   since, `LateChange` where the
    ///   warning was not answered, `ProblemList` where a record that it names is gone, ``StorageError/notFound``
    public func undo(
        _ id: Appointment.ID,
        _ practice: Practice.ID,
        answer: LateChangeAnswer = .unasked,
        now: Date
    ) async throws -> [AppointmentOutcome] {
        try await driver.write { transaction in
            let first = try Lookup.appointment(id, practice, in: transaction)
            guard let record = try UndoRecord.find(first, now: now, in: transaction) else { throw StorageError.stale }
            let settings = try Lookup.practice(practice, in: transaction)
            var warnings: [LateChange] = []
            var outcomes: [AppointmentOutcome] = []
            for old in [first] + (try record.others(practice, in: transaction)) {
                do {
                    outcomes.append(try Self.takeBack(old, settings, answer, now: now, in: transaction))
                } catch let warning as LateChange {
                    warnings.append(warning)
                }
            }
            if let warning = LateChange(warnings) { throw warning }
            return outcomes
        }
    }

    private static func takeBack(
        _ old: Appointment,
        _ practice: Practice,
        _ answer: LateChangeAnswer,
        now: Date,
        in transaction: Transaction
    ) throws -> AppointmentOutcome {
        guard let record = try UndoRecord.find(old, now: now, in: transaction) else { throw StorageError.stale }
        var draft = AppointmentDraft(existing: old)
        if let was = try record.was?.restored(over: old) {
            let before = AppointmentDraft(existing: was)
            (draft.start, draft.end, draft.status) = (before.start, before.end, before.status)
            (draft.locationID, draft.practitionerID) = (before.locationID, before.practitionerID)
        } else {
            draft.status = Appointment.Status.cancelled.rawValue
        }
        let form = try AppointmentForm.read(draft, practice, editing: old, in: transaction)
        let change = AppointmentChange(old: old, form: form, practice: practice, now: now)
        let outcome: AppointmentOutcome
        if let was = record.was, try !record.wasToldSince(old, in: transaction) {
            outcome = AppointmentOutcome(appointment: try change.restore(was, record, in: transaction))
        } else {
            outcome = try change.save(answer, in: transaction)
        }
        if old.status == .cancelled {
            try LinkStore.reopenWishes(of: old.id, settledAt: record.changedAt, in: transaction)
        }
        try UndoRecord.forget(old.id, in: transaction)
        return outcome
    }
}

extension UndoRecord {
    /// Whether an attempt to tell the patient anything was begun since the change.
    fileprivate func wasToldSince(_ appointment: Appointment, in transaction: Transaction) throws -> Bool {
        let row = try transaction.first(
            """
            SELECT 1 FROM reminders r JOIN messages m ON m.reminder_id = r.id JOIN attempts t ON t.message_id = m.id
            WHERE r.appointment_id = $1 AND (t.started_at >= $2 OR r.id > $3) LIMIT 1
            """,
            appointment.id.rawValue,
            changedAt,
            lastReminder
        )
        return row != nil
    }
}

extension AppointmentChange {
    /// Writes the appointment as it was. What the change planned goes, and what it ended goes on.
    fileprivate func restore(
        _ was: UndoRecord.Values,
        _ record: UndoRecord,
        in transaction: Transaction
    ) throws -> Appointment {
        var new = try was.restored(over: old)
        try update(&new, in: transaction)
        try ReminderRows.forget(after: record.lastReminder, of: new.id, in: transaction)
        // An attempt that was under way then may have failed since, and found nothing to go on for.
        let ended = try ReminderRows.ended(record.started, of: new.id, in: transaction)
        let owed = try ReminderRows.reopen(record.planned + ended, of: new.id, in: transaction)
        // Planned anew, by the send time that holds now.
        try ReminderRows.plan(new, practice, only: owed, in: transaction)
        return new
    }
}

extension ReminderRows {
    /// Takes away what a change planned, where no attempt was made for it; what came in between for other reasons stays.
    fileprivate static func forget(
        after last: Int64,
        of id: Appointment.ID,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            DELETE FROM reminders WHERE appointment_id = $1 AND id > $2 AND NOT \(hasMessage)
                AND purpose <> 'confirmation' AND stands_in_for IS NULL
            """,
            id.rawValue,
            last
        )
    }

    /// Those of some reminders that ended because of a change.
    fileprivate static func ended(
        _ started: [Int64],
        of id: Appointment.ID,
        in transaction: Transaction
    ) throws -> [Int64] {
        try transaction.query(
            """
            SELECT id FROM reminders WHERE appointment_id = $1 AND state = 'skipped' AND reason IN ('moved', 'cancelled')
                AND \(transaction.dialect.isOne("id", of: "$2"))
            """,
            values: [id.rawValue.sqlValue, .integers(started)]
        ).map { try $0.integer(0) }
    }

    /// Opens what was planned before a change and was ended by it. Answers the channels of the reminders that are to be
    /// planned again, those that the change removed included.
    fileprivate static func reopen(
        _ planned: [Int64],
        of id: Appointment.ID,
        in transaction: Transaction
    ) throws -> Set<Channel> {
        let isOne = transaction.dialect.isOne("id", of: "$2")
        let ended = "appointment_id = $1 AND state = 'skipped' AND reason IN ('moved', 'cancelled') AND \(isOne)"
        let values: [SQLValue] = [id.rawValue.sqlValue, .integers(planned)]
        try transaction.execute(
            """
            UPDATE reminders SET state = 'planned', reason = NULL
            WHERE \(ended) AND (purpose <> 'reminder' OR stands_in_for IS NOT NULL)
            """,
            values: values
        )
        // That is what a reminder looks like that the planner takes up again.
        try transaction.execute("UPDATE reminders SET reason = 'cancelled' WHERE \(ended)", values: values)
        try transaction.announce(.reminders)
        let kept = try transaction.query(
            "SELECT channel FROM reminders WHERE appointment_id = $1 AND \(isOne)",
            values: values
        )
        let channels = Set(try kept.entities { reader -> Channel in try reader.word() })
        return kept.count == planned.count ? channels : Set(Channel.allCases)
    }
}
