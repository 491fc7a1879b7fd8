import Database
import Domain
import Foundation

/// The parts of long messages: each has an id and receipts of its own, and the message is delivered only when all are.
enum MessageParts {
    /// Remembers the ids of messages that went in several parts; others need no rows.
    static func insert(_ attempts: [AcceptedAttempt], in transaction: Transaction) throws {
        let rows: [[SQLValue]] = attempts.filter { !$0.reference.furtherParts.isEmpty }.flatMap { attempt in
            attempt.keys.enumerated().map { number, key in
                [
                    .integer(attempt.message.rawValue), .integer(Int64(number + 1)),
                    .integer(attempt.provider.rawValue), .text(key),
                ]
            }
        }
        try transaction.execute(
            """
            INSERT INTO parts (message_id, number, provider_id, receipt_key, status)
            VALUES ($1, $2, $3, $4, 'submitted')
            ON CONFLICT (message_id, number) DO UPDATE
            SET provider_id = excluded.provider_id, receipt_key = excluded.receipt_key,
                status = CASE WHEN parts.provider_id = excluded.provider_id
                    AND parts.receipt_key = excluded.receipt_key THEN parts.status ELSE excluded.status END
            """,
            each: rows
        )
    }

    /// The message that a part belongs to; of equal ids the newest.
    static func message(provider: Int64, key: String, in transaction: Transaction) throws -> Int64? {
        try transaction.first(
            """
            SELECT message_id FROM parts WHERE provider_id = $1 AND receipt_key = $2
            ORDER BY message_id DESC LIMIT 1
            """,
            provider,
            key
        )?.integer(0)
    }

    /// Notes the news of one part, and tells what it means for the whole: a failure of one is the failure of all, and
    /// all that are delivered are the delivery. The news itself where the message has no parts; nil where the whole has
    /// not moved.
    static func status(
        of message: Int64,
        key: String,
        reported: MessageStatus,
        in transaction: Transaction
    ) throws -> MessageStatus? {
        let rows = try transaction.query("SELECT receipt_key, status FROM parts WHERE message_id = $1", message)
        guard !rows.isEmpty else { return reported }
        var statuses: [MessageStatus] = []
        for row in rows {
            var reader = RowReader(row)
            let isThis = try reader.text() == key
            let status: MessageStatus = try reader.word()
            let moved = isThis ? Message.State(status: status).moving(to: reported)?.status : nil
            if let moved { try note(moved, of: message, key: key, in: transaction) }
            statuses.append(moved ?? status)
        }
        if statuses.allSatisfy({ $0 == .delivered }) { return .delivered }
        return statuses.first { $0 != .delivered && $0 != .submitted }
    }

    private static func note(
        _ status: MessageStatus,
        of message: Int64,
        key: String,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            "UPDATE parts SET status = $1 WHERE message_id = $2 AND receipt_key = $3",
            status.rawValue,
            message,
            key
        )
    }
}

extension AcceptedAttempt {
    /// The keys of all parts, the first part's first.
    var keys: [String] { [reference.key] + reference.furtherParts.map(\.key) }
}
