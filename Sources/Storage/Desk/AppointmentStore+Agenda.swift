import Database
import Domain
import Foundation

/// An appointment and how its reminders stand now, without the people and places around it.
public struct AgendaLine: Hashable, Sendable {
    public let appointment: Appointment
    /// Those of an earlier start only where there are no others.
    public let reminders: [ReminderStanding]

    public init(appointment: Appointment, reminders: [ReminderStanding]) {
        self.appointment = appointment
        self.reminders = reminders
    }
}

/// One appointment with all that a calendar shows of it.
public struct AgendaRow: Hashable, Sendable {
    public let line: AgendaLine
    public let patient: Patient
    public let location: Location
    public let practitioner: Practitioner?
    /// What the patient said about it on the page behind the link.
    public let answer: LinkAnswer.Kind?

    public var appointment: Appointment { line.appointment }
    public var reminders: [ReminderStanding] { line.reminders }

    public init(
        line: AgendaLine,
        patient: Patient,
        location: Location,
        practitioner: Practitioner?,
        answer: LinkAnswer.Kind? = nil
    ) {
        self.line = line
        self.patient = patient
        self.location = location
        self.practitioner = practitioner
        self.answer = answer
    }
}

extension AppointmentStore {
    /// The appointments that start in a span, the earliest first.
    ///
    /// - Parameters:
    ///   - to: the first instant that no longer belongs to the span.
    ///   - practitioner: whose alone; nil: everybody's.
    ///   - location: where alone; nil: everywhere.
    public func agendaLines(
        _ practice: Practice.ID,
        from: Date,
        to: Date,
        practitioner: Practitioner.ID? = nil,
        location: Location.ID? = nil,
        now: Date,
        limit: Int
    ) async throws -> [AgendaLine] {
        var conditions = Conditions()
        conditions.add(
            "practice_id = ? AND start_at >= ? AND start_at < ?",
            practice.rawValue,
            from.milliseconds,
            to.milliseconds
        )
        if let practitioner { conditions.add("practitioner_id = ?", practitioner.rawValue) }
        if let location { conditions.add("location_id = ?", location.rawValue) }
        let most = conditions.bind(limit)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let appointments = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment)) FROM appointments
                WHERE \(sql) ORDER BY start_at, id LIMIT \(most)
                """,
                values: values
            ).entities(Appointment.init)
            let standings = try ReminderStandings.of(appointments.map(\.id), .current, now: now, in: transaction)
            return appointments.map { AgendaLine(appointment: $0, reminders: standings[$0.id] ?? []) }
        }
    }

    /// The same with people and places; a line whose patient is gone meanwhile is left out.
    public func agendaRows(_ lines: [AgendaLine]) async throws -> [AgendaRow] {
        try await driver.read { try Self.rows(lines, in: $0) }
    }

    /// Such lines and their rows at once.
    public func agenda(_ practice: Practice.ID, from: Date, to: Date, now: Date, limit: Int) async throws -> [AgendaRow]
    {
        try await agendaRows(try await agendaLines(practice, from: from, to: to, now: now, limit: limit))
    }

    /// One appointment as a calendar shows it, with all its reminders.
    ///
    /// - Throws: ``StorageError/notFound``
    public func agendaRow(_ id: Appointment.ID, _ practice: Practice.ID, now: Date) async throws -> AgendaRow {
        try await driver.read { transaction in
            let appointment = try Lookup.appointment(id, practice, in: transaction)
            let standings = try ReminderStandings.of([id], now: now, in: transaction)
            let line = AgendaLine(appointment: appointment, reminders: standings[id] ?? [])
            guard let row = try Self.rows([line], in: transaction).first else { throw StorageError.notFound }
            return row
        }
    }

    private static func rows(_ lines: [AgendaLine], in transaction: Transaction) throws -> [AgendaRow] {
        let appointments = lines.map(\.appointment)
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
        let answers = lines.isEmpty ? [:] : try LinkStore.words(of: appointments.map(\.id), in: transaction)
        return lines.compactMap { line in
            guard let patient = patients[line.appointment.patientID],
                let location = locations[line.appointment.locationID]
            else { return nil }
            let practitioner = line.appointment.practitionerID.flatMap { practitioners[$0] }
            return AgendaRow(
                line: line,
                patient: patient,
                location: location,
                practitioner: practitioner,
                answer: answers[line.appointment.id]
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
