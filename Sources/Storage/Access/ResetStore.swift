import Database
import Domain
import Foundation

/// Links by which somebody sets a new password: a word each, of which the hash is kept, good for an hour and for once.
public struct ResetStore: Sendable {
    public static let seconds = 3_600.0

    let driver: any SQLDriver
    let random: RandomBytes
    let work: PasswordWork

    /// Whether anybody of the installation, or of one practice, could get such a link: it leaves by the practice's own
    /// mailbox.
    public func isPossible(for practice: Practice.ID? = nil) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first(
                """
                SELECT 1 FROM mailboxes b JOIN providers v ON v.id = b.provider_id
                WHERE ($1 = 0 OR b.practice_id = $1) AND b.practitioner_id IS NULL AND v.enabled = 1
                """,
                practice?.rawValue ?? 0
            ) != nil
        }
    }

    /// Makes a word for the link of a letter that leaves now.
    public func open(_ user: User.ID, now: Date) async throws -> String {
        let word = Base64URL.encode(random(32))
        _ = try await driver.write { transaction in
            try transaction.execute(
                "INSERT INTO password_resets (word_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
                Hash.of(word),
                user.rawValue,
                now.milliseconds,
                (now + Self.seconds).milliseconds
            )
        }
        return word
    }

    /// Makes a word for the link of a letter, as long as the letter is still owed.
    ///
    /// - Returns: nil where it was taken back: the password was changed meanwhile, or the address.
    public func open(for letter: Letter, now: Date) async throws -> String? {
        let word = Base64URL.encode(random(32))
        return try await driver.write { transaction in
            let made = try transaction.execute(
                """
                INSERT INTO password_resets (word_hash, user_id, created_at, expires_at)
                SELECT $1, user_id, $2, $3 FROM letters WHERE id = $4 AND ended_at IS NULL AND user_id IS NOT NULL
                """,
                Hash.of(word),
                now.milliseconds,
                (now + Self.seconds).milliseconds,
                letter.id.rawValue
            )
            return made == 1 ? word : nil
        }
    }

    /// Whose link it is; nil where it was used, is too old, or never was.
    public func find(_ word: String, now: Date) async throws -> User? {
        try await driver.read { try Self.find(Hash.of(word), now: now, in: $0) }
    }

    /// Sets the password. All links, sessions and begun sign-ins of the user end.
    ///
    /// - Returns: whose it was; nil where the link is good for nothing any more.
    /// - Throws: `ProblemList` on `password`
    public func use(_ word: String, password: String, now: Date) async throws -> User? {
        let hash = Hash.of(word)
        let found = try await driver.read { transaction -> (User, String)? in
            guard let user = try Self.find(hash, now: now, in: transaction) else { return nil }
            return (user, try Lookup.practice(user.practiceID, in: transaction).name)
        }
        guard let (user, practice) = found else { return nil }
        let kept = try await work.password(password, for: user, of: practice, salt: random(Password.saltBytes))
        return try await driver.write { transaction in
            let taken = try transaction.execute(
                "DELETE FROM password_resets WHERE word_hash = $1 AND expires_at > $2",
                hash,
                now.milliseconds
            )
            guard taken == 1 else { return nil }
            try UserStore.set(kept, user.id, in: transaction)
            return user
        }
    }

    /// Forgets those that are too old; tells how many.
    @discardableResult
    public func dropEnded(at now: Date) async throws -> Int {
        try await driver.write { transaction in
            try transaction.execute("DELETE FROM password_resets WHERE expires_at <= $1", now.milliseconds)
        }
    }

    /// What was made, and what waits to be mailed.
    static func endAll(of user: User.ID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM password_resets WHERE user_id = $1", user.rawValue)
        try transaction.execute(
            "DELETE FROM letters WHERE user_id = $1 AND kind = 'password_reset' AND ended_at IS NULL",
            user.rawValue
        )
    }

    private static func find(_ hash: [UInt8], now: Date, in transaction: Transaction) throws -> User? {
        let row = try transaction.first(
            """
            SELECT \(Columns.list(Columns.user, of: "u")) FROM password_resets r JOIN users u ON u.id = r.user_id
            WHERE r.word_hash = $1 AND r.expires_at > $2
            """,
            hash,
            now.milliseconds
        )
        return try row.map { try Lookup.read($0, User.init) }
    }
}
