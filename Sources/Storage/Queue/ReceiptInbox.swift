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
            try Self.takeTurn(receipts.map(\.provider), in: transaction)
            let delivered = try Self.deliver(receipts, in: transaction)
            let open = receipts.indices.filter { delivered[$0] == nil }
            let known = Dictionary(
                uniqueKeysWithValues: zip(open, try Self.messages(of: open.map { receipts[$0] }, in: transaction))
            )
            try Self.insert(receipts, delivered, known, in: transaction)
            var moves = MessageMoves()
            for (index, message) in open.map({ ($0, known[$0] ?? nil) }) {
                guard let message else { continue }
                let received = receipts[index]
                let key = received.receipt.reference.key
                try moves.add(received.receipt.status, key: key, at: received.at, to: message, in: transaction)
            }
            try moves.write(in: transaction)
        }
    }

    /// Answers and receipts of one provider are written one batch after the other: side by side, neither a receipt nor
    /// the answer that it overtook would see the other.
    static func takeTurn(_ providers: [Provider.ID], in transaction: Transaction) throws {
        for provider in Set(providers).sorted() { try transaction.takeTurn("receipts \(provider)") }
    }

    /// The usual way: the receipt says "delivered", and its message waits for just that. One statement finds and moves
    /// it. Tells the ids of the messages that were moved; nil for every other receipt.
    private static func deliver(_ receipts: [ReceivedReceipt], in transaction: Transaction) throws -> [Int64?] {
        var ids = [Int64?](repeating: nil, count: receipts.count)
        // Several receipts of one message take effect in their order, which this way does not keep.
        let counts = Dictionary(receipts.map { ($0.receipt.reference.key, 1) }, uniquingKeysWith: +)
        let usual = receipts.indices.filter { index in
            let receipt = receipts[index].receipt
            return receipt.status == .delivered && counts[receipt.reference.key] == 1
        }
        let rows = try transaction.query(
            Self.deliverStatement,
            each: usual.map { index in
                [
                    .integer(receipts[index].at.milliseconds), .integer(receipts[index].provider.rawValue),
                    .text(receipts[index].receipt.reference.key),
                ]
            }
        )
        for (index, row) in zip(usual, rows) { ids[index] = try row.first?.integer(0) }
        return ids
    }

    /// The states from which "delivered" moves a message, as a condition.
    private static let deliverStatement: String = {
        let from = MessageStatus.allCases.filter { Message.State(status: $0).moving(to: .delivered) != nil }
            .map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return """
            UPDATE messages SET status = 'delivered', unclear = 0, presumed = 0, delivered_at = $1
            WHERE id = (SELECT n.id FROM messages n WHERE n.provider_id = $2 AND n.receipt_key = $3
                    ORDER BY n.id DESC LIMIT 1)
                AND segments = 1 AND recipient <> '' AND (status IS NULL OR status IN (\(from)) OR presumed = 1)
            RETURNING id
            """
    }()

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
        _ delivered: [Int64?],
        _ known: [Int: KnownMessage?],
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,
                raw, message_id, recipient, sender, snippet)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            each: receipts.indices.map { index in
                let (received, receipt) = (receipts[index], receipts[index].receipt)
                let found = known[index] ?? nil
                let message = delivered[index] ?? found?.id
                // What would only serve to find the message is not kept once it is found.
                let evidence = message == nil ? receipt.evidence : nil
                return [
                    .integer(received.provider.rawValue), .integer(received.at.milliseconds),
                    .text(receipt.reference.raw), .text(receipt.reference.key),
                    .text(message == nil ? receipt.reference.spellings.joined(separator: "\n") : ""),
                    .text(receipt.status.rawValue), .text(receipt.detail),
                    .text(found?.isErased ?? false ? "" : receipt.raw), message.sqlValue,
                    .text(evidence?.recipient ?? ""), .text(evidence?.sender ?? ""), .text(evidence?.snippet ?? ""),
                ]
            }
        )
    }
}
