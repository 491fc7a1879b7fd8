import Database
import Domain
import Foundation

extension AppointmentStore {
    /// Changes an appointment, and its reminders with it, in one transaction.
    ///
    /// A new location without a new start keeps wall time, zone and offset, also where the location lies in another
    /// zone (rule 14).
    ///
    /// - Parameters:
    ///   - origin: a person cannot move the start to a day before today.
    ///   - contact: added to the patient's master data before the kind of reminder is judged.
    ///   - answer: what the person said to the warning that the patient may already have been told (rule 11).
    ///   - asking: whether a person is to hear of it before a rule takes a planned reminder away.
    ///   - undoable: whether ``undo(_:_:answer:now:)`` may take it back for a moment. A change of patient never can be.
    /// - Throws: `ProblemList`, `LateChange` where the warning was not answered, in its place `ChangeQuestion` where it is
    ///   asking, ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: Appointment.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        origin: AppointmentOrigin = .person,
        contact: ContactDraft = ContactDraft(),
        answer: LateChangeAnswer = .unasked,
        asking: Bool = false,
        undoable: Bool = false,
        now: Date,
        edit: @escaping @Sendable (inout AppointmentDraft) throws -> Void
    ) async throws -> AppointmentOutcome {
        try await driver.write { transaction in
            let old = try Lookup.appointment(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = AppointmentDraft(existing: old)
            try edit(&draft)
            try Self.complete(draft.patientID, contact, practice, now: now, in: transaction)
            if draft == AppointmentDraft(existing: old) {
                return AppointmentOutcome(appointment: old, isChanged: false)
            }
            let settings = try Lookup.practice(practice, in: transaction)
            let form = try AppointmentForm.read(draft, settings, editing: old, in: transaction)
            let change = AppointmentChange(old: old, form: form, practice: settings, now: now, asks: asking)
            if origin == .person { try change.refuseThePast() }
            return try change.save(answer, undoable: undoable, in: transaction)
        }
    }

    /// Cancels an appointment; that is what deleting one means (rule 15). One that is cancelled already stays so.
    ///
    /// - Throws: `LateChange` where the warning was not answered, ``StorageError/notFound``, ``StorageError/stale``
    public func cancel(
        _ id: Appointment.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        answer: LateChangeAnswer = .unasked,
        undoable: Bool = false,
        now: Date
    ) async throws -> Appointment {
        try await change(id, practice, expecting: version, answer: answer, undoable: undoable, now: now) {
            $0.status = Appointment.Status.cancelled.rawValue
        }.appointment
    }

    /// What a cancellation would be warned of (rule 11), so that a page can warn before saving; nil if no message of the
    /// appointment may have reached anyone, or it has started by `now`. Of a cancelled one: that it takes place after all.
    public func lateChange(
        of id: Appointment.ID,
        _ practice: Practice.ID,
        now: Date
    ) async throws -> LateChange? {
        try await driver.read { transaction in
            let appointment = try Lookup.appointment(id, practice, in: transaction)
            let settings = try Lookup.practice(practice, in: transaction)
            return try LateChange.ofTurning(appointment, settings, now: now, in: transaction)
        }
    }
}

extension LateChange {
    /// - Parameter patient: whose messages alone count; nil: everybody's.
    static func ofTurning(
        _ appointment: Appointment,
        _ practice: Practice,
        of patient: Patient.ID? = nil,
        now: Date,
        in transaction: Transaction
    ) throws -> LateChange? {
        if now >= appointment.start { return nil }
        let told = try ToldPatients.of(appointment, in: transaction)
        // What is cancelled can only be taken back, which concerns those who were told so as well.
        let concerned = (appointment.status == .cancelled ? told.last : told.expecting)
            .filter { patient == nil || $0.patient == patient }
        if concerned.isEmpty { return nil }
        let change = try AppointmentChange.turning(appointment, practice, now: now, in: transaction)
        return try change.warning(concerned, for: change.resultOfKind, in: transaction)
    }
}
