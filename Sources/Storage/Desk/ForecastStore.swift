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

/// A state of the settings in which reminders do not leave, or may not arrive.
public enum PracticeWarning: String, CaseIterable, Hashable, Sendable {
    case smsWithoutProvider = "sms_without_provider"
    case emailWithoutMailbox = "email_without_mailbox"
    /// Austrian networks block names that are not in the RTR's sender registry since 2026-10-01 (rule 7).
    case senderUnregistered = "sender_unregistered"
    case paused = "practice_paused"
    case smsOff = "sms_off"
    /// Four fifths of the practice's own limit of SMS a month are used.
    case limitNear = "limit_near"
    /// The limit is used up: SMS wait, and are not sent any more after the latest send time.
    case limitReached = "limit_reached"
}

/// What is going to happen if everything stays as it is.
public struct ForecastStore: Sendable {
    let driver: any SQLDriver

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
            let standings = try ReminderStandings.of(found.map(\.0.id), now: now, in: transaction)
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
    public func warnings(_ practice: Practice.ID, now: Date) async throws -> [PracticeWarning] {
        try await driver.read { transaction in
            let settings = try Lookup.practice(practice, in: transaction)
            var warnings: [PracticeWarning] = []
            if settings.paused { warnings.append(.paused) }
            if !settings.smsEnabled { warnings.append(.smsOff) }
            if settings.smsEnabled, try !ProviderStore.exists(for: practice, in: transaction) {
                warnings.append(.smsWithoutProvider)
            }
            if settings.smsEnabled {
                let standing = try UsageStore.standing(practice, now: now, in: transaction)
                if standing.isReached {
                    warnings.append(.limitReached)
                } else if standing.isNear {
                    warnings.append(.limitNear)
                }
            }
            if settings.emailEnabled { warnings.append(.emailWithoutMailbox) }
            if settings.smsEnabled, settings.country == .austria,
                try hasUnregisteredName(settings, in: transaction)
            {
                warnings.append(.senderUnregistered)
            }
            return warnings
        }
    }

    private func hasUnregisteredName(_ practice: Practice, in transaction: Transaction) throws -> Bool {
        try transaction.query(
            "SELECT \(Columns.list(Columns.location)) FROM locations WHERE practice_id = $1",
            practice.id.rawValue
        ).entities(Location.init).contains { location in
            (location.sender ?? practice.sender)?.kind == .alphanumeric && !location.senderRegistered
        }
    }
}
