import Database
import Domain
import Foundation

/// An appointment and how its reminders stand now, as far as signs tell, without the people and places around it.
public struct AgendaLine: Hashable, Sendable {
    public let appointment: Appointment
    /// The day on the clock of the appointment's zone.
    public let date: LocalDate
    /// Those of an earlier start only where there are no others.
    public let signs: [ReminderSign]

    public init(appointment: Appointment, signs: [ReminderSign]) {
        self.appointment = appointment
        date = appointment.wallStart.date
        self.signs = signs
    }
}

/// One appointment with all that a calendar shows of it.
public struct AgendaRow: Hashable, Sendable {
    public let appointment: Appointment
    /// The day on the clock of the appointment's zone.
    public let date: LocalDate
    public let reminders: [ReminderStanding]
    public let patient: Patient
    public let location: Location
    public let practitioner: Practitioner?
    /// What the patient said about it on the page behind the link.
    public let answer: LinkAnswer.Kind?

    public init(
        appointment: Appointment,
        reminders: [ReminderStanding],
        patient: Patient,
        location: Location,
        practitioner: Practitioner?,
        answer: LinkAnswer.Kind? = nil
    ) {
        self.appointment = appointment
        date = appointment.wallStart.date
        self.reminders = reminders
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
            let signs = try ReminderStandings.signs(appointments.map(\.id), now: now, in: transaction)
            return appointments.map { AgendaLine(appointment: $0, signs: signs[$0.id] ?? []) }
        }
    }

    /// The same with people and places and all that is known of the reminders; a line whose patient is gone meanwhile is
    /// left out.
    public func agendaRows(_ lines: [AgendaLine], now: Date) async throws -> [AgendaRow] {
        try await driver.read { try Self.rows(lines.map(\.appointment), .current, now: now, in: $0) }
    }

    /// The rows of all appointments that start in a span.
    public func agenda(_ practice: Practice.ID, from: Date, to: Date, now: Date, limit: Int) async throws -> [AgendaRow]
    {
        try await agendaRows(try await agendaLines(practice, from: from, to: to, now: now, limit: limit), now: now)
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
        now: Date,
        in transaction: Transaction
    ) throws -> [AgendaRow] {
        if appointments.isEmpty { return [] }
        let ids = appointments.map(\.id)
        let standings = try ReminderStandings.of(ids, reach, now: now, in: transaction)
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
