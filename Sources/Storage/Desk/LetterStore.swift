import Database
import Domain
import Foundation

/// Letters to someone of the practice, which leave by its own mailbox.
public struct LetterStore: Sendable {
    /// A link that nobody could send within so many seconds is not sent at all.
    static let resetSeconds = 3_600.0

    let driver: any SQLDriver

    /// Asks for a letter with a link by which the user sets a new password. The link is made when the letter leaves; one that
    /// waits already is enough.
    ///
    /// - Returns: false where the practice has no mailbox.
    public func askPasswordReset(_ user: User, now: Date) async throws -> Bool {
        try await driver.write { transaction in
            guard try Self.hasMailbox(user.practiceID, in: transaction) else { return false }
            let waiting = try transaction.first(
                """
                SELECT 1 FROM letters
                WHERE practice_id = $1 AND kind = 'password_reset' AND user_id = $2 AND ended_at IS NULL AND expires_at > $3
                """,
                user.practiceID.rawValue,
                user.id.rawValue,
                now.milliseconds
            )
            if waiting != nil { return true }
            try transaction.execute(
                """
                INSERT INTO letters (practice_id, kind, user_id, recipient, occasion, created_at, next_at, expires_at)
                VALUES ($1, 'password_reset', $2, $3, $4, $5, $5, $6)
                ON CONFLICT (practice_id, kind, recipient, occasion) DO NOTHING
                """,
                user.practiceID.rawValue,
                user.id.rawValue,
                user.email.value,
                String(now.milliseconds),
                now.milliseconds,
                (now + Self.resetSeconds).milliseconds
            )
            return true
        }
    }

    private static func hasMailbox(_ practice: Practice.ID, in transaction: Transaction) throws -> Bool {
        try transaction.first(
            """
            SELECT 1 FROM mailboxes b JOIN providers v ON v.id = b.provider_id
            WHERE b.practice_id = $1 AND b.practitioner_id IS NULL AND v.enabled = 1
            """,
            practice.rawValue
        ) != nil
    }
}
