import Database
import Domain
import Foundation

extension AppointmentChange {
    /// The appointment as it would be after the change, by what was judged about its kind; its version is still the old.
    func result(_ verdict: KindVerdict) -> Appointment {
        var new = old
        new.patientID = form.patient.id
        new.locationID = form.location.id
        new.practitionerID = form.practitioner?.id
        new.start = form.fields.start
        new.end = form.fields.end
        new.timeZone = form.fields.timeZone
        new.status = form.fields.status
        new.reminderKind = verdict.kind
        new.externalID = form.fields.externalID
        if let shortfall = verdict.shortfall { new.shortfall = shortfall }
        if isMoved { new.generation += 1 }
        return new
    }

    /// - Throws: `ProblemList` where a new kind was asked for and is not possible.
    func consequences(in transaction: Transaction) throws -> ChangeConsequences {
        let verdict = try judge(in: transaction)
        let planned = isBooked ? try ReminderRows.planned(old, in: transaction) : []
        return ChangeConsequences(
            appointment: result(verdict),
            dropped: planned.intersection(verdict.wanted.channels).subtracting(verdict.kind.channels),
            notices: verdict.notices,
            late: LateChange(try concerned(in: transaction))
        )
    }
}

extension AppointmentStore {
    /// What a change would bring about; nothing is saved.
    ///
    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``
    public func consequences(
        of id: Appointment.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout AppointmentDraft) throws -> Void
    ) async throws -> ChangeConsequences {
        try await driver.read { transaction in
            let old = try Lookup.appointment(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = AppointmentDraft(existing: old)
            try edit(&draft)
            if draft == AppointmentDraft(existing: old) { return ChangeConsequences(appointment: old) }
            let settings = try Lookup.practice(practice, in: transaction)
            let form = try AppointmentForm.read(draft, settings, editing: old, in: transaction)
            let change = AppointmentChange(old: old, form: form, practice: settings, now: now)
            try change.refuseThePast()
            return try change.consequences(in: transaction)
        }
    }
}
