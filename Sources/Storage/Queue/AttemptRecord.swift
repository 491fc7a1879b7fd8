import Database
import Domain
import Foundation

/// Writes the start of one attempt: the message, the attempt, the reminder's new state.
struct AttemptRecord {
    let context: ReminderContext
    let composed: ComposedMessage
    let provider: Provider.ID?
    let expectsReceipts: Bool
    let token: String
    let now: Date

    func write(in transaction: Transaction) throws -> StartedAttempt {
        let (messageID, number) = try writeMessage(in: transaction)
        try transaction.execute(
            """
            INSERT INTO attempts (message_id, number, provider_id, claim_token, started_at, detail)
            VALUES ($1, $2, $3, $4, $5, '')
            """,
            messageID,
            number,
            provider?.rawValue,
            token,
            now.milliseconds
        )
        let changed = try transaction.execute(
            """
            UPDATE reminders SET state = 'started', reason = NULL, message_id = $1, says_start = $2
            WHERE id = $3 AND claim_token = $4 AND state = 'planned'
            """,
            messageID,
            composed.tells?.iso ?? "",
            context.reminder.id.rawValue,
            token
        )
        guard changed == 1 else { throw StorageError.stale }
        return StartedAttempt(
            reminderID: context.reminder.id,
            number: Int(number),
            message: OutgoingMessage(id: Identifier(messageID), composed: composed),
            latestAt: context.reminder.latestAt,
            token: token,
            startedAt: now
        )
    }

    /// A first attempt makes the message; a further one brings it up to date. One that follows an unknown outcome is
    /// marked: the patient may get it twice.
    private func writeMessage(in transaction: Transaction) throws -> (id: Int64, number: Int64) {
        if let id = context.reminder.messageID {
            let row = try transaction.first(
                """
                UPDATE messages SET recipient = $1, sender = $2, text = $3, segments = $4, provider_id = $5,
                    expires_at = $6, attempts = attempts + 1,
                    possibly_twice = CASE WHEN unclear = 1 THEN 1 ELSE possibly_twice END
                WHERE id = $7 RETURNING attempts
                """,
                composed.recipient,
                composed.sender.value,
                composed.text,
                composed.encoding.segments,
                provider?.rawValue,
                expiresAt?.milliseconds,
                id.rawValue
            )
            guard let row else { throw StorageError.notFound }
            return (id.rawValue, try row.integer(0))
        }
        let row = try transaction.first(
            """
            INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, unclear, presumed, attempts,
                possibly_twice, provider_id, expires_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 1, 0, $7, $8, $9) RETURNING id
            """,
            context.reminder.practiceID.rawValue,
            composed.channel.rawValue,
            composed.recipient,
            composed.sender.value,
            composed.text,
            composed.encoding.segments,
            provider?.rawValue,
            expiresAt?.milliseconds,
            now.milliseconds
        )
        guard let row else { throw StorageError.notFound }
        return (try row.integer(0), 1)
    }

    /// Without news a quarter of an hour after the validity's end, the message counts as expired.
    private var expiresAt: Date? { expectsReceipts ? now + Double(composed.validitySeconds) + 900 : nil }
}
