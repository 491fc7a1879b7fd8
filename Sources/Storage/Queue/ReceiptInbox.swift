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
/// when the message's acceptance is noted.
public struct ReceiptInbox: Sendable {
    let driver: any SQLDriver

    /// Puts receipts on record and applies those whose message is known, together and durably.
    public func store(_ receipts: [ReceivedReceipt]) async throws {
        try await driver.write { transaction in
            for received in receipts {
                let message = try Self.message(
                    provider: received.provider.rawValue,
                    [received.receipt.reference.key],
                    before: received.at,
                    in: transaction
                )
                try Self.insert(received, message: message, in: transaction)
                if let message {
                    try Self.apply(received.receipt.status, at: received.at, to: message, in: transaction)
                }
            }
        }
    }

    /// Drops unmatched receipts that came before the instant.
    public func dropUnmatched(before instant: Date) async throws -> Int {
        try await driver.write { transaction in
            try transaction.execute(
                "DELETE FROM receipts WHERE message_id IS NULL AND received_at < $1",
                instant.milliseconds
            )
        }
    }

    static func hasUnmatched(in transaction: Transaction) throws -> Bool {
        try transaction.first("SELECT 1 FROM receipts WHERE message_id IS NULL LIMIT 1") != nil
    }

    /// Applies receipts that came between the start of an attempt and its answer. An older receipt of the same id speaks
    /// of another message: providers begin to count anew.
    static func applyEarly(_ outcome: AttemptOutcome, _ reference: ProviderReference, in transaction: Transaction)
        throws
    {
        let message = outcome.attempt.message.id
        let rows = try transaction.query(
            """
            UPDATE receipts SET message_id = $1
            WHERE message_id IS NULL AND provider_id = $2 AND receipt_key = $3 AND received_at >= $4
            RETURNING status, received_at
            """,
            message.rawValue,
            outcome.provider.rawValue,
            reference.key,
            outcome.attempt.startedAt.milliseconds
        )
        for row in rows {
            guard let known = try known(message, in: transaction) else { return }
            var reader = RowReader(row)
            try apply(try reader.word(), at: try reader.date(), to: known, in: transaction)
        }
    }

    /// Tries receipts that matched no id as it stands once more, by the id's other spellings: hexadecimal for decimal and
    /// the other way round. Not at once, since the message of the very same id may only just be on its way; and only for
    /// two minutes, since later nothing new can be known.
    static func matchOtherSpellings(now: Date, in transaction: Transaction) throws -> Int {
        let rows = try transaction.query(
            """
            SELECT id, provider_id, spellings, status, received_at FROM receipts
            WHERE message_id IS NULL AND received_at < $1 AND received_at >= $2 ORDER BY id LIMIT 5000
            """,
            (now - 10).milliseconds,
            (now - 130).milliseconds
        )
        var matched = 0
        for row in rows {
            var reader = RowReader(row)
            let (receipt, provider) = (try reader.integer(), try reader.integer())
            let spellings = try reader.text().split(separator: "\n").map(String.init)
            let status: MessageStatus = try reader.word()
            let at = try reader.date()
            guard let known = try message(provider: provider, spellings, before: at, in: transaction) else { continue }
            try transaction.execute("UPDATE receipts SET message_id = $1 WHERE id = $2", known.id, receipt)
            try apply(status, at: at, to: known, in: transaction)
            matched += 1
        }
        return matched
    }

    private struct Known {
        let id: Int64
        let state: Message.State
        /// The patient's data was erased; nothing personal may come back by way of a receipt.
        let isErased: Bool
    }

    private static let stateColumns = "id, status, unclear, presumed, recipient"

    /// The message whose id is one of the spellings, the first that is found; of equal ids the newest message.
    private static func message(
        provider: Int64,
        _ spellings: [String],
        before instant: Date,
        in transaction: Transaction
    ) throws -> Known? {
        for spelling in spellings {
            let row = try transaction.first(
                """
                SELECT \(stateColumns) FROM messages
                WHERE provider_id = $1 AND receipt_key = $2 AND created_at <= $3
                ORDER BY id DESC LIMIT 1
                """,
                provider,
                spelling,
                instant.milliseconds
            )
            if let row { return try known(row) }
        }
        return nil
    }

    private static func known(_ id: Message.ID, in transaction: Transaction) throws -> Known? {
        try transaction.first("SELECT \(stateColumns) FROM messages WHERE id = $1", id.rawValue).map(known)
    }

    private static func known(_ row: SQLRow) throws -> Known {
        var reader = RowReader(row)
        return Known(
            id: try reader.integer(),
            state: Message.State(
                status: try reader.optionalWord(),
                unclear: try reader.bool(),
                presumed: try reader.bool()
            ),
            isErased: try reader.text().isEmpty
        )
    }

    private static func insert(_ received: ReceivedReceipt, message: Known?, in transaction: Transaction) throws {
        let isErased = message?.isErased ?? false
        try transaction.execute(
            """
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,
                raw, message_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            received.provider.rawValue,
            received.at.milliseconds,
            received.receipt.reference.raw,
            received.receipt.reference.key,
            received.receipt.reference.spellings.joined(separator: "\n"),
            received.receipt.status.rawValue,
            received.receipt.detail,
            isErased ? "" : received.receipt.raw,
            message?.id
        )
    }

    /// Moves a message where the report may move it, guarded by the status that was read.
    private static func apply(
        _ reported: MessageStatus,
        at: Date,
        to message: Known,
        in transaction: Transaction
    ) throws {
        guard let next = message.state.moving(to: reported) else { return }
        try transaction.execute(
            """
            UPDATE messages SET status = $1, unclear = 0, presumed = 0, delivered_at = $2
            WHERE id = $3 AND COALESCE(status, '') = $4
            """,
            next.status?.rawValue,
            reported == .delivered ? at.milliseconds : nil,
            message.id,
            message.state.status?.rawValue ?? ""
        )
    }
}
