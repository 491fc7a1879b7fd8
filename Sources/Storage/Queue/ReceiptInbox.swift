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
                let message = try Self.message(of: received, in: transaction)
                try Self.insert(received, message: message?.id, in: transaction)
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

    /// Applies receipts that came before the answer to the submission.
    static func applyEarly(
        _ reference: ProviderReference,
        provider: Provider.ID,
        message: Message.ID,
        in transaction: Transaction
    ) throws {
        let rows = try transaction.query(
            """
            UPDATE receipts SET message_id = $1
            WHERE message_id IS NULL AND provider_id = $2
                AND receipt_key IN (\(placeholders(reference.spellings.count, from: 3)))
            RETURNING status, received_at
            """,
            values: [.integer(message.rawValue), .integer(provider.rawValue)] + reference.spellings.map { .text($0) }
        )
        for row in rows {
            guard let known = try known(message, in: transaction) else { return }
            var reader = RowReader(row)
            try apply(try reader.word(), at: try reader.date(), to: known, in: transaction)
        }
    }

    private struct Known {
        let id: Int64
        let state: Message.State
    }

    private static let stateColumns = "id, status, unclear, presumed"

    /// The message that a receipt speaks of; an exact spelling wins over a converted one.
    private static func message(of received: ReceivedReceipt, in transaction: Transaction) throws -> Known? {
        for spelling in received.receipt.reference.spellings {
            let row = try transaction.first(
                """
                SELECT \(stateColumns) FROM messages WHERE provider_id = $1 AND receipt_key = $2
                ORDER BY id DESC LIMIT 1
                """,
                received.provider.rawValue,
                spelling
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
            )
        )
    }

    private static func insert(_ received: ReceivedReceipt, message: Int64?, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, status, detail, raw,
                message_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            received.provider.rawValue,
            received.at.milliseconds,
            received.receipt.reference.raw,
            received.receipt.reference.key,
            received.receipt.status.rawValue,
            received.receipt.detail,
            received.receipt.raw,
            message
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
