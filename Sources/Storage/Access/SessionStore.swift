import Crypto
import Database
import Domain
import Foundation

/// A session that has just begun; the token is told once, to the browser.
public struct SessionOpened: Hashable, Sendable {
    public let token: String
    public let csrf: String
}

/// Somebody who is signed in.
public struct Session: Hashable, Sendable {
    public let user: User
    /// Stands in each form of the session, so that no other site can send one.
    public let csrf: String
    public let expiresAt: Date

    public init(user: User, csrf: String, expiresAt: Date) {
        self.user = user
        self.csrf = csrf
        self.expiresAt = expiresAt
    }
}

/// Sessions of the pages; only the hash of a token is kept.
public struct SessionStore: Sendable {
    /// A session ends after so many seconds without a request.
    public static let idleSeconds = 43_200.0
    /// And so many seconds after it began, whatever was done in it.
    public static let wholeSeconds = 7 * 86_400.0
    /// The end is moved at most so often, so that not every page view writes.
    static let touchSeconds = 300.0

    let driver: any SQLDriver
    let random: RandomBytes

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - address: the network address that it came from, for the person's own list.
    ///   - browser: what opened it, in a few words.
    /// - Returns: nil where it is the password no more, or a code is asked for by now.
    public func open(
        _ match: PasswordMatch,
        address: String = "",
        browser: String = "",
        now: Date
    ) async throws -> SessionOpened? {
        let opened = SessionOpened(token: Base64URL.encode(random(32)), csrf: Base64URL.encode(random(32)))
        return try await driver.write { transaction in
            let begun = try transaction.execute(
                """
                INSERT INTO sessions (token_hash, user_id, csrf, created_at, seen_at, expires_at, address, browser)
                SELECT $1, id, $2, $3, $3, $4, $5, $6 FROM users
                WHERE id = $7 AND password_hash = $8\(match.isWhole ? "" : " AND totp_since IS NULL")
                """,
                Hash.of(opened.token),
                opened.csrf,
                now.milliseconds,
                (now + Self.idleSeconds).milliseconds,
                String(address.prefix(64)),
                String(browser.prefix(64)),
                match.user.id.rawValue,
                match.hash
            )
            guard begun == 1 else { return nil }
            try Self.see(match.user.id, now: now, in: transaction)
            return opened
        }
    }

    /// The session of a token, or nil where there is none or it has ended; being used keeps it alive, except where nobody
    /// does anything: a page that asks by itself.
    public func find(_ token: String, now: Date, keepingAlive: Bool = true) async throws -> Session? {
        let hash = Hash.of(token)
        let found = try await driver.read { transaction -> Found? in
            let row = try transaction.first(
                """
                SELECT \(Columns.list(Columns.user, of: "u")), s.csrf, s.expires_at, s.seen_at, s.created_at
                FROM sessions s JOIN users u ON u.id = s.user_id
                WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.created_at > $3
                """,
                hash,
                now.milliseconds,
                (now - Self.wholeSeconds).milliseconds
            )
            guard let row else { return nil }
            var reader = RowReader(row)
            let session = Session(user: try User(&reader), csrf: try reader.text(), expiresAt: try reader.date())
            return Found(session: session, seenAt: try reader.date(), createdAt: try reader.date())
        }
        guard let found else { return nil }
        guard keepingAlive, now.timeIntervalSince(found.seenAt) >= Self.touchSeconds else { return found.session }
        let end = min(now + Self.idleSeconds, found.createdAt + Self.wholeSeconds)
        let user = found.session.user
        try await driver.write { transaction in
            try transaction.execute(
                "UPDATE sessions SET seen_at = $1, expires_at = $2 WHERE token_hash = $3",
                now.milliseconds,
                end.milliseconds,
                hash
            )
            try Self.see(user.id, now: now, in: transaction)
        }
        return Session(user: user, csrf: found.session.csrf, expiresAt: end)
    }

    /// Ends a session; one that is not there is no fault.
    public func close(_ token: String) async throws {
        let hash = Hash.of(token)
        _ = try await driver.write { transaction in
            try transaction.execute("DELETE FROM sessions WHERE token_hash = $1", hash)
        }
    }

    /// Forgets sessions that have ended; tells how many.
    @discardableResult
    public func dropEnded(at now: Date) async throws -> Int {
        try await driver.write { transaction in
            try transaction.execute(
                "DELETE FROM sessions WHERE expires_at <= $1 OR created_at <= $2",
                now.milliseconds,
                (now - Self.wholeSeconds).milliseconds
            )
        }
    }

    private struct Found {
        let session: Session
        let seenAt: Date
        let createdAt: Date
    }

    private static func see(_ user: User.ID, now: Date, in transaction: Transaction) throws {
        try transaction.execute("UPDATE users SET seen_at = $1 WHERE id = $2", now.milliseconds, user.rawValue)
    }
}

/// SHA-256 (FIPS 180-4) of tokens. They have 256 random bits, so a fast hash without a salt is enough.
enum Hash {
    static func of(_ text: String) -> [UInt8] { of(Array(text.utf8)) }
    static func of(_ bytes: [UInt8]) -> [UInt8] { [UInt8](SHA256.hash(data: bytes)) }
}
