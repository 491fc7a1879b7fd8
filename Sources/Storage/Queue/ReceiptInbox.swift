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
            let keys = receipts.map { (provider: $0.provider, key: $0.receipt.reference.key) }
            let known = try KnownMessage.find(keys, in: transaction)
            try Self.insert(receipts, known, in: transaction)
            var moves = MessageMoves()
            for (received, message) in zip(receipts, known) {
                guard let message else { continue }
                let key = received.receipt.reference.key
                try moves.add(received.receipt.status, key: key, at: received.at, to: message, in: transaction)
            }
            try moves.write(in: transaction)
            for (received, message) in zip(receipts, known) {
                guard let message, let price = received.receipt.price else { continue }
                try UsageStore.learn(price, of: message.id, in: transaction)
            }
        }
    }

    /// Answers and receipts of one provider are written one batch after the other: side by side, neither a receipt nor
    /// the answer that it overtook would see the other.
    static func takeTurn(_ providers: [Provider.ID], in transaction: Transaction) throws {
        for provider in Set(providers).sorted() { try transaction.takeTurn("receipts \(provider)") }
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
        let found = try transaction.query(
            """
            UPDATE receipts SET message_id = given.message, recipient = '', sender = '', snippet = ''
            FROM given WHERE receipts.message_id IS NULL AND receipts.provider_id = given.provider
                AND receipts.receipt_key = given.spelling AND receipts.received_at >= given.since
            RETURNING id, message_id, receipt_key, status, received_at
            """,
            given: GivenRows(
                ["message": .integer, "provider": .integer, "spelling": .text, "since": .integer],
                firstOfEachKey(attempts)
            )
        )
        if found.isEmpty { return }
        let known = try KnownMessage.find(Set(found.map { try $0.integer(1) }), in: transaction)
        try eraseTexts(of: known.values.filter(\.isErased).map(\.id), in: transaction)
        var moves = MessageMoves()
        // In the order in which they came.
        for row in try found.sorted(by: { try $0.integer(0) < $1.integer(0) }) {
            var reader = RowReader(row)
            reader.skip()
            guard let message = known[try reader.integer()] else { continue }
            let key = try reader.text()
            try moves.add(try reader.word(), key: key, at: try reader.date(), to: message, in: transaction)
        }
        try moves.write(in: transaction)
    }

    /// Nothing personal comes back by way of a receipt.
    static func eraseTexts(of messages: [Int64], in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE receipts SET detail = '', raw = '' FROM given WHERE receipts.message_id = given.message",
            given: GivenRows(["message": .integer], messages.map { [.integer($0)] })
        )
    }

    /// Message, provider, key and the instant from which on a receipt may mean it. An id that a provider gave twice is
    /// the first attempt's.
    private static func firstOfEachKey(_ attempts: [AcceptedAttempt]) -> [[SQLValue]] {
        var seen: Set<[SQLValue]> = []
        return attempts.flatMap { attempt in
            attempt.keys.compactMap { key in
                let name: [SQLValue] = [.integer(attempt.provider.rawValue), .text(key)]
                guard seen.insert(name).inserted else { return nil }
                let since = (attempt.startedAt - KnownMessage.clockSlack).milliseconds
                return [.integer(attempt.message.rawValue)] + name + [.integer(since)]
            }
        }
    }

    private static func insert(
        _ receipts: [ReceivedReceipt],
        _ known: [KnownMessage?],
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,
                raw, message_id, recipient, sender, snippet)
            SELECT provider, received, id, spelling, spellings, status, detail, raw, message, recipient, sender, snippet
            FROM given
            """,
            given: GivenRows(
                [
                    "provider": .integer, "received": .integer, "id": .text, "spelling": .text, "spellings": .text,
                    "status": .text, "detail": .text, "raw": .text, "message": .integer, "recipient": .text,
                    "sender": .text, "snippet": .text,
                ],
                zip(receipts, known).map { received, message in
                    let receipt = received.receipt
                    // What would only serve to find the message is not kept once it is found.
                    let evidence = message == nil ? receipt.evidence : nil
                    return [
                        .integer(received.provider.rawValue), .integer(received.at.milliseconds),
                        .text(receipt.reference.raw), .text(receipt.reference.key),
                        .text(message == nil ? receipt.reference.spellings.joined(separator: "\n") : ""),
                        .text(receipt.status.rawValue), .text(receipt.detail),
                        .text(message?.isErased ?? false ? "" : receipt.raw), (message?.id).sqlValue,
                        .text(evidence?.recipient ?? ""), .text(evidence?.sender ?? ""),
                        .text(evidence?.snippet ?? ""),
                    ]
                }
            )
        )
    }
}
