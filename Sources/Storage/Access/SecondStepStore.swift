import Database
import Domain
import Foundation

/// What became of a code at sign-in.
public enum SecondStepOutcome: Hashable, Sendable {
    /// - Parameter codesLeft: how many recovery codes remain, where it was one.
    case passed(PasswordMatch, codesLeft: Int?)
    case wrong(User, triesLeft: Int)
    /// Too many wrong ones, too late, or no second factor any more: the password is asked for again.
    case over(User?)
}

/// Those whose password was right and whose code is awaited. The browser has a word, of which the hash is kept.
public struct SecondStepStore: Sendable {
    /// So many codes are looked at.
    public static let tries = 5
    /// So long is waited for one, in seconds.
    public static let seconds = 300.0

    let driver: any SQLDriver
    let secrets: SecretBox?
    let random: RandomBytes

    /// Begins to wait; answers the word for the browser.
    ///
    /// - Returns: nil where it is the password no more.
    public func open(_ match: PasswordMatch, now: Date) async throws -> String? {
        let word = Base64URL.encode(random(32))
        return try await driver.write { transaction in
            let begun = try transaction.execute(
                """
                INSERT INTO second_steps (word_hash, user_id, tries, expires_at)
                SELECT $1, id, 0, $2 FROM users WHERE id = $3 AND password_hash = $4
                """,
                Hash.of(word),
                (now + Self.seconds).milliseconds,
                match.user.id.rawValue,
                match.hash
            )
            return begun == 1 ? word : nil
        }
    }

    /// Who is awaited; nil where nobody is any more.
    public func find(_ word: String, now: Date) async throws -> User? {
        try await driver.read { try Self.awaited(Hash.of(word), now: now, in: $0)?.user }
    }

    /// Judges a code of the app, or a recovery code; what opened once opens no second time.
    public func judge(_ word: String, code: String, now: Date) async throws -> SecondStepOutcome {
        let hash = Hash.of(word)
        return try await driver.write { [secrets] transaction in
            guard let found = try Self.awaited(hash, now: now, in: transaction), let sealed = found.secret, let secrets
            else { return try Self.end(hash, .over(nil), in: transaction) }
            let plain = SecondFactorStore.plain(code)
            if plain.count == OneTimeCode.digits {
                let secret = try secrets.open(sealed)
                if let step = OneTimeCode.step(of: plain, secret, now: now, after: found.lastStep) {
                    try transaction.execute(
                        "UPDATE users SET totp_step = $1 WHERE id = $2",
                        step,
                        found.user.id.rawValue
                    )
                    return try Self.end(hash, .passed(found.match, codesLeft: nil), in: transaction)
                }
            } else if try RecoveryCodes.take(plain, found.user.id, in: transaction) {
                let left = try RecoveryCodes.left(found.user.id, in: transaction)
                return try Self.end(hash, .passed(found.match, codesLeft: left), in: transaction)
            }
            let left = Self.tries - found.tries - 1
            guard left > 0 else { return try Self.end(hash, .over(found.user), in: transaction) }
            try transaction.execute("UPDATE second_steps SET tries = tries + 1 WHERE word_hash = $1", hash)
            return .wrong(found.user, triesLeft: left)
        }
    }

    /// Forgets those that nobody waits for any more; tells how many.
    @discardableResult
    public func dropEnded(at now: Date) async throws -> Int {
        try await driver.write { transaction in
            try transaction.execute("DELETE FROM second_steps WHERE expires_at <= $1", now.milliseconds)
        }
    }

    private struct Awaited {
        let match: PasswordMatch
        let secret: [UInt8]?
        let lastStep: Int64?
        let tries: Int
        var user: User { match.user }
    }

    private static func awaited(_ hash: [UInt8], now: Date, in transaction: Transaction) throws -> Awaited? {
        let row = try transaction.first(
            """
            SELECT \(Columns.list(Columns.user, of: "u")), u.password_hash, s.tries, u.totp_step, u.totp_secret
            FROM second_steps s JOIN users u ON u.id = s.user_id
            WHERE s.word_hash = $1 AND s.expires_at > $2
            """,
            hash,
            now.milliseconds
        )
        guard let row else { return nil }
        var reader = RowReader(row)
        let user = try User(&reader)
        let match = PasswordMatch(user, hash: try reader.bytes(), isWhole: true)
        let tries = Int(try reader.integer())
        let lastStep = try reader.optionalInteger()
        let isOn = user.secondFactorSince != nil && !reader.isNull
        return Awaited(match: match, secret: isOn ? try reader.bytes() : nil, lastStep: lastStep, tries: tries)
    }

    private static func end(
        _ hash: [UInt8],
        _ outcome: SecondStepOutcome,
        in transaction: Transaction
    ) throws -> SecondStepOutcome {
        try transaction.execute("DELETE FROM second_steps WHERE word_hash = $1", hash)
        return outcome
    }
}
