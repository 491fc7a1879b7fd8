import Database
import Domain
import Foundation

/// What will go out, or why not.
public struct ForecastLine: Hashable, Sendable {
    public let appointment: Appointment
    public let patient: Patient
    public let location: Location
    /// nil: an appointment without a reminder.
    public let channel: Channel?
    public let dueAt: Date?
    /// What stands against it now; nil if nothing does.
    public let reason: SkipReason?
    /// Why the appointment has less than the patient's preferred kind.
    public let shortfall: [ProblemCode]

    public init(
        appointment: Appointment,
        patient: Patient,
        location: Location,
        channel: Channel?,
        dueAt: Date?,
        reason: SkipReason?,
        shortfall: [ProblemCode]
    ) {
        self.appointment = appointment
        self.patient = patient
        self.location = location
        self.channel = channel
        self.dueAt = dueAt
        self.reason = reason
        self.shortfall = shortfall
    }
}

/// What is going to happen if everything stays as it is.
public struct ForecastStore: Sendable {
    let driver: any SQLDriver
    let links: PatientLinks?

    /// The booked appointments of the coming days: their reminders that have not left, and those without any.
    ///
    /// - Parameter days: counted from `now`, 24 hours each.
    public func of(_ practice: Practice.ID, days: Int, now: Date) async throws -> [ForecastLine] {
        try await driver.read { transaction in
            let until = now + Double(days) * 86_400
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment, of: "a")), \(Columns.list(Columns.patient, of: "p")),
                    \(Columns.list(Columns.location, of: "l"))
                FROM appointments a
                JOIN patients p ON p.id = a.patient_id
                JOIN locations l ON l.id = a.location_id
                WHERE a.practice_id = $1 AND a.start_at >= $2 AND a.start_at < $3 AND a.status = 'booked'
                ORDER BY a.start_at, a.id
                """,
                practice.rawValue,
                now.milliseconds,
                until.milliseconds
            )
            let found = try rows.entities { reader in
                (try Appointment(&reader), try Patient(&reader), try Location(&reader))
            }
            let standings = try ReminderStandings.of(found.map(\.0.id), .current, now: now, in: transaction)
            return found.flatMap { appointment, patient, location in
                let current = (standings[appointment.id] ?? []).filter {
                    $0.reminder.purpose == .reminder && $0.reminder.generation == appointment.generation
                }
                return Self.lines(appointment, patient, location, current)
            }
        }
    }

    private static func lines(
        _ appointment: Appointment,
        _ patient: Patient,
        _ location: Location,
        _ current: [ReminderStanding]
    ) -> [ForecastLine] {
        if current.isEmpty {
            return [
                ForecastLine(
                    appointment: appointment,
                    patient: patient,
                    location: location,
                    channel: nil,
                    dueAt: nil,
                    reason: nil,
                    shortfall: appointment.shortfall
                )
            ]
        }
        let open = current.filter { $0.reminder.state == .planned || $0.reminder.state == .skipped }
        return open.map { standing in
            ForecastLine(
                appointment: appointment,
                patient: patient,
                location: location,
                channel: standing.reminder.channel,
                dueAt: standing.reminder.dueAt,
                reason: standing.reason,
                shortfall: appointment.shortfall
            )
        }
    }

    /// What the settings leave undone, the gravest first.
    public func warnings(_ practice: Practice.ID, now: Date) async throws -> [ForecastWarning] {
        try await driver.read { transaction in
            let settings = try Lookup.practice(practice, in: transaction)
            var warnings: [ForecastWarning] = []
            if settings.paused { warnings.append(ForecastWarning(.paused)) }
            if try Self.lacksSMS(settings, in: transaction) { warnings.append(ForecastWarning(.smsOff)) }
            if settings.smsEnabled, try !ProviderStore.exists(for: practice, in: transaction) {
                warnings.append(ForecastWarning(.smsWithoutProvider))
            }
            if settings.smsEnabled, try HealthStore.areAllIll(for: practice, now: now, in: transaction) {
                warnings.append(ForecastWarning(.providerInTrouble))
            }
            if settings.smsEnabled {
                let standing = try UsageStore.standing(practice, now: now, in: transaction)
                if standing.isReached {
                    warnings.append(ForecastWarning(.limitReached))
                } else if standing.isNear {
                    warnings.append(ForecastWarning(.limitNear))
                }
            }
            warnings += try MailWarnings.of(settings, now: now, in: transaction)
            if settings.smsEnabled { warnings += try SenderWarnings.of(settings, now: now, in: transaction) }
            if settings.linksEnabled { warnings += try LinkWarnings.of(settings, links, in: transaction) }
            return warnings
        }
    }

    /// SMS are off though nothing leaves by e-mail either, or some are planned: to whom e-mails are enough, it is no lack.
    private static func lacksSMS(_ practice: Practice, in transaction: Transaction) throws -> Bool {
        if practice.smsEnabled { return false }
        if !practice.emailEnabled { return true }
        return try transaction.first(
            "SELECT id FROM reminders WHERE practice_id = $1 AND channel = 'sms' AND state = 'planned' LIMIT 1",
            practice.id.rawValue
        ) != nil
    }

    /// The countries that the practice's SMS go to, as far as rules about senders tell them apart.
    public func recipients(_ practice: Practice) async throws -> Set<Country> {
        try await driver.read { try Recipients.countries(practice, in: $0) }
    }
}
