import Database
import Domain
import Foundation

/// The SMS providers of the installation, and of single practices.
public struct ProviderStore: Sendable {
    /// Mailboxes are rows of the same table, and looked after by ``MailboxStore``.
    private static let forSMS = "WHERE kind <> 'mailbox'"

    let driver: any SQLDriver
    let secrets: SecretBox?
    let random: RandomBytes

    /// Adds a provider; reminders that waited for one are looked at again.
    ///
    /// - Parameters:
    ///   - practice: nil for all practices.
    ///   - check: what the provider's kind makes of URL and options; throws where they do not make sense.
    /// - Throws: `ProblemList`; ``StorageError/wrongKey`` where a secret cannot be encrypted with the key of the others;
    ///   ``StorageError/notFound`` for the practice; what `check` throws.
    public func add(
        _ draft: ProviderDraft,
        practice: Practice.ID? = nil,
        now: Date,
        check: @Sendable (Provider, _ secret: String?) throws -> Void = { _, _ in }
    ) async throws -> Provider {
        let fields = try draft.validated()
        try check(Provider(fields, practice: practice), fields.secret)
        if !fields.options.allSatisfy(ProviderOptions.isWritable) {
            throw ProblemList(FieldProblem("option", .fieldInvalid))
        }
        let hook = secrets == nil || !fields.kind.isCalledBack ? nil : Base64URL.encode(random(24))
        return try await driver.write { [secrets] transaction in
            if let practice { _ = try Lookup.practice(practice, in: transaction) }
            let sealed = try fields.secret.map { try Self.seal($0, secrets, in: transaction) }
            let sealedHook = try hook.map { try Self.seal($0, secrets, in: transaction) }
            let row = try transaction.first(
                """
                INSERT INTO providers (practice_id, name, kind, url, account, options, priority, enabled, countries, secret,
                    hook_secret, version, created_at, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12)
                ON CONFLICT (name) DO NOTHING
                RETURNING \(Columns.list(Columns.provider))
                """,
                values: [(practice?.rawValue).sqlValue] + Self.values(fields) + [
                    sealed.sqlValue, sealedHook.sqlValue, now.milliseconds.sqlValue,
                ]
            )
            guard row != nil else { throw ProblemList(FieldProblem("name", .nameTaken)) }
            try ReminderMoves.wake(.noProvider, practice: practice, in: transaction)
            return try Lookup.read(row, Provider.init)
        }
    }

