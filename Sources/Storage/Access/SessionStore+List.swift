import Database
import Domain
import Foundation

/// A session in the list of the person whose it is.
public struct SessionStanding: Hashable, Sendable {
    /// Names it in a form; opens nothing.
    public let name: String
    public let address: String
    public let browser: String
    public let since: Date
    public let seenAt: Date
    /// Whether it is the one that asks.
    public let isThis: Bool
}

extension SessionStore {
    /// Those of a user that have not ended, the last used first.
    public func all(of user: User.ID, asking token: String = "", now: Date) async throws -> [SessionStanding] {
        let own = Hash.of(token)
        return try await driver.read { transaction in
            try transaction.query(
                """
                SELECT token_hash, address, browser, created_at, seen_at FROM sessions
                WHERE user_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, created_at DESC
                """,
                user.rawValue,
                now.milliseconds
            ).entities { reader in
                let hash = try reader.bytes()
                return SessionStanding(
                    name: Self.name(hash),
                    address: try reader.text(),
                    browser: try reader.text(),
                    since: try reader.date(),
                    seenAt: try reader.date(),
                    isThis: hash == own
                )
            }
        }
    }

    /// Ends one of a user's sessions by its name in the list; one that is not there is no fault.
    public func end(_ name: String, of user: User.ID) async throws {
        try await driver.write { transaction in
            let hashes = try transaction.query("SELECT token_hash FROM sessions WHERE user_id = $1", user.rawValue)
                .map { try $0.bytes(0) }
            for hash in hashes where Self.name(hash) == name {
                try transaction.execute("DELETE FROM sessions WHERE token_hash = $1", hash)
            }
        }
    }

    /// Ends a user's sessions, but for the one that asks; tells how many.
    ///
    /// - Throws: ``StorageError/notFound``
    @discardableResult
    public func endAll(of user: User.ID, _ practice: Practice.ID, keeping token: String? = nil) async throws -> Int {
        try await driver.write { transaction in
            _ = try Lookup.user(user, practice, in: transaction)
            return try Self.endAll(of: user, keeping: token, in: transaction)
        }
    }

    @discardableResult
    static func endAll(of user: User.ID, keeping token: String? = nil, in transaction: Transaction) throws -> Int {
        try transaction.execute("DELETE FROM second_steps WHERE user_id = $1", user.rawValue)
        return try transaction.execute(
            "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2",
            user.rawValue,
            token.map(Hash.of) ?? []
        )
    }

    private static func name(_ hash: [UInt8]) -> String { Base64URL.encode(Array(hash.prefix(12))) }
}
