import Database
import Domain
import Foundation

/// A key in the list of the practice's admins.
public struct TokenStanding: Hashable, Sendable {
    public let token: AccessToken
    public let createdAt: Date
    /// When it was last shown, to five minutes; nil where never.
    public let usedAt: Date?
}

/// Keys for the JSON interface.
public struct TokenStore: Sendable {
    /// Its use is written at most so often, in seconds, so that not every request writes.
    static let touchSeconds = 300.0

    let driver: any SQLDriver

    /// Keeps the hash of a new token.
    ///
    /// - Parameter secret: 256 random bits; whoever asked shows them once and forgets them.
    /// - Throws: `ProblemList` on `name`, ``StorageError/notFound`` for the practice.
    public func create(
        _ practice: Practice.ID,
        name: String,
        scope: AccessToken.Scope,
        secret: [UInt8],
        now: Date
    ) async throws -> AccessToken {
        var form = FormReader()
        let name = form.text(name, "name", required: true)
        if secret.count < 32 { form.add(FieldProblem("secret", .fieldInvalid)) }
        try form.check()
        let hash = Hash.of(secret)
        return try await driver.write { transaction in
            _ = try Lookup.practice(practice, in: transaction)
            let row = try transaction.first(
                """
                INSERT INTO tokens (practice_id, name, scope, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5)
                RETURNING \(Columns.list(Columns.token))
                """,
                practice.rawValue,
                name,
                scope.rawValue,
                hash,
                now.milliseconds
            )
            return try Lookup.read(row, AccessToken.init)
        }
    }

    /// As above, the scope as somebody wrote it.
    ///
    /// - Throws: also `field.invalid` on `scope`.
    public func create(
        _ practice: Practice.ID,
        name: String,
        scope: String,
        secret: [UInt8],
        now: Date
    ) async throws -> AccessToken {
        var form = FormReader()
        let word: AccessToken.Scope? = form.word(scope, "scope")
        guard let word else { throw ProblemList(form.problems) }
        return try await create(practice, name: name, scope: word, secret: secret, now: now)
    }

    /// Those that are in force, the oldest first.
    public func all(_ practice: Practice.ID) async throws -> [AccessToken] { try await list(practice).map(\.token) }

    /// Those that are in force, the oldest first, with their use.
    public func list(_ practice: Practice.ID) async throws -> [TokenStanding] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.token)), created_at, used_at FROM tokens
                WHERE practice_id = $1 AND revoked_at IS NULL ORDER BY id
                """,
                practice.rawValue
            ).entities { reader in
                TokenStanding(
                    token: try AccessToken(&reader),
                    createdAt: try reader.date(),
                    usedAt: try reader.optionalDate()
                )
            }
        }
    }

    /// Ends a token for good.
    ///
    /// - Throws: ``StorageError/notFound``, also for one that was revoked before.
    public func revoke(_ id: AccessToken.ID, _ practice: Practice.ID, now: Date) async throws {
        try await driver.write { transaction in
            let changed = try transaction.execute(
                "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND practice_id = $3 AND revoked_at IS NULL",
                now.milliseconds,
                id.rawValue,
                practice.rawValue
            )
            guard changed == 1 else { throw StorageError.notFound }
        }
    }

    /// The token that a request shows, in hexadecimal or base64url; nil where nobody has it, or it was revoked.
    public func find(_ text: String, now: Date) async throws -> AccessToken? {
        guard let secret = Self.bytes(text) else { return nil }
        let hash = Hash.of(secret)
        let found = try await driver.read { transaction -> (token: AccessToken, usedAt: Date?)? in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.token)), used_at FROM tokens
                WHERE secret_hash = $1 AND revoked_at IS NULL
                """,
                hash
            ).entities { (token: try AccessToken(&$0), usedAt: try $0.optionalDate()) }.first
        }
        guard let found else { return nil }
        if let usedAt = found.usedAt, now.timeIntervalSince(usedAt) < Self.touchSeconds { return found.token }
        _ = try await driver.write { transaction in
            try transaction.execute(
                "UPDATE tokens SET used_at = $1 WHERE id = $2",
                now.milliseconds,
                found.token.id.rawValue
            )
        }
        return found.token
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { byte -> UInt8? in
            Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
        }
        guard digits.count == 64, text.utf8.count == 64 else { return Base64URL.decode(text) }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
