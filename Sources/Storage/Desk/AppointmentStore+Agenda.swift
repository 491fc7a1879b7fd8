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
    /// The appointments that start in a span, the earliest first, with their reminders as they stand now: those of an
    /// earlier start only where there are no others.
    ///
    /// - Parameters:
    ///   - to: the first instant that no longer belongs to the span.
    ///   - practitioner: whose alone; nil: everybody's.
    ///   - location: where alone; nil: everywhere.
    public func agenda(
        _ practice: Practice.ID,
        from: Date,
        to: Date,
        practitioner: Practitioner.ID? = nil,
        location: Location.ID? = nil,
        now: Date,
        limit: Int
    ) async throws -> [AgendaRow] {
        var conditions = Conditions()
        conditions.add(
            "a.practice_id = ? AND a.start_at >= ? AND a.start_at < ?",
            practice.rawValue,
            from.milliseconds,
            to.milliseconds
        )
        if let practitioner { conditions.add("a.practitioner_id = ?", practitioner.rawValue) }
        if let location { conditions.add("a.location_id = ?", location.rawValue) }
        return try await agenda(conditions, .current, now: now, limit: limit)
    }

    /// One appointment as a calendar shows it.
    ///
    /// - Throws: ``StorageError/notFound``
    public func agendaRow(_ id: Appointment.ID, _ practice: Practice.ID, now: Date) async throws -> AgendaRow {
        var conditions = Conditions()
        conditions.add("a.practice_id = ? AND a.id = ?", practice.rawValue, id.rawValue)
        guard let row = try await agenda(conditions, .all, now: now, limit: 1).first else { throw StorageError.notFound }
        return row
    }

    private func agenda(
        _ conditions: Conditions,
        _ reach: ReminderStandings.Reach,
        now: Date,
        limit: Int
    ) async throws -> [AgendaRow] {
        var conditions = conditions
        let most = conditions.bind(limit)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment, of: "a")), \(Columns.list(Columns.patient, of: "p")),
                    \(Columns.list(Columns.location, of: "l")), \(Columns.list(Columns.practitioner, of: "d"))
                FROM appointments a
                JOIN patients p ON p.id = a.patient_id
                JOIN locations l ON l.id = a.location_id
                LEFT JOIN practitioners d ON d.id = a.practitioner_id
                WHERE \(sql) ORDER BY a.start_at, a.id LIMIT \(most)
                """,
                values: values
            )
            let found = try rows.entities { reader in
                (
                    try Appointment(&reader), try Patient(&reader), try Location(&reader),
                    reader.isNull ? nil : try Practitioner(&reader)
                )
            }
            let standings = try ReminderStandings.of(found.map(\.0.id), reach, now: now, in: transaction)
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
