import Database
import Domain
import Foundation

/// Messages that a provider is to be asked about: accepted ones without a receipt, and those with an unknown outcome.
public struct PollStore: Sendable {
    /// One that is due for a question.
    public struct Open: Sendable {
        public let message: SentMessage
        /// The number of the newest attempt whose outcome is unknown; nil for a message that was accepted.
        public let unknownAttempt: Int?
    }

    /// For so many seconds a provider is asked about a message.
    private static let patience = 3 * 86_400.0
    /// Seconds after which a question that was begun is asked again; its asker may be lost.
    private static let turn = 60.0

    let driver: any SQLDriver

    /// Takes the next messages to ask about. Nobody else takes them for a minute; whoever has asked says when they are
    /// due again.
    public func take(_ provider: Provider.ID, limit: Int, now: Date) async throws -> [Open] {
        try await driver.write(.guarded) { transaction in
            try Self.forgetSettled(provider, now: now, in: transaction)
            let rows = try transaction.query(
                """
                SELECT id FROM messages WHERE provider_id = $1 AND poll_at <= $2
                ORDER BY poll_at, id LIMIT $3\(transaction.dialect.skipLocked)
                """,
                provider.rawValue,
                now.milliseconds,
                limit
            )
            let ids = try rows.map { try $0.integer(0) }
            if ids.isEmpty { return [] }
            try Self.set(ids.map { ($0, now + Self.turn) }, in: transaction)
            return try Self.open(ids, in: transaction)
        }
    }

    /// - Parameter polling: by which the next question follows from the age of each message.
    public func asked(_ messages: [SentMessage], polling: Polling, now: Date) async throws {
        try await driver.write(.guarded) { transaction in
            try Self.set(
                messages.map { message in
                    let age = max(0, now.timeIntervalSince(message.startedAt))
                    return (message.id.rawValue, age > Self.patience ? nil : now + polling.pause(age: age))
                },
                in: transaction
            )
        }
    }

    /// When the provider is to be asked next; nil where there is nothing to ask.
    public func nextDue(_ provider: Provider.ID) async throws -> Date? {
        try await driver.read { transaction in
            try transaction.first(
                """
                SELECT poll_at FROM messages WHERE provider_id = $1 AND poll_at IS NOT NULL ORDER BY poll_at LIMIT 1
                """,
                provider.rawValue
            ).map { Date(milliseconds: try $0.integer(0)) }
        }
    }

    private static func forgetSettled(_ provider: Provider.ID, now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE messages SET poll_at = NULL
            WHERE provider_id = $1 AND poll_at <= $2 AND unclear = 0 AND status IS NOT NULL
                AND NOT (status = 'submitted' OR presumed = 1)
            """,
            provider.rawValue,
            now.milliseconds
        )
    }

    private static func open(_ ids: [Int64], in transaction: Transaction) throws -> [Open] {
        try transaction.query(
            """
            SELECT m.id, e.name, m.provider_message_id, m.recipient, m.text, m.unclear, MAX(a.started_at),
                MAX(CASE WHEN a.outcome || '' = 'unknown' THEN a.number ELSE 0 END)
            FROM messages m JOIN attempts a ON a.message_id = m.id LEFT JOIN mails e ON e.message_id = m.id
            WHERE \(transaction.dialect.isOne("m.id", of: "$1"))
            GROUP BY m.id, e.name, m.provider_message_id, m.recipient, m.text, m.unclear ORDER BY m.id
            """,
            values: [.integers(ids)]
        ).map { row in
            var reader = RowReader(row)
            let id: Message.ID = try reader.id()
            let name = try reader.optionalText()
            let providerID = try reader.optionalText()
            let recipient = try reader.text()
            let text = try reader.text()
            let isUnclear = try reader.bool()
            let startedAt = try reader.date()
            let attempt = Int(try reader.integer())
            return Open(
                message: SentMessage(
                    id: id,
                    reference: name,
                    providerMessageID: isUnclear ? nil : providerID,
                    recipient: recipient,
                    text: text,
                    startedAt: startedAt
                ),
                unknownAttempt: isUnclear && attempt > 0 ? attempt : nil
            )
        }
    }

    private static func set(_ times: [(Int64, Date?)], in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE messages SET poll_at = given.next FROM given WHERE messages.id = given.message",
            given: GivenRows(
                ["message": .integer, "next": .integer],
                times.map { id, at in [.integer(id), (at?.milliseconds).sqlValue] }
            )
        )
    }
}
