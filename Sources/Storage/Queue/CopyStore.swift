import Database
import Domain
import Foundation

/// An e-mail that left and whose copy belongs into the mailbox's Sent folder.
public struct WantedCopy: Sendable {
    public let mail: OutgoingMail
    /// With the one that is about to begin; 1 for the first.
    public let tries: Int
    public let leftAt: Date
}

/// Copies for the Sent folders of mailboxes. A copy is no condition of anything: whether it can be kept or not, the e-mail
/// has left.
public struct CopyStore: Sendable {
    /// Seconds after which a copy whose keeper was lost is tried again.
    private static let lease = 600.0

    let driver: any SQLDriver

    /// Mailboxes with copies that are due, the one that waits longest first.
    public func mailboxes(now: Date, limit: Int) async throws -> [Provider.ID] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT provider_id FROM mails WHERE copy = 'wanted' AND copy_at <= $1
                GROUP BY provider_id ORDER BY MIN(copy_at), provider_id LIMIT $2
                """,
                now.milliseconds,
                limit
            ).map { Identifier(try $0.integer(0)) }
        }
    }

    /// Takes the next copies of a mailbox. The try is on record before it begins, so that whoever comes after a crash
    /// looks first whether the copy is there; nobody else takes them meanwhile.
    public func take(_ mailbox: Provider.ID, limit: Int, now: Date) async throws -> [WantedCopy] {
        try await driver.write(.guarded) { transaction in
            let ids = try transaction.query(
                """
                SELECT message_id FROM mails WHERE provider_id = $1 AND copy = 'wanted' AND copy_at <= $2
                ORDER BY copy_at, message_id LIMIT $3\(transaction.dialect.skipLocked)
                """,
                mailbox.rawValue,
                now.milliseconds,
                limit
            ).map(\.values)
            let taken = try transaction.query(
                """
                UPDATE mails SET copy_tries = copy_tries + 1, copy_at = given.until
                FROM given WHERE mails.message_id = given.message RETURNING message_id
                """,
                given: GivenRows(
                    ["message": .integer, "until": .integer],
                    ids.map { $0 + [.integer((now + Self.lease).milliseconds)] }
                )
            ).map { try $0.integer(0) }
            return try Self.copies(taken, in: transaction)
        }
    }

    private static func copies(_ ids: [Int64], in transaction: Transaction) throws -> [WantedCopy] {
        try transaction.query(
            """
            SELECT m.id, m.attempts, e.name, m.sender, m.recipient, e.bytes, e.copy_tries,
                COALESCE(m.submitted_at, e.created_at)
            FROM mails e JOIN messages m ON m.id = e.message_id
            WHERE \(transaction.dialect.isOne("e.message_id", of: "$1")) AND e.bytes IS NOT NULL AND m.recipient <> ''
            ORDER BY m.id
            """,
            values: [.integers(ids)]
        ).entities { reader in
            WantedCopy(
                mail: OutgoingMail(
                    id: try reader.id(),
                    attempt: Int(try reader.integer()),
                    name: try reader.text(),
                    sender: try reader.stored(EmailAddress.init(stored:)),
                    recipient: try reader.stored(EmailAddress.init(stored:)),
                    bytes: try reader.bytes()
                ),
                tries: Int(try reader.integer()),
                leftAt: try reader.date()
            )
        }
    }

    /// The copies are in the Sent folder; the bytes are of no use any more.
    public func kept(_ messages: [Message.ID]) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                """
                UPDATE mails SET copy = 'kept', copy_detail = '', bytes = NULL
                FROM given WHERE mails.message_id = given.message AND copy IN ('planned', 'wanted')
                """,
                given: GivenRows(["message": .integer], messages.map { [.integer($0.rawValue)] })
            )
        }
    }

    /// A copy could not be kept.
    ///
    /// - Parameters:
    ///   - detail: the server's words; cut to 200 characters.
    ///   - next: when it is tried again; nil where it is given up.
    public func failed(_ message: Message.ID, detail: String, next: Date?) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                """
                UPDATE mails SET copy_detail = $1, copy_at = COALESCE($2, copy_at),
                    copy = CASE WHEN $3 = 1 THEN 'failed' ELSE copy END,
                    bytes = CASE WHEN $3 = 1 THEN NULL ELSE bytes END
                WHERE message_id = $4 AND copy = 'wanted'
                """,
                String(detail.prefix(200)),
                next?.milliseconds,
                next == nil,
                message.rawValue
            )
        }
    }

    /// Copies that were taken and not tried after all.
    public func giveBack(_ messages: [Message.ID], until next: Date) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                """
                UPDATE mails SET copy_tries = copy_tries - 1, copy_at = given.next
                FROM given WHERE mails.message_id = given.message AND copy = 'wanted' AND copy_tries > 0
                """,
                given: GivenRows(
                    ["message": .integer, "next": .integer],
                    messages.map { [.integer($0.rawValue), .integer(next.milliseconds)] }
                )
            )
        }
    }

    /// Forgets the bytes of e-mails that were begun before the instant, whatever became of them; a copy that was still
    /// wanted is given up.
    public func dropBytes(before instant: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            try transaction.execute(
                """
                UPDATE mails SET bytes = NULL, copy = CASE copy WHEN 'wanted' THEN 'failed' WHEN 'planned' THEN 'none'
                    ELSE copy END
                WHERE bytes IS NOT NULL AND created_at < $1
                """,
                instant.milliseconds
            )
        }
    }
}
