import Database
import Domain
import Foundation

/// One appointment with all that a calendar shows of it.
public struct AgendaRow: Hashable, Sendable {
    public let appointment: Appointment
    public let patient: Patient
    public let location: Location
    public let practitioner: Practitioner?
    public let reminders: [ReminderStanding]

    public init(
        appointment: Appointment,
        patient: Patient,
        location: Location,
        practitioner: Practitioner?,
        reminders: [ReminderStanding]
    ) {
        self.appointment = appointment
        self.patient = patient
        self.location = location
        self.practitioner = practitioner
        self.reminders = reminders
    }
}

extension AppointmentStore {
    /// The appointments that start in a span, the earliest first, with their reminders as they stand now.
    ///
    /// - Parameter to: the first instant that no longer belongs to the span.
    public func agenda(
        _ practice: Practice.ID,
        from: Date,
        to: Date,
        now: Date,
        limit: Int
    ) async throws -> [AgendaRow] {
        try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment, of: "a")), \(Columns.list(Columns.patient, of: "p")),
                    \(Columns.list(Columns.location, of: "l")), \(Columns.list(Columns.practitioner, of: "d"))
                FROM appointments a
                JOIN patients p ON p.id = a.patient_id
                JOIN locations l ON l.id = a.location_id
                LEFT JOIN practitioners d ON d.id = a.practitioner_id
                WHERE a.practice_id = $1 AND a.start_at >= $2 AND a.start_at < $3
                ORDER BY a.start_at, a.id LIMIT $4
                """,
                practice.rawValue,
                from.milliseconds,
                to.milliseconds,
                limit
            )
            let found = try rows.entities { reader in
                (
                    try Appointment(&reader), try Patient(&reader), try Location(&reader),
                    reader.isNull ? nil : try Practitioner(&reader)
                )
            }
            let standings = try ReminderStandings.of(found.map(\.0.id), now: now, in: transaction)
            return found.map { appointment, patient, location, practitioner in
                AgendaRow(
                    appointment: appointment,
                    patient: patient,
                    location: location,
                    practitioner: practitioner,
                    reminders: standings[appointment.id] ?? []
                )
            }
        }
    }
}
