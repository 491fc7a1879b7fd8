import Database
import Domain
import Foundation

/// Writes the start of attempts that belong together: the messages, the attempts, the reminders' new state. One
/// statement for each, however many there are.
struct AttemptBatch {
    private struct Entry {
        let composed: ComposedMessage
        let reminder: Reminder
        var message: Int64 = 0
        var number: Int64 = 1
    }

    private let carrier: Carrier?
    private let worker: String
    private let now: Date
    private var first: [Entry] = []
    private var further: [Entry] = []

    init(carrier: Carrier?, worker: String, now: Date) {
        self.carrier = carrier
        self.worker = worker
        self.now = now
    }

    mutating func add(_ composed: ComposedMessage, _ reminder: Reminder) {
        if let message = reminder.messageID {
            further.append(Entry(composed: composed, reminder: reminder, message: message.rawValue))
        } else {
            first.append(Entry(composed: composed, reminder: reminder))
        }
    }

    mutating func write(in transaction: Transaction) throws -> [StartedAttempt] {
        try insertMessages(in: transaction)
        try renewMessages(in: transaction)
        let entries = first + further
        try transaction.execute(
            """
            INSERT INTO attempts (message_id, number, provider_id, worker, started_at, detail)
            VALUES ($1, $2, $3, $4, $5, '')
            """,
            each: entries.map { entry in
                [
                    .integer(entry.message), .integer(entry.number), (carrier?.provider.rawValue).sqlValue,
                    .text(worker), .integer(now.milliseconds),
                ]
            }
        )
        let changed = try transaction.execute(
            """
            UPDATE reminders SET state = 'started', reason = NULL, message_id = $1, says_start = $2
            WHERE id = $3 AND state = 'planned'
            """,
            each: entries.map { entry in
                [
                    .integer(entry.message), .text(entry.composed.tells?.iso ?? ""),
                    .integer(entry.reminder.id.rawValue),
                ]
            }
        )
        // The rows are locked since they were read, so this cannot be; if it were, something would leave unrecorded.
        guard changed.allSatisfy({ $0 == 1 }) else { throw StorageError.stale }
        return entries.map(started)
    }

    /// A first attempt makes the message.
    private mutating func insertMessages(in transaction: Transaction) throws {
        let rows = try transaction.query(
            """
            INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, unclear, presumed, attempts,
                possibly_twice, provider_id, expires_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 1, 0, $7, $8, $9) RETURNING id
            """,
            each: first.map { entry in
                [
                    .integer(entry.reminder.practiceID.rawValue), .text(entry.composed.channel.rawValue),
                    .text(entry.composed.recipient), .text(entry.composed.sender.value), .text(entry.composed.text),
                    .integer(Int64(entry.composed.encoding.segments)), (carrier?.provider.rawValue).sqlValue,
                    expiry(entry.composed), .integer(now.milliseconds),
                ]
            }
        )
        for (index, row) in rows.enumerated() {
            guard let id = try row.first?.integer(0) else { throw StorageError.notFound }
            first[index].message = id
        }
    }

    /// A further one brings it up to date. One that follows an attempt that may have left is marked: the patient may
    /// get it twice.
    private mutating func renewMessages(in transaction: Transaction) throws {
        let rows = try transaction.query(
            """
            UPDATE messages SET recipient = $1, sender = $2, text = $3, segments = $4, provider_id = $5,
                expires_at = $6, attempts = attempts + 1,
                possibly_twice = CASE WHEN EXISTS (SELECT 1 FROM attempts t WHERE t.message_id = messages.id
                    AND (t.outcome IS NULL OR t.outcome IN ('accepted', 'unknown'))) THEN 1 ELSE 0 END
            WHERE id = $7 RETURNING attempts
            """,
            each: further.map { entry in
                [
                    .text(entry.composed.recipient), .text(entry.composed.sender.value), .text(entry.composed.text),
                    .integer(Int64(entry.composed.encoding.segments)), (carrier?.provider.rawValue).sqlValue,
                    expiry(entry.composed), .integer(entry.message),
                ]
            }
        )
        for (index, row) in rows.enumerated() {
            guard let number = try row.first?.integer(0) else { throw StorageError.notFound }
            further[index].number = number
        }
    }

    /// Without news a quarter of an hour after the validity's end, the message counts as expired.
    private func expiry(_ composed: ComposedMessage) -> SQLValue {
        guard carrier?.reportsDelivery ?? false else { return .null }
        return .integer((now + Double(composed.validitySeconds) + 900).milliseconds)
    }

    private func started(_ entry: Entry) -> StartedAttempt {
        StartedAttempt(
            reminderID: entry.reminder.id,
            number: Int(entry.number),
            message: OutgoingMessage(
                id: Identifier(entry.message),
                attempt: Int(entry.number),
                composed: entry.composed
            ),
            latestAt: entry.reminder.latestAt,
            startedAt: now
        )
    }
}
