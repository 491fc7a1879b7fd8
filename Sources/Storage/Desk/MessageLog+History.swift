import Database
import Domain
import Foundation

/// One attempt to hand a message over.
public struct AttemptLine: Hashable, Sendable {
    /// How it ended; the table's words.
    public enum Outcome: String, CaseIterable, Sendable {
        case accepted, unreachable, refused, unknown
        case accountRefused = "account_refused"
    }

    /// 1 for the first.
    public let number: Int
    public let providerName: String?
    public let startedAt: Date
    public let endedAt: Date?
    /// nil while it is open.
    public let outcome: Outcome?
    /// The provider's words and codes, or the error's; no personal data.
    public let detail: String
}

/// One delivery receipt.
public struct ReceiptLine: Hashable, Sendable {
    public let receivedAt: Date
    public let status: MessageStatus
    public let detail: String
}

extension MessageLog {
    /// The attempts of a message, the first one first.
    ///
    /// - Throws: ``StorageError/notFound``
    public func history(of id: Message.ID, _ practice: Practice.ID) async throws -> [AttemptLine] {
        try await driver.read { transaction in
            try Self.check(id, practice, in: transaction)
            return try transaction.query(
                """
                SELECT t.number, COALESCE(b.address, v.name), t.started_at, t.ended_at, t.outcome, t.detail
                FROM attempts t LEFT JOIN providers v ON v.id = t.provider_id
                    LEFT JOIN mailboxes b ON b.provider_id = t.provider_id
                WHERE t.message_id = $1 ORDER BY t.number
                """,
                id.rawValue
            ).entities { reader in
                AttemptLine(
                    number: Int(try reader.integer()),
                    providerName: try reader.optionalText(),
                    startedAt: try reader.date(),
                    endedAt: try reader.optionalDate(),
                    outcome: try reader.optionalWord(),
                    detail: try reader.text()
                )
            }
        }
    }

    /// The delivery receipts of a message, in the order in which they came.
    ///
    /// - Throws: ``StorageError/notFound``
    public func receipts(of id: Message.ID, _ practice: Practice.ID) async throws -> [ReceiptLine] {
        try await driver.read { transaction in
            try Self.check(id, practice, in: transaction)
            return try transaction.query(
                "SELECT received_at, status, detail FROM receipts WHERE message_id = $1 ORDER BY id",
                id.rawValue
            ).entities { reader in
                ReceiptLine(
                    receivedAt: try reader.date(),
                    status: try reader.word(),
                    detail: try reader.text()
                )
            }
        }
    }

    private static func check(_ id: Message.ID, _ practice: Practice.ID, in transaction: Transaction) throws {
        let row = try transaction.first(
            "SELECT id FROM messages WHERE id = $1 AND practice_id = $2",
            id.rawValue,
            practice.rawValue
        )
        if row == nil { throw StorageError.notFound }
    }
}
