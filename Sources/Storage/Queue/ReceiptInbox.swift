import Database
import Domain
import Foundation

/// A receipt with the provider that it came from.
public struct ReceivedReceipt: Sendable {
    public let provider: Provider.ID
    public let receipt: DeliveryReceipt
    public let at: Date

    public init(provider: Provider.ID, receipt: DeliveryReceipt, at: Date) {
        self.provider = provider
        self.receipt = receipt
        self.at = at
    }
}

/// Receipts are on record before they are acknowledged. One whose message is not known yet waits here, and is applied
/// when the message's acceptance is noted, or when it turns out to be evidence of an unknown outcome.
public struct ReceiptInbox: Sendable {
    let driver: any SQLDriver

    /// Puts receipts on record and applies those whose message is known, together and durably.
    public func store(_ receipts: [ReceivedReceipt]) async throws {
        try await driver.write(.guarded) { transaction in
            let messages = try Self.messages(of: receipts, in: transaction)
            try Self.insert(receipts, messages, in: transaction)
            var moves = MessageMoves()
            for (received, message) in zip(receipts, messages) {
                guard let message else { continue }
                try moves.add(
                    received.receipt.status,
                    key: received.receipt.reference.key,
                    at: received.at,
                    to: message,
                    in: transaction
                )
            }
            try moves.write(in: transaction)
        }
    }

    /// Drops unmatched receipts that came before the instant.
    public func dropUnmatched(before instant: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            try transaction.execute(
                "DELETE FROM receipts WHERE message_id IS NULL AND received_at < $1",
                instant.milliseconds
            )
        }
    }

    /// Applies receipts that came between the start of an attempt and its answer. An older receipt of the same id speaks
    /// of another message: providers begin to count anew.
    static func applyEarly(_ attempts: [AcceptedAttempt], in transaction: Transaction) throws {
        guard try transaction.first("SELECT 1 FROM receipts WHERE message_id IS NULL LIMIT 1") != nil else { return }
        let keyed = attempts.flatMap { attempt in attempt.keys.map { (attempt: attempt, key: $0) } }
        let found = try transaction.query(
            """
            UPDATE receipts SET message_id = $1, recipient = '', sender = '', snippet = ''
            WHERE message_id IS NULL AND provider_id = $2 AND receipt_key = $3 AND received_at >= $4
            RETURNING status, received_at
            """,
            each: keyed.map { attempt, key in
                [
                    .integer(attempt.message.rawValue), .integer(attempt.provider.rawValue), .text(key),
                    .integer((attempt.startedAt - KnownMessage.clockSlack).milliseconds),
                ]
            }
        )
        var moves = MessageMoves()
        for ((attempt, key), rows) in zip(keyed, found) where !rows.isEmpty {
            guard let known = try KnownMessage.find(attempt.message.rawValue, in: transaction) else { continue }
            for row in rows {
                var reader = RowReader(row)
                try moves.add(try reader.word(), key: key, at: try reader.date(), to: known, in: transaction)
            }
        }
        try moves.write(in: transaction)
    }

    /// The message of each receipt, nil where it is not known (yet); of equal ids the newest message.
    private static func messages(
        of receipts: [ReceivedReceipt],
        in transaction: Transaction
    ) throws -> [KnownMessage?] {
        let found = try transaction.query(
            KnownMessage.byKey,
            each: receipts.map { received in
                [
                    .integer(received.provider.rawValue), .text(received.receipt.reference.key),
                    .integer(.max),
                ]
            }
        )
        return try zip(receipts, found).map { received, rows in
            if let row = rows.first { return try KnownMessage(row) }
            let part = try MessageParts.message(
                provider: received.provider.rawValue,
                key: received.receipt.reference.key,
                in: transaction
            )
            return try part.flatMap { try KnownMessage.find($0, in: transaction) }
        }
    }

    private static func insert(
        _ receipts: [ReceivedReceipt],
        _ messages: [KnownMessage?],
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,
                raw, message_id, recipient, sender, snippet)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            each: zip(receipts, messages).map { received, message in
                let receipt = received.receipt
                // What would only serve to find the message is not kept once it is found.
                let evidence = message == nil ? receipt.evidence : nil
                return [
                    .integer(received.provider.rawValue), .integer(received.at.milliseconds),
                    .text(receipt.reference.raw), .text(receipt.reference.key),
                    .text(message == nil ? receipt.reference.spellings.joined(separator: "\n") : ""),
                    .text(receipt.status.rawValue), .text(receipt.detail),
                    .text(message?.isErased ?? false ? "" : receipt.raw),
                    (message?.id).sqlValue, .text(evidence?.recipient ?? ""), .text(evidence?.sender ?? ""),
                    .text(evidence?.snippet ?? ""),
                ]
            }
        )
    }
}
