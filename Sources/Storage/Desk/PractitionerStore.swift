import Database
import Domain
import Foundation

/// The people who treat.
public struct PractitionerStore: Sendable {
    let driver: any SQLDriver

    /// - Throws: `ProblemList`, ``StorageError/notFound`` for the practice.
    public func create(_ practice: Practice.ID, _ draft: PractitionerDraft, now: Date) async throws -> Practitioner {
        try await driver.write { transaction in
            let fields = try draft.validated()
            _ = try Lookup.practice(practice, in: transaction)
            let row = try transaction.first(
                """
                INSERT INTO practitioners (practice_id, name, email, version, created_at, changed_at)
                VALUES ($1, $2, $3, 1, $4, $4)
                RETURNING \(Columns.list(Columns.practitioner))
                """,
                practice.rawValue,
                fields.name,
                fields.email?.value,
                now.milliseconds
            )
            return try Lookup.read(row, Practitioner.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Practitioner.ID, _ practice: Practice.ID) async throws -> Practitioner {
        try await driver.read { try Lookup.practitioner(id, practice, in: $0) }
    }

    /// The newest first.
    public func list(_ practice: Practice.ID, _ page: PageRequest = PageRequest()) async throws -> Page<Practitioner> {
        let (limit, cursor) = try page.checked()
        return try await driver.read { transaction in
            var conditions = Conditions()
            conditions.add("practice_id = ?", practice.rawValue)
            if let cursor { conditions.add("id < ?", cursor.id) }
            let most = conditions.bind(limit + 1)
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.practitioner)) FROM practitioners
                WHERE \(conditions.sql) ORDER BY id DESC LIMIT \(most)
                """,
                values: conditions.values
            )
            return Page(try rows.entities(Practitioner.init), limit: limit) {
                Cursor(key: $0.id.rawValue, id: $0.id.rawValue)
            }
        }
    }

    /// All of them, by name.
    public func all(_ practice: Practice.ID) async throws -> [Practitioner] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.practitioner)) FROM practitioners
                WHERE practice_id = $1 ORDER BY name, id
                """,
                practice.rawValue
            ).entities(Practitioner.init)
        }
    }

    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: Practitioner.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout PractitionerDraft) throws -> Void
    ) async throws -> Practitioner {
        try await driver.write { transaction in
            let old = try Lookup.practitioner(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = PractitionerDraft(existing: old)
            try edit(&draft)
            if draft == PractitionerDraft(existing: old) { return old }
            let fields = try draft.validated()
            let row = try transaction.first(
                """
                UPDATE practitioners SET name = $1, email = $2, version = version + 1, changed_at = $3
                WHERE id = $4 AND version = $5
                RETURNING \(Columns.list(Columns.practitioner))
                """,
                fields.name,
                fields.email?.value,
                now.milliseconds,
                id.rawValue,
                old.version
            )
            guard row != nil else { throw StorageError.stale }
            return try Lookup.read(row, Practitioner.init)
        }
    }

    /// - Throws: `record.in_use` while an appointment names them (rule 15), ``StorageError/notFound``,
    ///   ``StorageError/stale``
    public func delete(_ id: Practitioner.ID, _ practice: Practice.ID, expecting version: Int64? = nil) async throws {
        try await driver.write { transaction in
            let old = try Lookup.practitioner(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            let use = try transaction.first(
                "SELECT id FROM appointments WHERE practitioner_id = $1 LIMIT 1",
                id.rawValue
            )
            if use != nil { throw ProblemList(FieldProblem("id", .inUse)) }
            let mailbox = try transaction.first(
                "SELECT 1 FROM mailboxes WHERE practitioner_id = $1 LIMIT 1",
                id.rawValue
            )
            if mailbox != nil { throw ProblemList(FieldProblem("id", .inUse, ["reason": "mailbox"])) }
            try transaction.execute("DELETE FROM practitioners WHERE id = $1", id.rawValue)
        }
    }
}
