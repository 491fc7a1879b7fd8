import Database
import Domain
import Foundation

/// The places where a practice treats.
public struct LocationStore: Sendable {
    let driver: any SQLDriver
    let links: PatientLinks?

    /// - Throws: `ProblemList`, ``StorageError/notFound`` for the practice.
    public func create(_ practice: Practice.ID, _ draft: LocationDraft, now: Date) async throws -> Location {
        try await driver.write { transaction in
            let fields = try checked(draft, try Lookup.practice(practice, in: transaction))
            let row = try transaction.first(
                """
                INSERT INTO locations (name, address, closing_text, sender, sender_registered, sender_registered_on,
                    fallback_sender, time_zone, email_subject, email_body, practice_id, version, created_at,
                    changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12)
                RETURNING \(Columns.list(Columns.location))
                """,
                values: Self.values(fields) + [practice.rawValue.sqlValue, now.milliseconds.sqlValue]
            )
            return try Lookup.read(row, Location.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Location.ID, _ practice: Practice.ID) async throws -> Location {
        try await driver.read { try Lookup.location(id, practice, in: $0) }
    }

    /// The newest first.
    public func list(_ practice: Practice.ID, _ page: PageRequest = PageRequest()) async throws -> Page<Location> {
        let (limit, cursor) = try page.checked()
        return try await driver.read { transaction in
            var conditions = Conditions()
            conditions.add("practice_id = ?", practice.rawValue)
            if let cursor { conditions.add("id < ?", cursor.id) }
            let most = conditions.bind(limit + 1)
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.location)) FROM locations
                WHERE \(conditions.sql) ORDER BY id DESC LIMIT \(most)
                """,
                values: conditions.values
            )
            return Page(try rows.entities(Location.init), limit: limit) {
                Cursor(key: $0.id.rawValue, id: $0.id.rawValue)
            }
        }
    }

    /// All of them, by name.
    public func all(_ practice: Practice.ID) async throws -> [Location] {
        try await driver.read { transaction in
            try transaction.query(
                "SELECT \(Columns.list(Columns.location)) FROM locations WHERE practice_id = $1 ORDER BY name, id",
                practice.rawValue
            ).entities(Location.init)
        }
    }

    /// A new zone is for new appointments (rule 14); sender and text hold for the next message. What was said about the
    /// registration of a sender does not go over to another one, unless the same edit says so.
    ///
    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: Location.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout LocationDraft) throws -> Void
    ) async throws -> Location {
        try await driver.write { transaction in
            let old = try Lookup.location(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = LocationDraft(existing: old)
            try edit(&draft)
            let settings = try Lookup.practice(practice, in: transaction)
            draft.forgetRegistration(of: old, settings)
            draft.saysRegistration = false
            if draft == LocationDraft(existing: old) { return old }
            let fields = try checked(draft, settings, keeping: old)
            let row = try transaction.first(
                """
                UPDATE locations SET name = $1, address = $2, closing_text = $3, sender = $4, sender_registered = $5,
                    sender_registered_on = $6, fallback_sender = $7, time_zone = $8, email_subject = $9,
                    email_body = $10, version = version + 1, changed_at = $11
                WHERE id = $12 AND version = $13
                RETURNING \(Columns.list(Columns.location))
                """,
                values: Self.values(fields) + [
                    now.milliseconds.sqlValue, id.rawValue.sqlValue, old.version.sqlValue,
                ]
            )
            guard row != nil else { throw StorageError.stale }
            return try Lookup.read(row, Location.init)
        }
    }

    /// - Throws: `record.in_use` while an appointment names it (rule 15), `sender.missing` where SMS would stay on without
    ///   any sender (rule 5), ``StorageError/notFound``, ``StorageError/stale``
    public func delete(_ id: Location.ID, _ practice: Practice.ID, expecting version: Int64? = nil) async throws {
        try await driver.write { transaction in
            let old = try Lookup.location(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            let use = try transaction.first("SELECT id FROM appointments WHERE location_id = $1 LIMIT 1", id.rawValue)
            if use != nil { throw ProblemList(FieldProblem("id", .inUse)) }
            let settings = try Lookup.practice(practice, in: transaction)
            let other = try transaction.first(
                "SELECT id FROM locations WHERE practice_id = $1 AND id <> $2 LIMIT 1",
                practice.rawValue,
                id.rawValue
            )
            if settings.smsEnabled, settings.sender == nil, other == nil {
                throw ProblemList(FieldProblem("senderId", .senderMissing))
            }
            try transaction.execute("DELETE FROM closing_days WHERE location_id = $1", id.rawValue)
            try transaction.execute("DELETE FROM locations WHERE id = $1", id.rawValue)
        }
    }

    /// While SMS is on, a location needs a sender of its own where the practice has none (rule 5). A text that stays as it
    /// is is not judged anew: links came later, or have become longer.
    private func checked(
        _ draft: LocationDraft,
        _ practice: Practice,
        keeping old: Location? = nil
    ) throws -> LocationFields {
        let staysLong = old.map { ClosingText.normalised(draft.closingText) == $0.closingText.value } ?? false
        let fields = try draft.validated(
            country: practice.country,
            keeping: old?.sender,
            textMaximum: staysLong ? ClosingText.maximumSeptets : links.textMaximum(practice)
        )
        if practice.smsEnabled, practice.sender == nil, fields.sender == nil {
            throw ProblemList(FieldProblem("senderId", .senderMissing))
        }
        return fields
    }

    /// In the order of the columns from `name` to `email_body`.
    private static func values(_ fields: LocationFields) -> [SQLValue] {
        [
            fields.name.sqlValue, fields.address.sqlValue, fields.closingText.value.sqlValue,
            (fields.sender?.value).sqlValue, fields.senderRegistered.sqlValue,
            (fields.senderRegisteredOn?.iso).sqlValue,
            (fields.fallbackSender?.value).sqlValue, (fields.timeZone?.identifier).sqlValue,
            (fields.emailTexts.subject?.source).sqlValue, (fields.emailTexts.body?.source).sqlValue,
        ]
    }
}