    /// Changes a provider. A secret that is left empty stays; one whose address changes has to be entered anew, so that
    /// nobody can have it sent elsewhere.
    ///
    /// - Parameters:
    ///   - practice: whose own it must be; nil for any, as the operator may.
    ///   - check: as in ``add(_:practice:now:check:)``, with the secret that will hold.
    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``, ``StorageError/wrongKey``, what `check`
    ///   throws.
    public func change(
        _ id: Provider.ID,
        of practice: Practice.ID? = nil,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout ProviderDraft) throws -> Void,
        check: @escaping @Sendable (Provider, _ secret: String?) throws -> Void = { _, _ in }
    ) async throws -> Provider {
        try await driver.write { [secrets] transaction in
            let old = try Self.find(id, of: practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = ProviderDraft(existing: old)
            try edit(&draft)
            if draft == ProviderDraft(existing: old) { return old }
            let fields = try draft.validated()
            let kept = try Self.secret(of: id, secrets, in: transaction)
            if fields.secret == nil, kept != nil, Self.leadsElsewhere(fields, old) {
                throw ProblemList(FieldProblem("secret", .fieldRequired))
            }
            try check(Provider(fields, practice: old.practiceID), fields.secret ?? kept)
            if !fields.options.allSatisfy(ProviderOptions.isWritable) {
                throw ProblemList(FieldProblem("option", .fieldInvalid))
            }
            let row = try transaction.first(
                """
                UPDATE providers SET name = $1, kind = $2, url = $3, account = $4, options = $5, priority = $6,
                    enabled = $7, countries = $8, secret = COALESCE($9, secret), version = version + 1, changed_at = $10
                WHERE id = $11 AND NOT EXISTS (SELECT 1 FROM providers o WHERE o.name = $1 AND o.id <> $11)
                RETURNING \(Columns.list(Columns.provider))
                """,
                values: Self.values(fields) + [
                    try fields.secret.map { try Self.seal($0, secrets, in: transaction) }.sqlValue,
                    now.milliseconds.sqlValue, id.rawValue.sqlValue,
                ]
            )
            guard row != nil else { throw ProblemList(FieldProblem("name", .nameTaken)) }
            try ReminderMoves.wake(.noProvider, practice: old.practiceID, in: transaction)
            return try Lookup.read(row, Provider.init)
        }
    }

    /// Whether the secret would go where its owner did not send it. What is sent to a described gateway, and where in it
    /// the secret stands, is in its options.
    private static func leadsElsewhere(_ fields: ProviderFields, _ old: Provider) -> Bool {
        fields.url != old.url || fields.kind != old.kind || (old.kind == .http && fields.options != old.options)
    }

    /// In the order of the columns from `name` to `countries`.
    private static func values(_ fields: ProviderFields) -> [SQLValue] {
        [
            fields.name.sqlValue, fields.kind.rawValue.sqlValue, fields.url.sqlValue, fields.user.sqlValue,
            ProviderOptions.write(fields.options).sqlValue, fields.priority.sqlValue, fields.isEnabled.sqlValue,
            fields.countries.map(\.rawValue).joined(separator: " ").sqlValue,
        ]
    }

    /// Every provider, in the order in which they are tried.
    public func all() async throws -> [Provider] {
        try await driver.read { transaction in
            try transaction.query(
                "SELECT \(Columns.list(Columns.provider)) FROM providers \(Self.forSMS) ORDER BY priority, id"
            )
            .entities(Provider.init)
        }
    }

    /// Those to which a connection is kept: all that carry messages, and, for a day, those that were switched off after they
    /// had: what they have is waited for.
    public func connected(now: Date) async throws -> [Provider] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.provider)) FROM providers
                \(Self.forSMS) AND (enabled = 1 OR (changed_at > $1
                    AND EXISTS (SELECT 1 FROM binds b WHERE b.provider_id = providers.id)))
                ORDER BY priority, id
                """,
                (now - 86_400).milliseconds
            ).entities(Provider.init)
        }
    }

    /// Those that carry a practice's messages, in the order in which they are tried: its own, and those for all.
    public func forPractice(_ id: Practice.ID) async throws -> [Provider] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.provider)) FROM providers
                \(Self.forSMS) AND (practice_id = $1 OR practice_id IS NULL) AND enabled = 1
                ORDER BY CASE WHEN practice_id IS NULL THEN 1 ELSE 0 END, priority, id
                """,
                id.rawValue
            ).entities(Provider.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(name: String) async throws -> Provider {
        try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.provider)) FROM providers \(Self.forSMS) AND name = $1",
                name
            )
            return try Lookup.read(row, Provider.init)
        }
    }

    /// A practice's own providers, in the order in which they are tried, those that are switched off too.
    public func own(_ practice: Practice.ID) async throws -> [Provider] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.provider)) FROM providers \(Self.forSMS) AND practice_id = $1
                ORDER BY priority, id
                """,
                practice.rawValue
            ).entities(Provider.init)
        }
    }

    /// - Parameter practice: whose own it must be; nil for any.
    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Provider.ID, of practice: Practice.ID? = nil) async throws -> Provider {
        try await driver.read { try Self.find(id, of: practice, in: $0) }
    }

    static func find(
        _ id: Provider.ID,
        of practice: Practice.ID?,
        in transaction: Transaction
    ) throws -> Provider {
        let row = try transaction.first(
            """
            SELECT \(Columns.list(Columns.provider)) FROM providers \(forSMS) AND id = $1
                AND ($2 = 0 OR practice_id = $2)
            """,
            id.rawValue,
            practice?.rawValue ?? 0
        )
        return try Lookup.read(row, Provider.init)
    }

    /// Those that could carry the practice's SMS.
    static func carriers(of practice: Practice.ID, in transaction: Transaction) throws -> Carriers {
        let rows = try transaction.query(
            "SELECT countries FROM providers \(forSMS) AND enabled = 1 AND (practice_id = $1 OR practice_id IS NULL)",
            practice.rawValue
        )
        return Carriers(
            countries: try rows.map { row in
                try row.text(0).split(separator: " ").compactMap { Country(rawValue: String($0)) }
            }
        )
    }

    /// Whether anyone could carry the practice's SMS.
    static func exists(for practice: Practice.ID, in transaction: Transaction) throws -> Bool {
        try transaction.first(
            "SELECT id FROM providers \(forSMS) AND enabled = 1 AND (practice_id = $1 OR practice_id IS NULL) LIMIT 1",
            practice.rawValue
        ) != nil
    }
}

/// Whose numbers a practice's providers carry.
struct Carriers {
    private let carriesAll: Bool
    private let callingCodes: Set<Int>

    /// - Parameter countries: of each provider; none for all.
    init(countries: [[Country]]) {
        carriesAll = countries.contains { $0.isEmpty }
        callingCodes = Set(countries.joined().compactMap(\.callingCode))
    }

    func carry(_ mobile: MobileNumber?) -> Bool {
        if carriesAll { return true }
        return mobile.map { callingCodes.contains($0.callingCode) } ?? !callingCodes.isEmpty
    }
}

extension Provider {
    /// As it would be with these fields.
    init(_ fields: ProviderFields, practice: Practice.ID?) {
        self.init(
            id: Identifier(0),
            practiceID: practice,
            name: fields.name,
            kind: fields.kind,
            url: fields.url,
            user: fields.user,
            options: fields.options,
            priority: fields.priority,
            isEnabled: fields.isEnabled,
            countries: fields.countries
        )
    }
}
