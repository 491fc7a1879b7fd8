import Database
import Domain
import Foundation

extension AppointmentStore {
    /// The days on which the appointments are, one of each, in the order of their starts.
    public func agendaDates(_ span: AgendaSpan, limit: Int) async throws -> [LocalDate] {
        let (sql, values) = span.selection("start_at, time_zone", limit: limit)
        return try await driver.read { transaction in
            try transaction.query(sql, values: values).entities { reader in
                let start = try reader.date()
                return WallTime.of(start, in: try reader.zone()).date
            }
        }
    }

    /// The appointments with the signs of their reminders.
    public func agendaLines(_ span: AgendaSpan, now: Date, limit: Int) async throws -> [AgendaLine] {
        let (sql, values) = span.selection("*", limit: limit)
        return try await driver.read { try ReminderStandings.lines(sql, values: values, now: now, in: $0) }
    }

    /// The lines' appointments with people and places and all that is known of the reminders; one whose patient is gone
    /// meanwhile is left out.
    public func agendaRows(_ lines: [AgendaLine], now: Date) async throws -> [AgendaRow] {
        try await driver.read { transaction in
            let found: [Appointment.ID: Appointment] = try Self.entities(
                lines.map(\.id),
                "SELECT \(Columns.list(Columns.appointment)) FROM appointments",
                in: transaction
            ) { try Appointment(&$0) }
            let appointments = lines.compactMap { found[$0.id] }
            return try Self.rows(appointments, .current, known: lines.flatMap(\.signs), now: now, in: transaction)
        }
    }

    /// The appointments with all of that at once.
    public func agenda(_ span: AgendaSpan, now: Date, limit: Int) async throws -> [AgendaRow] {
        let (sql, values) = span.selection(Columns.list(Columns.appointment), limit: limit)
        return try await driver.read { transaction in
            let appointments = try transaction.query(sql, values: values).entities(Appointment.init)
            return try Self.rows(appointments, .current, now: now, in: transaction)
        }
    }

    /// One appointment as a calendar shows it, with all its reminders.
    ///
    /// - Throws: ``StorageError/notFound``
    public func agendaRow(_ id: Appointment.ID, _ practice: Practice.ID, now: Date) async throws -> AgendaRow {
        try await driver.read { transaction in
            let appointment = try Lookup.appointment(id, practice, in: transaction)
            guard let row = try Self.rows([appointment], .all, now: now, in: transaction).first else {
                throw StorageError.notFound
            }
            return row
        }
    }

    private static func rows(
        _ appointments: [Appointment],
        _ reach: ReminderStandings.Reach,
        known: [ReminderSign] = [],
        now: Date,
        in transaction: Transaction
    ) throws -> [AgendaRow] {
        if appointments.isEmpty { return [] }
        let ids = appointments.map(\.id)
        let standings = try ReminderStandings.of(ids, reach, known: known, now: now, in: transaction)
        let patients: [Patient.ID: Patient] = try entities(
            appointments.map(\.patientID),
            "SELECT \(Columns.list(Columns.patient)) FROM patients",
            in: transaction
        ) { try Patient(&$0) }
        let locations: [Location.ID: Location] = try entities(
            appointments.map(\.locationID),
            "SELECT \(Columns.list(Columns.location)) FROM locations",
            in: transaction
        ) { try Location(&$0) }
        let practitioners: [Practitioner.ID: Practitioner] = try entities(
            appointments.compactMap(\.practitionerID),
            "SELECT \(Columns.list(Columns.practitioner)) FROM practitioners",
            in: transaction
        ) { try Practitioner(&$0) }
        let answers = try LinkStore.words(of: ids, in: transaction)
        return appointments.compactMap { appointment in
            guard let patient = patients[appointment.patientID], let location = locations[appointment.locationID] else {
                return nil
            }
            return AgendaRow(
                appointment: appointment,
                reminders: standings[appointment.id] ?? [],
                patient: patient,
                location: location,
                practitioner: appointment.practitionerID.flatMap { practitioners[$0] },
                answer: answers[appointment.id]
            )
        }
    }

    private static func entities<Entity: Identifiable, Owner>(
        _ ids: [Identifier<Owner>],
        _ selection: String,
        in transaction: Transaction,
        read: (inout RowReader) throws -> Entity
    ) throws -> [Entity.ID: Entity] where Entity.ID == Identifier<Owner> {
        if ids.isEmpty { return [:] }
        let rows = try transaction.query(
            "\(selection) WHERE \(transaction.dialect.isOne("id", of: "$1"))",
            values: [.integers(Set(ids).map(\.rawValue))]
        )
        return Dictionary(uniqueKeysWithValues: try rows.entities(read).map { ($0.id, $0) })
    }
}
