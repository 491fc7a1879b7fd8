import Database
import Domain
import Foundation

/// Which patients a list shows.
public struct PatientFilter: Hashable, Sendable {
    /// Beginnings of names in any order, a number or its last digits, a date of birth; see `PatientQuery`.
    public var search: String?
    public var externalID: String?
    public var changedSince: Date?

    public init(search: String? = nil, externalID: String? = nil, changedSince: Date? = nil) {
        self.search = search
        self.externalID = externalID
        self.changedSince = changedSince
    }

    /// What holds beside a search. `table` stands before the names of the columns.
    func narrow(_ conditions: inout Conditions, _ table: String = "") {
        if let externalID { conditions.add("\(table)external_id = ?", externalID) }
        if let changedSince { conditions.add("\(table)changed_at >= ?", changedSince.milliseconds) }
    }
}

/// Patients and their master data. Changing them never touches appointments that exist (rule 4).
public struct PatientStore: Sendable {
    let driver: any SQLDriver

    /// - Parameter actor: who puts it on record.
    /// - Throws: `ProblemList`, ``StorageError/notFound`` for the practice.
    public func create(
        _ practice: Practice.ID,
        _ draft: PatientDraft,
        by actor: Actor? = nil,
        now: Date
    ) async throws -> Patient {
        try await driver.write { try Self.create(draft, practice, by: actor, now: now, in: $0) }
    }

    /// As a person's form asks for it: once, however often the form comes, and not before those who may be the same were
    /// seen.
    ///
    /// - Throws: `ProblemList`, ``UnseenLookalikes``, ``StorageError/notFound`` for the practice.
    public func create(
        _ practice: Practice.ID,
        _ draft: PatientDraft,
        sent: SentForm,
        by actor: Actor? = nil,
        now: Date
    ) async throws -> (patient: Patient, isRepeated: Bool) {
        try await driver.write { transaction in
            if let before = try FormRows.made(by: sent.key, practice, in: transaction).first.flatMap({ id in
                try StorageError.orNil { try Lookup.patient(Patient.ID(id), practice, in: transaction) }
            }) {
                return (before, true)
            }
            try sent.check(Self.lookalikes(practice, draft, in: transaction))
            let new = try Self.create(draft, practice, by: actor, now: now, in: transaction)
            try FormRows.note([new.id.rawValue], by: sent.key, practice, now: now, in: transaction)
            return (new, false)
        }
    }

    /// The same inside an open transaction, which writes more than the patient.
    static func create(
        _ draft: PatientDraft,
        _ practice: Practice.ID,
        by actor: Actor? = nil,
        now: Date,
        in transaction: Transaction
    ) throws -> Patient {
        let fields = try validated(draft, practice, now: now, in: transaction)
        let row = try StorageError.namingExternalID {
            try transaction.first(
                """
                INSERT INTO patients (first_name, last_name, mobile, email, reminder_kind, sms_consent,
                    email_consent, external_id, calling_code, birth_date, contact_name, contact_relation,
                    contact_mobile, contact_email, reaches_contact, practice_id, has_words, version, created_at,
                    changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, 1, $17, $17)
                RETURNING \(Columns.list(Columns.patient))
                """,
                values: values(fields) + [practice.rawValue.sqlValue, now.milliseconds.sqlValue]
            )
        }
        let new = try Lookup.read(row, Patient.init)
        try PatientWordRows.write(new.words, of: new.id.rawValue, practice.rawValue, in: transaction)
        try ConsentRows.note(fields, from: nil, of: new, actor, now: now, in: transaction)
        return new
    }

    private static func validated(
        _ draft: PatientDraft,
        _ practice: Practice.ID,
        from old: Patient? = nil,
        now: Date,
        in transaction: Transaction
    ) throws -> PatientFields {
        let practice = try Lookup.practice(practice, in: transaction)
        let today = WallTime.of(now, in: practice.timeZone).date
        let policy = BirthDatePolicy(practice, today: today, keeping: old?.birthDate)
        return try draft.validated(country: practice.country, birthDates: policy, from: old)
    }

    /// - Throws: ``StorageError/notFound``, also for one whose data was erased.
    public func find(_ id: Patient.ID, _ practice: Practice.ID) async throws -> Patient {
        try await driver.read { try Lookup.patient(id, practice, in: $0) }
    }

