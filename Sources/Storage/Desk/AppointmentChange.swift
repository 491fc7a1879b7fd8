import Database
import Domain
import Foundation

/// One change of an appointment, from what was asked for to the rows that follow from it.
struct AppointmentChange {
    let old: Appointment
    let form: AppointmentForm
    let practice: Practice
    let now: Date

    var isMoved: Bool { form.fields.start != old.start || form.fields.timeZone != old.timeZone }
    var hasNewPatient: Bool { form.patient.id != old.patientID }
    var hasNewLocation: Bool { form.location.id != old.locationID }
    var isBooked: Bool { form.fields.status == .booked }
    var isRevived: Bool { isBooked && old.status != .booked }
    var isCancelled: Bool { form.fields.status == .cancelled && old.status != .cancelled }

    /// Rule 11: cancelled, or start, location or patient changed, before the start. What stays cancelled needs no
    /// warning: the patient does not come anyway.
    var isLate: Bool {
        guard now < old.start else { return false }
        if form.fields.status == .cancelled, old.status == .cancelled { return false }
        return isCancelled || form.fields.start != old.start || hasNewLocation || hasNewPatient
    }

    func save(_ answer: LateChangeAnswer, in transaction: Transaction) throws -> AppointmentOutcome {
        let verdict = try judge(in: transaction)
        let told = isLate ? try ToldPatients.of(old.id, in: transaction) : ToldPatients(last: [:])
        if let warning = told.lateChange, answer == .unasked { throw warning }

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

        var corrections: [(plan: PlannedReminder, patient: Patient.ID)] = []
        if case .acknowledged(sendCorrection: true) = answer {
            corrections = try self.corrections(told, for: &new, in: transaction)
        }
        if new == old { return AppointmentOutcome(appointment: old) }
        try update(&new, in: transaction)
        try moveReminders(to: new, in: transaction)
        for correction in corrections {
            try ReminderRows.correct(
                [correction.plan],
                of: new,
                patient: correction.patient,
                told: old.wallStart,
                in: transaction
            )
        }
        return AppointmentOutcome(appointment: new, notices: verdict.notices)
    }

    private func update(_ new: inout Appointment, in transaction: Transaction) throws {
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
        if isRevived { try dropCorrections(in: transaction) }
        if isMoved {
            try ReminderRows.skip(.moved, of: new.id, in: transaction)
        } else {
            try ReminderRows.remove(
                old.reminderKind.channels.subtracting(new.reminderKind.channels),
                of: new.id,
                in: transaction
            )
            if hasNewPatient || hasNewLocation || new.generation != old.generation {
                try ReminderRows.follow(new, in: transaction)
            }
        }
        // Without a move, channels that the appointment had before have their rows already.
        let kept = isMoved || isRevived ? [] : old.reminderKind.channels
        try ReminderRows.plan(new, practice, only: new.reminderKind.channels.subtracting(kept), in: transaction)
    }

    /// An appointment that takes place after all makes a correction pointless that says the opposite and is not sent.
    private func dropCorrections(in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = 'moved', claim_token = NULL
            WHERE appointment_id = $1 AND state = 'planned' AND purpose = 'correction' AND told_start = $2
                AND patient_id = $3
            """,
            old.id.rawValue,
            WallTime.of(form.fields.start, in: form.fields.timeZone).iso,
            form.patient.id.rawValue
        )
    }

    /// One correction for each channel that was used, to the patient who was told. One that is still waiting is enough:
    /// it is rendered when it leaves, from what is true then.
    private func corrections(
        _ told: ToldPatients,
        for new: inout Appointment,
        in transaction: Transaction
    ) throws -> [(plan: PlannedReminder, patient: Patient.ID)] {
        let rows = try transaction.query(
            "SELECT channel, patient_id, generation, state FROM reminders WHERE appointment_id = $1 AND purpose = $2",
            old.id.rawValue,
            Reminder.Purpose.correction.rawValue
        )
        var waiting: Set<String> = []
        var isTaken = false
        for row in rows {
            if try row.text(3) == "planned" { waiting.insert("\(try row.text(0)) \(try row.integer(1))") }
            if try row.integer(2) == new.generation { isTaken = true }
        }
        let due = told.last.filter { !waiting.contains("\($0.key.rawValue) \($0.value.patient)") }
        if !due.isEmpty, isTaken { new.generation += 1 }
        let appointment = new
        return due.sorted { $0.key.rawValue < $1.key.rawValue }.map { channel, last in
            let plan = ReminderPlanner.correction(channel, for: appointment, toldStart: old.start, now: now)
            return (plan, last.patient)
        }
    }
}
