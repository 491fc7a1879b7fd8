import Database
import Domain
import Foundation

/// The SMS providers of the installation, and of single practices.
public struct ProviderStore: Sendable {
    let driver: any SQLDriver
    let secrets: SecretBox?

    /// Adds a provider; reminders that waited for one are looked at again.
    ///
    /// - Parameters:
    ///   - practice: nil for all practices.
    ///   - priority: lower goes first.
    /// - Throws: `ProblemList`; ``StorageError/wrongKey`` where a secret cannot be encrypted with the key of the others;
    ///   ``StorageError/notFound`` for the practice.
    public func add(
        name: String,
        kind: String,
        url: String = "",
        user: String = "",
        secret: String? = nil,
        options: [String: String] = [:],
        priority: Int = 100,
        practice: Practice.ID? = nil,
        now: Date
    ) async throws -> Provider {
        var form = FormReader()
        let name = ProviderName.read(name, &form)
        let kind: Provider.Kind? = form.word(kind, "kind")
        let url = form.text(url, "url", limit: 500)
        if let kind { ProviderURL.check(url, kind, &form) }
        let user = form.text(user, "user")
        if !options.allSatisfy(ProviderOptions.isWritable) { form.add(FieldProblem("option", .fieldInvalid)) }
        guard form.problems.isEmpty, let kind else { throw ProblemList(form.problems) }
        let written = ProviderOptions.write(options)
        return try await driver.write { [secrets] transaction in
            if let practice { _ = try Lookup.practice(practice, in: transaction) }
            let sealed = try secret.map { try Self.seal($0, secrets, in: transaction) }
            let row = try transaction.first(
                """
                INSERT INTO providers (practice_id, name, kind, url, account, secret, options, priority, version,
                    created_at, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
                ON CONFLICT (name) DO NOTHING
                RETURNING \(Columns.list(Columns.provider))
                """,
                practice?.rawValue,
                name,
                kind.rawValue,
                url,
                user,
                sealed,
                written,
                priority,
                now.milliseconds
            )
            guard row != nil else { throw ProblemList(FieldProblem("name", .nameTaken)) }
            try ReminderMoves.wake(.noProvider, practice: practice, in: transaction)
            return try Lookup.read(row, Provider.init)
        }
    }

    /// Every provider, in the order in which they are tried.
    public func all() async throws -> [Provider] {
        try await driver.read { transaction in
            try transaction.query("SELECT \(Columns.list(Columns.provider)) FROM providers ORDER BY priority, id")
                .entities(Provider.init)
        }
    }

    /// Those that carry a practice's messages, in the order in which they are tried: its own, and those for all.
    public func forPractice(_ id: Practice.ID) async throws -> [Provider] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.provider)) FROM providers
                WHERE practice_id = $1 OR practice_id IS NULL ORDER BY priority, id
                """,
                id.rawValue
            ).entities(Provider.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(name: String) async throws -> Provider {
        try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.provider)) FROM providers WHERE name = $1",
                name
            )
            return try Lookup.read(row, Provider.init)
        }
    }

    /// The secret that the provider asks for, or nil where it has none.
    ///
    /// - Throws: ``StorageError/wrongKey``, ``StorageError/notFound``
    public func secret(of id: Provider.ID) async throws -> String? {
        try await driver.read { [secrets] transaction in
            guard let row = try transaction.first("SELECT secret FROM providers WHERE id = $1", id.rawValue) else {
                throw StorageError.notFound
            }
            if row.isNull(0) { return nil }
            guard let secrets else { throw StorageError.wrongKey }
            return String(decoding: try secrets.open(try row.bytes(0)), as: UTF8.self)
        }
    }

    /// Whether anyone could carry the practice's SMS.
    static func exists(for practice: Practice.ID, in transaction: Transaction) throws -> Bool {
        try transaction.first(
            "SELECT id FROM providers WHERE practice_id = $1 OR practice_id IS NULL LIMIT 1",
            practice.rawValue
        ) != nil
    }

    private static func seal(
        _ secret: String,
        _ secrets: SecretBox?,
        in transaction: Transaction
    ) throws -> [UInt8] {
        guard let secrets else { throw StorageError.wrongKey }
        try secrets.claim(in: transaction)
        return try secrets.seal(Array(secret.utf8))
    }
}

extension Storage {
    /// Whether the database holds secrets, so that a missing key must not be made anew.
    public func holdsSecrets() async throws -> Bool {
        try await driver.read { try $0.first("SELECT name FROM marks WHERE name = 'key_check'") != nil }
    }

    /// - Throws: ``StorageError/wrongKey`` where the stored secrets were encrypted with another key, or there is none.
    public func checkKey() async throws {
        let secrets = providers.secrets
        try await driver.read { transaction in
            if let secrets {
                try secrets.check(in: transaction)
            } else if try transaction.first("SELECT name FROM marks WHERE name = 'key_check'") != nil {
                throw StorageError.wrongKey
            }
        }
    }
}
