import Database
import Domain
import Foundation

/// Where an appointment comes from.
public enum AppointmentOrigin: Hashable, Sendable {
    /// A page or the interface: its start cannot lie before today.
    case person
    /// A file or another program, which may bring the past along.
    case imported
}

/// Which appointments a list shows.
public struct AppointmentFilter: Hashable, Sendable {
    /// Starts at this instant or later.
    public var from: Date?
    /// Starts before this instant.
    public var to: Date?
    public var externalID: String?
    public var changedSince: Date?
    public var patientID: Patient.ID?

    public init(
        from: Date? = nil,
        to: Date? = nil,
        externalID: String? = nil,
        changedSince: Date? = nil,
        patientID: Patient.ID? = nil
    ) {
        self.from = from
        self.to = to
        self.externalID = externalID
        self.changedSince = changedSince
        self.patientID = patientID
    }
}

/// The calendar. Each appointment is written together with the reminders that it is owed.
public struct AppointmentStore: Sendable {
    let driver: any SQLDriver

    /// Books an appointment and plans its reminders, in one transaction.
    ///
    /// An explicit kind that is not possible is refused; the patient's preferred one is taken as far as it is possible,
    /// and the notices say what is missing (rule 4).
    ///
    /// - Parameter undoable: whether ``undo(_:_:answer:now:)`` may take it back for a moment.
    /// - Throws: `ProblemList`, ``StorageError/notFound`` for the practice.
    public func create(
        _ practice: Practice.ID,
        _ draft: AppointmentDraft,
        origin: AppointmentOrigin = .person,
        undoable: Bool = false,
        now: Date
    ) async throws -> AppointmentOutcome {
        try await driver.write { transaction in
            let practice = try Lookup.practice(practice, in: transaction)
            let form = try AppointmentForm.read(draft, practice, in: transaction)
            if origin == .person { try Self.refuseThePast(form, now: now) }
            let outcome = try Self.add(form, practice, now: now, in: transaction)
            if undoable { try UndoRecord.keepCreation(outcome.appointment, now: now, in: transaction) }
            return outcome
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Appointment.ID, _ practice: Practice.ID) async throws -> Appointment {
        try await driver.read { try Lookup.appointment(id, practice, in: $0) }
    }

    /// By start, the earliest first.
    public func list(
        _ practice: Practice.ID,
        _ filter: AppointmentFilter = AppointmentFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<Appointment> {
        let (limit, cursor) = try page.checked()
        var conditions = Conditions()
        conditions.add("practice_id = ?", practice.rawValue)
        if let from = filter.from { conditions.add("start_at >= ?", from.milliseconds) }
        if let to = filter.to { conditions.add("start_at < ?", to.milliseconds) }
        if let externalID = filter.externalID { conditions.add("external_id = ?", externalID) }
        if let since = filter.changedSince { conditions.add("changed_at >= ?", since.milliseconds) }
        if let patient = filter.patientID { conditions.add("patient_id = ?", patient.rawValue) }
        if let cursor { conditions.add("(start_at, id) > (?, ?)", cursor.key, cursor.id) }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment)) FROM appointments
                WHERE \(sql) ORDER BY start_at, id LIMIT \(most)
                """,
                values: values
            )
            return Page(try rows.entities(Appointment.init), limit: limit) {
                Cursor(key: $0.start.milliseconds, id: $0.id.rawValue)
            }
        }
    }
}

/// How an appointment lies in its row.
enum AppointmentRows {
    /// In the order of the columns from `patient_id` to `external_id`.
    static func values(_ appointment: Appointment) -> [SQLValue] {
        [
            appointment.patientID.rawValue.sqlValue, appointment.locationID.rawValue.sqlValue,
            (appointment.practitionerID?.rawValue).sqlValue, appointment.start.milliseconds.sqlValue,
            appointment.end.milliseconds.sqlValue, appointment.wallStart.iso.sqlValue,
            appointment.timeZone.identifier.sqlValue,
            appointment.timeZone.secondsFromGMT(for: appointment.start).sqlValue,
            appointment.status.rawValue.sqlValue, appointment.reminderKind.rawValue.sqlValue,
            appointment.shortfall.map(\.rawValue).joined(separator: " ").sqlValue, appointment.generation.sqlValue,
            appointment.externalID.sqlValue,
        ]
    }

    /// The codes of notices, each once.
    static func codes(_ notices: [FieldProblem]) -> [ProblemCode] {
        notices.map(\.code).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