    /// The newest first; those whom a search finds by name, last names that begin so before all others, or by number.
    public func list(
        _ practice: Practice.ID,
        _ filter: PatientFilter = PatientFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<Patient> {
        let (limit, cursor) = try page.checked()
        if let search = filter.search, !search.trimmingWhitespace().isEmpty {
            return try await driver.read { transaction in
                let birthDates = try Lookup.practice(practice, in: transaction).keepsBirthDates
                let query = PatientQuery(search, birthDates: birthDates)
                let found = PatientSearch(query, practice) { filter.narrow(&$0, "p.") }
                return try found?.page(limit: limit, after: cursor, in: transaction) ?? Page(items: [], next: nil)
            }
        }
        var conditions = Conditions()
        conditions.add("practice_id = ? AND erased_at IS NULL", practice.rawValue)
        filter.narrow(&conditions)
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

    /// - Parameter actor: who puts it on record.
    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: Patient.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        by actor: Actor? = nil,
        now: Date,
        edit: @escaping @Sendable (inout PatientDraft) throws -> Void
    ) async throws -> Patient {
        try await driver.write {
            try Self.change(id, practice, expecting: version, by: actor, now: now, in: $0, edit: edit)
        }
    }

    /// The same inside an open transaction, which writes more than the patient.
    static func change(
        _ id: Patient.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        by actor: Actor? = nil,
        now: Date,
        in transaction: Transaction,
        edit: (inout PatientDraft) throws -> Void
    ) throws -> Patient {
        let old = try Lookup.patient(id, practice, in: transaction)
        try Lookup.check(version, against: old.version)
        var draft = PatientDraft(existing: old)
        try edit(&draft)
        var unchanged = PatientDraft(existing: old)
        // How it came to be known is nothing by itself.
        (unchanged.smsConsentMeans, unchanged.emailConsentMeans) = (draft.smsConsentMeans, draft.emailConsentMeans)
        unchanged.requiresMeans = draft.requiresMeans
        if draft == unchanged { return old }
        let fields = try validated(draft, practice, from: old, now: now, in: transaction)
        let new = try update(old, fields, now: now, in: transaction)
        if new.words != old.words {
            try PatientWordRows.write(new.words, of: id.rawValue, practice.rawValue, in: transaction)
        }
        try ConsentRows.note(fields, from: old, of: new, actor, now: now, in: transaction)
        if new.reached.mobile != old.reached.mobile {
            try ReminderRows.follow(id, to: new.reached.mobile, in: transaction)
        }
        if new.reached != old.reached { try LinkStore.settleWrongNumbers(of: id, now: now, in: transaction) }
        return new
    }

    private static func update(
        _ old: Patient,
        _ fields: PatientFields,
        now: Date,
        in transaction: Transaction
    ) throws -> Patient {
        // What was heard of an address says nothing of another one.
        let bounce = fields.reached.email == old.reached.email ? old.emailBounce : nil
        let row = try StorageError.namingExternalID {
            try transaction.first(
                """
                UPDATE patients SET first_name = $1, last_name = $2, mobile = $3, email = $4, reminder_kind = $5,
                    sms_consent = $6, email_consent = $7, external_id = $8, calling_code = $9, birth_date = $10,
                    contact_name = $11, contact_relation = $12, contact_mobile = $13, contact_email = $14,
                    reaches_contact = $15, email_bounced_at = $16, email_bounce = $17, version = version + 1,
                    changed_at = $18
                WHERE id = $19 AND version = $20
                RETURNING \(Columns.list(Columns.patient))
                """,
                values: Self.values(fields) + [
                    (bounce?.at.milliseconds).sqlValue, (bounce?.reason.rawValue).sqlValue,
                    now.milliseconds.sqlValue, old.id.rawValue.sqlValue, old.version.sqlValue,
                ]
            )
        }
        guard row != nil else { throw StorageError.stale }
        return try Lookup.read(row, Patient.init)
    }

    /// In the order of the columns from `first_name` to `reaches_contact`.
    private static func values(_ fields: PatientFields) -> [SQLValue] {
        let contact = fields.contact
        return [
            fields.firstName.sqlValue, fields.lastName.sqlValue, (fields.mobile?.e164).sqlValue,
            (fields.email?.value).sqlValue, fields.reminderKind.rawValue.sqlValue, fields.smsConsent.rawValue.sqlValue,
            fields.emailConsent.rawValue.sqlValue, fields.externalID.sqlValue,
            (fields.reached.mobile?.callingCode ?? 0).sqlValue, (fields.birthDate?.iso).sqlValue,
            contact.name.sqlValue, contact.relation.sqlValue, (contact.mobile?.e164).sqlValue,
            (contact.email?.value).sqlValue, fields.reachesContact.sqlValue,
        ]
    }
}
