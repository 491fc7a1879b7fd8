import Database
import Domain

/// What is kept encrypted of a provider.
public struct ProviderSecrets: Hashable, Sendable {
    /// What the account asks for; nil where it asks for nothing.
    public let account: String?
    /// The word in the address that the provider calls; nil where it does not call.
    public let hookWord: String?

    public init(account: String?, hookWord: String? = nil) {
        self.account = account
        self.hookWord = hookWord
    }
}

extension ProviderStore {
    /// The secret that the provider asks for, or nil where it has none.
    ///
    /// - Throws: ``StorageError/wrongKey``, ``StorageError/notFound``
    public func secret(of id: Provider.ID) async throws -> String? {
        try await driver.read { [secrets] in try Self.secret(of: id, secrets, in: $0) }
    }

    static func secret(
        of id: Provider.ID,
        _ secrets: SecretBox?,
        column: String = "secret",
        in transaction: Transaction
    ) throws -> String? {
        guard let row = try transaction.first("SELECT \(column) FROM providers WHERE id = $1", id.rawValue) else {
            throw StorageError.notFound
        }
        if row.isNull(0) { return nil }
        guard let secrets else { throw StorageError.wrongKey }
        return String(decoding: try secrets.open(try row.bytes(0)), as: UTF8.self)
    }

    /// The word that stands in the address that the provider calls (webhook); nil where it does not call.
    ///
    /// - Throws: ``StorageError/wrongKey``, ``StorageError/notFound``
    public func hookSecret(of id: Provider.ID) async throws -> String? {
        try await driver.read { [secrets] in try Self.secret(of: id, secrets, column: "hook_secret", in: $0) }
    }

    /// All that a way to the provider needs.
    ///
    /// - Throws: ``StorageError/wrongKey``, ``StorageError/notFound``
    public func secrets(of id: Provider.ID) async throws -> ProviderSecrets {
        try await driver.read { [secrets] transaction in
            ProviderSecrets(
                account: try Self.secret(of: id, secrets, in: transaction),
                hookWord: try Self.secret(of: id, secrets, column: "hook_secret", in: transaction)
            )
        }
    }

    /// Makes that word anew; calls to the old address are refused from then on.
    ///
    /// - Throws: ``StorageError/wrongKey``, ``StorageError/notFound``
    public func renewHookSecret(of id: Provider.ID, practice: Practice.ID? = nil) async throws -> String {
        let word = Base64URL.encode(random(24))
        try await driver.write { [secrets] transaction in
            _ = try Self.find(id, of: practice, in: transaction)
            try transaction.execute(
                "UPDATE providers SET hook_secret = $1, version = version + 1 WHERE id = $2",
                try Self.seal(word, secrets, in: transaction),
                id.rawValue
            )
        }
        return word
    }

    static func seal(
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
