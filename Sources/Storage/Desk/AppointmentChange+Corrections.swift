import Database
import Domain
import Foundation

/// A correction that is about to be written, with whom it is for and what the patient was told.
struct PlannedCorrection {
    let plan: PlannedReminder
    let patient: Patient.ID
    let told: WallTime
    /// Where; nil where nobody knows.
    let toldPlace: String?
}

extension AppointmentChange {
    /// Whom the warning is about: those who expect the appointment as it was, and the patient who was told that it is
    /// cancelled and is to come after all.
    func concerned(in transaction: Transaction) throws -> [ToldPatients.Told] {
        guard now < old.start else { return [] }
        let told = try ToldPatients.of(old, in: transaction)
        var concerned = isLate ? told.expecting : []
        if isBooked, isRevived || hasNewPatient { concerned += told.thinkingCancelled(form.patient.id) }
        return concerned
    }

    /// An appointment that is again as the patient was told makes a correction pointless that says so and is not sent.
    ///
    /// One that may have been sent already stays: what it told is no longer what the patient was told before it.
    func dropPointlessCorrections(in transaction: Transaction) throws {
        guard isBooked, isMoved || isRevived || hasNewPatient || hasNewLocation else { return }
        // Where nobody knows which place was told, it was the one before this change.
        let isSamePlace = hasNewLocation ? "told_location = $4" : "COALESCE(told_location, $4) = $4"
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = 'moved'
            WHERE appointment_id = $1 AND state = 'planned' AND purpose = 'correction' AND told_start = $2
                AND patient_id = $3 AND \(isSamePlace) AND \(ReminderRows.surelyUnsent)
            """,
            old.id.rawValue,
            newWallStart.iso,
            form.patient.id.rawValue,
            form.location.name
        )
    }

    /// One correction for each channel that was used, to the patient who was told. One that is still waiting is enough:
    /// it is rendered when it leaves, from what is true then.
    func corrections(
        _ concerned: [ToldPatients.Told],
        for new: Appointment,
        in transaction: Transaction
    ) throws -> [PlannedCorrection] {
        let rows = try transaction.query(
            "SELECT channel, patient_id, generation, state FROM reminders WHERE appointment_id = $1 AND purpose = $2",
            old.id.rawValue,
            Reminder.Purpose.correction.rawValue
        )
        var waiting: Set<String> = []
        var newest: [String: Int64] = [:]
        for row in rows {
            let channel = try row.text(0)
            if try row.text(3) == "planned" { waiting.insert("\(channel) \(try row.integer(1))") }
            newest[channel] = max(newest[channel] ?? 0, try row.integer(2))
        }
        return concerned.filter { !waiting.contains("\($0.channel.rawValue) \($0.patient)") && !isAsTold($0) }
            .map { last in
                let channel = last.channel.rawValue
                // A correction's generation tells it from the others; only that of a reminder follows the start.
                var numbered = new
                numbered.generation = max(new.generation, (newest[channel] ?? 0) + 1)
                newest[channel] = numbered.generation
                return correction(last, of: numbered)
            }
    }

    func correction(_ last: ToldPatients.Told, of appointment: Appointment) -> PlannedCorrection {
        let told = last.start ?? old.wallStart
        let latest = max(told.instant(in: old.timeZone), old.start)
        let plan = ReminderPlanner.correction(last.channel, for: appointment, toldStart: latest, now: now)
        return PlannedCorrection(plan: plan, patient: last.patient, told: told, toldPlace: last.place)
    }

    /// Whether the appointment takes place for the patient as the last message told it.
    func isAsTold(_ last: ToldPatients.Told) -> Bool {
        let isSamePlace = last.location.map { $0 == form.location.id } ?? !hasNewLocation
        return isBooked && isSamePlace && last.patient == form.patient.id && last.start == newWallStart
    }

    private var newWallStart: WallTime { WallTime.of(form.fields.start, in: form.fields.timeZone) }
}
