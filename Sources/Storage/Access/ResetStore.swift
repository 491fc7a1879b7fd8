import Database
import Domain
import Foundation

/// Words by which someone who forgot the password sets a new one, once. Only their hashes are kept.
public struct ResetStore: Sendable {
    /// For how long a word holds.
    public static let minutes = 60

    let driver: any SQLDriver
    let random: RandomBytes

    /// A new word, to be told to the user alone.
    public func open(_ user: User.ID, now: Date) async throws -> String {
        let word = Base64URL.encode(random(32))
        _ = try await driver.write { transaction in
            try transaction.execute(
                "INSERT INTO password_resets (word_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
                Hash.of(word),
                user.rawValue,
                now.milliseconds,
                (now + Double(Self.minutes) * 60).milliseconds
            )
        }
        return word
    }
}
