import Database
import Domain
import Foundation

/// Which patients a list shows.
public struct PatientFilter: Hashable, Sendable {
    /// Words of the name, digits of the number; each must match.
    public var search: String?
    public var externalID: String?
    public var changedSince: Date?

    public init(search: String? = nil, externalID: String? = nil, changedSince: Date? = nil) {
        self.search = search
        self.externalID = externalID
        self.changedSince = changedSince
    }
}

/// Patients and their master data. Changing them never touches appointments that exist (rule 4).
public struct PatientStore: Sendable {
    let driver: any SQLDriver

    /// - Throws: `ProblemList`, ``StorageError/notFound`` for the practice.
    public func create(_ practice: Practice.ID, _ draft: PatientDraft, now: Date) async throws -> Patient {
        try await driver.write { try Self.create(draft, practice, now: now, in: $0) }
    }

    /// The same inside an open transaction, which writes more than the patient.
    static func create(
        _ draft: PatientDraft,
        _ practice: Practice.ID,
        now: Date,
        in transaction: Transaction
    ) throws -> Patient {
        let country = try Lookup.practice(practice, in: transaction).country
        let fields = try draft.validated(country: country)
        return try StorageError.namingExternalID {
            let row = try transaction.first(
                """
                INSERT INTO patients (first_name, last_name, search, mobile, email, reminder_kind, sms_consent,
                    email_consent, external_id, calling_code, practice_id, version, created_at, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12)
                RETURNING \(Columns.list(Columns.patient))
                """,
                values: Self.values(fields) + [practice.rawValue.sqlValue, now.milliseconds.sqlValue]
            )
            return try Lookup.read(row, Patient.init)
        }
    }

    /// - Throws: ``StorageError/notFound``, also for one whose data was erased.
    public func find(_ id: Patient.ID, _ practice: Practice.ID) async throws -> Patient {
        try await driver.read { try Lookup.patient(id, practice, in: $0) }
    }

    /// The newest first.
    public func list(
        _ practice: Practice.ID,
        _ filter: PatientFilter = PatientFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<Patient> {
        let (limit, cursor) = try page.checked()
        var conditions = Conditions()
        conditions.add("practice_id = ? AND erased_at IS NULL", practice.rawValue)
        if let search = filter.search, !search.trimmingWhitespace().isEmpty {
            let patterns = PatientSearch.patterns(search)
            if patterns.isEmpty { return Page(items: [], next: nil) }
            for pattern in patterns { conditions.add("search LIKE ?", pattern) }
        }
        if let externalID = filter.externalID { conditions.add("external_id = ?", externalID) }
        if let since = filter.changedSince { conditions.add("changed_at >= ?", since.milliseconds) }
        if let cursor { conditions.add("id < ?", cursor.id) }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.patient)) FROM patients WHERE \(sql) ORDER BY id DESC LIMIT \(most)
                """,
                values: values
            )
            return Page(try rows.entities(Patient.init), limit: limit) {
                Cursor(key: $0.id.rawValue, id: $0.id.rawValue)
            }
        }
    }

    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: Patient.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout PatientDraft) throws -> Void
    ) async throws -> Patient {
        try await driver.write {
            try Self.change(id, practice, expecting: version, now: now, in: $0, edit: edit)
        }
    }

    /// The same inside an open transaction, which writes more than the patient.
    static func change(
        _ id: Patient.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        in transaction: Transaction,
        edit: (inout PatientDraft) throws -> Void
    ) throws -> Patient {
        let old = try Lookup.patient(id, practice, in: transaction)
        try Lookup.check(version, against: old.version)
        var draft = PatientDraft(existing: old)
        try edit(&draft)
        if draft == PatientDraft(existing: old) { return old }
        let country = try Lookup.practice(practice, in: transaction).country
        let fields = try draft.validated(country: country)
        // What was heard of an address says nothing of another one.
        let bounce = fields.email == old.email ? old.emailBounce : nil
        return try StorageError.namingExternalID {
            let row = try transaction.first(
                """
                UPDATE patients SET first_name = $1, last_name = $2, search = $3, mobile = $4, email = $5,
                    reminder_kind = $6, sms_consent = $7, email_consent = $8, external_id = $9,
                    calling_code = $10, email_bounced_at = $11, email_bounce = $12, version = version + 1,
                    changed_at = $13
                WHERE id = $14 AND version = $15
                RETURNING \(Columns.list(Columns.patient))
                """,
                values: Self.values(fields) + [
                    (bounce?.at.milliseconds).sqlValue, (bounce?.reason.rawValue).sqlValue,
                    now.milliseconds.sqlValue, id.rawValue.sqlValue, old.version.sqlValue,
                ]
            )
            guard row != nil else { throw StorageError.stale }
            if fields.mobile != old.mobile { try ReminderRows.follow(id, to: fields.mobile, in: transaction) }
            return try Lookup.read(row, Patient.init)
        }
    }

    /// In the order of the columns from `first_name` to `calling_code`.
    private static func values(_ fields: PatientFields) -> [SQLValue] {
        [
            fields.firstName.sqlValue, fields.lastName.sqlValue,
            PatientSearch.column(lastName: fields.lastName, firstName: fields.firstName, mobile: fields.mobile)
                .sqlValue,
            (fields.mobile?.e164).sqlValue, (fields.email?.value).sqlValue, fields.reminderKind.rawValue.sqlValue,
            fields.smsConsent.rawValue.sqlValue, fields.emailConsent.rawValue.sqlValue, fields.externalID.sqlValue,
            (fields.mobile?.callingCode ?? 0).sqlValue,
        ]
    }
}
