import Database
import Domain

/// Finds one record inside an open transaction; nothing of another practice, nothing that was erased.
enum Lookup {
    static func practice(_ id: Practice.ID, in transaction: Transaction) throws -> Practice {
        let row = try transaction.first(
            "SELECT \(Columns.list(Columns.practice)) FROM practices WHERE id = $1",
            id.rawValue
        )
        return try read(row, Practice.init)
    }

    static func location(_ id: Location.ID, _ practice: Practice.ID, in transaction: Transaction) throws -> Location {
        let row = try transaction.first(
            "SELECT \(Columns.list(Columns.location)) FROM locations WHERE id = $1 AND practice_id = $2",
            id.rawValue,
            practice.rawValue
        )
        return try read(row, Location.init)
    }

    static func practitioner(
        _ id: Practitioner.ID,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws -> Practitioner {
        let row = try transaction.first(
            "SELECT \(Columns.list(Columns.practitioner)) FROM practitioners WHERE id = $1 AND practice_id = $2",
            id.rawValue,
            practice.rawValue
        )
        return try read(row, Practitioner.init)
    }

    static func patient(_ id: Patient.ID, _ practice: Practice.ID, in transaction: Transaction) throws -> Patient {
        let row = try transaction.first(
            """
            SELECT \(Columns.list(Columns.patient)) FROM patients
            WHERE id = $1 AND practice_id = $2 AND erased_at IS NULL
            """,
            id.rawValue,
            practice.rawValue
        )
        return try read(row, Patient.init)
    }

    static func appointment(
        _ id: Appointment.ID,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws -> Appointment {
        let row = try transaction.first(
            "SELECT \(Columns.list(Columns.appointment)) FROM appointments WHERE id = $1 AND practice_id = $2",
            id.rawValue,
            practice.rawValue
        )
        return try read(row, Appointment.init)
    }

    /// - Throws: ``StorageError/notFound`` where there is no row.
    static func read<Entity>(_ row: SQLRow?, _ make: (inout RowReader) throws -> Entity) throws -> Entity {
        guard let row else { throw StorageError.notFound }
        var reader = RowReader(row)
        return try make(&reader)
    }

    /// - Throws: ``StorageError/stale`` where another version was expected.
    static func check(_ expected: Int64?, against version: Int64) throws {
        if let expected, expected != version { throw StorageError.stale }
    }
}

extension Transaction {
    /// The only row of a statement, or nil, for values that were collected.
    func first(_ sql: String, values: [SQLValue]) throws -> SQLRow? { try query(sql, values: values).first }
}

extension [SQLRow] {
    /// Each row as an entity.
    func entities<Entity>(_ make: (inout RowReader) throws -> Entity) throws -> [Entity] {
        try map { row in
            var reader = RowReader(row)
            return try make(&reader)
        }
    }
}

extension StorageError {
    /// Gives a UNIQUE that refused an external id its name.
    static func namingExternalID<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch SQLError.constraint(let detail) where detail.contains("external_id") {
            throw ProblemList(FieldProblem("externalId", .externalIDTaken))
        }
    }
}
