import Database
import Domain
import Foundation

/// One change of an appointment, from what was asked for to the rows that follow from it.
struct AppointmentChange {
    let old: Appointment
    let form: AppointmentForm
    let practice: Practice
    let now: Date
    /// One of several that change together: too late for this one does not stop the others.
    var isOneOfMany = false
    /// Whether a person is asked before a rule takes a reminder away.
    var asks = false

    var isMoved: Bool { form.fields.start != old.start || form.fields.timeZone != old.timeZone }
    var hasNewPatient: Bool { form.patient.id != old.patientID }
    var hasNewLocation: Bool { form.location.id != old.locationID }
    var isBooked: Bool { form.fields.status == .booked }
    var isRevived: Bool { isBooked && old.status != .booked }
    var isCancelled: Bool { form.fields.status == .cancelled && old.status != .cancelled }

    /// Rule 11: cancelled, or start, location or patient changed, before the start. What stays cancelled needs no
    /// warning: the patient does not come anyway. Whom it concerns, and who has to be told that a cancelled appointment
    /// takes place after all, says ``concerned(in:)``.
    var isLate: Bool {
        guard now < old.start else { return false }
        if form.fields.status == .cancelled, old.status == .cancelled { return false }
        return isCancelled || form.fields.start != old.start || hasNewLocation || hasNewPatient
    }

    /// What somebody moves cannot come to lie before today.
    func refuseThePast() throws {
        if form.fields.start != old.start { try AppointmentStore.refuseThePast(form, now: now) }
    }

    /// - Parameter undoable: whether what was is kept for a moment, so that it can be taken back.
    func save(
        _ answer: LateChangeAnswer,
        undoable: Bool = false,
        in transaction: Transaction
    ) throws -> AppointmentOutcome {
        let verdict = try judge(in: transaction)
        let concerned = try concerned(in: transaction)
        var new = result(verdict)
        let late = try warning(concerned, for: new, in: transaction)
        try check(answer, verdict, late, in: transaction)

        if new == old { return AppointmentOutcome(appointment: old, isChanged: false) }
        let undo = undoable && !hasNewPatient ? try UndoRecord(old, in: transaction) : nil
        try update(&new, in: transaction)
        try moveReminders(to: new, in: transaction)
        if isCancelled { try LinkStore.settleWishes(of: new.id, now: now, in: transaction) }
        try dropPointlessCorrections(in: transaction)
        var uncorrected: [FieldProblem] = []
        if case .acknowledged(sendCorrection: true) = answer {
            uncorrected = late?.uncorrected ?? []
            for correction in try corrections(concerned, for: new, in: transaction) {
                try ReminderRows.correct(correction, of: new, in: transaction)
            }
        }
        try undo?.keep(new, now: now, in: transaction)
        return AppointmentOutcome(appointment: new, notices: verdict.notices, uncorrected: uncorrected)
    }

    /// Writes the appointment as its next version.
    func update(_ new: inout Appointment, in transaction: Transaction) throws {
        new.version += 1
        let values =
            AppointmentRows.values(new) + [
                new.version.sqlValue, now.milliseconds.sqlValue, new.id.rawValue.sqlValue, old.version.sqlValue,
            ]
        let changed = try StorageError.namingExternalID {
            try transaction.execute(
                """
                UPDATE appointments SET patient_id = $1, location_id = $2, practitioner_id = $3, start_at = $4,
                    end_at = $5, start_wall = $6, time_zone = $7, utc_offset = $8, status = $9, reminder_kind = $10,
                    shortfall = $11, generation = $12, external_id = $13, version = $14, changed_at = $15
                WHERE id = $16 AND version = $17
                """,
                values: values
            )
        }
        guard changed == 1 else { throw StorageError.stale }
    }

    private func moveReminders(to new: Appointment, in transaction: Transaction) throws {
        if !isBooked {
            try ReminderRows.skip(.cancelled, of: new.id, in: transaction)
            return
        }
        if hasNewPatient { try ReminderRows.keepMessages(from: new, in: transaction) }
        if isMoved {
            try ReminderRows.skip(.moved, of: new.id, in: transaction)
        } else {
            try ReminderRows.remove(
                old.reminderKind.channels.subtracting(new.reminderKind.channels),
                of: new.id,
                in: transaction
            )
            if hasNewPatient || hasNewLocation {
                try ReminderRows.follow(new, in: transaction)
            }
        }
        // Without a move, channels that the appointment had before have their rows already.
        let kept = isMoved || isRevived ? [] : old.reminderKind.channels
        try ReminderRows.plan(new, practice, only: new.reminderKind.channels.subtracting(kept), in: transaction)
    }
}
