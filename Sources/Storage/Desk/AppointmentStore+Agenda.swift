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
            let found = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment, of: "a")), \(Columns.list(Columns.patient, of: "p"))
                FROM appointments a JOIN patients p ON p.id = a.patient_id
                WHERE \(sql) ORDER BY a.start_at, a.id LIMIT \(most)
                """,
                values: values
            ).entities { reader in (appointment: try Appointment(&reader), patient: try Patient(&reader)) }
            let appointments = found.map(\.appointment)
            // A practice has few of these: they are read once, not with every appointment.
            let locations = try Self.named(appointments.map(\.locationID), "locations", Columns.location, in: transaction) {
                try Location(&$0)
            }
            let practitioners = try Self.named(
                appointments.compactMap(\.practitionerID),
                "practitioners",
                Columns.practitioner,
                in: transaction
            ) { try Practitioner(&$0) }
            let standings = try ReminderStandings.of(appointments.map(\.id), reach, now: now, in: transaction)
            return found.compactMap { appointment, patient in
                guard let location = locations[appointment.locationID] else { return nil }
                return AgendaRow(
                    appointment: appointment,
                    patient: patient,
                    location: location,
                    practitioner: appointment.practitionerID.flatMap { practitioners[$0] },
                    reminders: standings[appointment.id] ?? []
                )
            }
        }
    }

    private static func named<Entity: Identifiable, Owner>(
        _ ids: [Identifier<Owner>],
        _ table: String,
        _ columns: [String],
        in transaction: Transaction,
        read: (inout RowReader) throws -> Entity
    ) throws -> [Entity.ID: Entity] where Entity.ID == Identifier<Owner> {
        let rows = try transaction.query(
            "SELECT \(Columns.list(columns)) FROM \(table) WHERE \(transaction.dialect.isOne("id", of: "$1"))",
            values: [.integers(Set(ids).map(\.rawValue))]
        )
        return Dictionary(uniqueKeysWithValues: try rows.entities(read).map { ($0.id, $0) })
    }
}
