import Database
import Domain
import Foundation

/// From one reading of a mailbox to the next, in seconds.
public struct ReadingPauses: Hashable, Sendable {
    /// While it sent within ``freshAge``.
    public var fresh = 300.0
    /// While it sent within ``age``; later nothing is expected.
    public var late = 3600.0
    public var freshAge = 48 * 3600.0
    public var age = 7 * 86_400.0

    public init() {}
}

/// A mailbox whose turn it is to be read, and up to where it was.
public struct ReadingTurn: Hashable, Sendable {
    public let mailbox: Mailbox
    /// nil for never.
    public let position: MailboxPosition?

    public init(mailbox: Mailbox, position: MailboxPosition?) {
        self.mailbox = mailbox
        self.position = position
    }
}

/// What came of news of a mailbox.
public struct BounceCounts: Hashable, Sendable {
    /// Reports that ended a message.
    public var bounced = 0
    /// Reports that a message is tried on.
    public var delayed = 0
    /// Reports of nothing that we know of, or that say nothing new.
    public var ignored = 0

    public init() {}
}

/// What mail servers report of e-mails that they could not deliver. How far a mailbox was read is written in the
/// transaction that applies what was read there, so that nothing is lost and nothing counts twice.
public struct BounceStore: Sendable {
    let driver: any SQLDriver

    /// Takes mailboxes that are to be read: those that have just sent, those that sent some days ago, and those of which
    /// it is not known yet up to where. Nobody else takes them before their next turn.
    public func take(_ pauses: ReadingPauses, limit: Int, now: Date) async throws -> [ReadingTurn] {
        let (fresh, late) = (now - pauses.freshAge, now - pauses.age)
        return try await driver.write(.guarded) { transaction in
            let ids = try transaction.query(
                """
                SELECT b.provider_id FROM mailboxes b
                WHERE b.imap_url <> '' AND (
                    (b.read_at IS NULL AND \(Self.isEnabled))
                    OR (b.read_at <= $1 AND (\(Self.hasSent("$2")) OR \(Self.hasUnclear)))
                    OR (b.read_at <= $3 AND (\(Self.hasSent("$4")) OR (b.uid_next IS NULL AND \(Self.isEnabled))))
                    OR b.read_at > $5)
                ORDER BY COALESCE(b.read_at, 0), b.provider_id LIMIT $6\(transaction.dialect.skipLocked)
                """,
                (now - pauses.fresh).milliseconds,
                fresh.milliseconds,
                (now - pauses.late).milliseconds,
                late.milliseconds,
                // The clock was set back.
                (now + pauses.late).milliseconds,
                limit
            ).map(\.values)
            let taken = try transaction.query(
                """
                UPDATE mailboxes SET read_at = given.now FROM given WHERE mailboxes.provider_id = given.mailbox
                RETURNING provider_id
                """,
                given: GivenRows(
                    ["mailbox": .integer, "now": .integer],
                    ids.map { $0 + [.integer(now.milliseconds)] }
                )
            ).map { Provider.ID(try $0.integer(0)) }
            return try taken.sorted().map { id in
                ReadingTurn(
                    mailbox: try MailboxStore.find(id, of: nil, in: transaction),
                    position: try Self.position(of: id, in: transaction)
                )
            }
        }
    }

    private static let isEnabled = "b.provider_id IN (SELECT v.id FROM providers v WHERE v.enabled = 1)"
    private static let hasUnclear = """
        b.provider_id IN (SELECT provider_id FROM messages WHERE \(MailboxStore.isUnclearMail))
        """

    private static func hasSent(_ since: String) -> String {
        """
        EXISTS (SELECT 1 FROM messages m
            WHERE m.provider_id = b.provider_id AND m.channel = 'email' AND m.submitted_at >= \(since))
        """
    }

    /// Up to where a mailbox was read; nil for never.
    public func position(of mailbox: Provider.ID) async throws -> MailboxPosition? {
        try await driver.read { try Self.position(of: mailbox, in: $0) }
    }

    private static func position(of mailbox: Provider.ID, in transaction: Transaction) throws -> MailboxPosition? {
        let row = try transaction.first(
            "SELECT uid_validity, uid_next FROM mailboxes WHERE provider_id = $1",
            mailbox.rawValue
        )
        guard let row, let validity = try row.optionalInteger(0), let next = try row.optionalInteger(1) else {
            return nil
        }
        return MailboxPosition(validity: UInt32(truncatingIfNeeded: validity), next: UInt32(truncatingIfNeeded: next))
    }

    /// Applies what was read of a mailbox after a position, and notes the new one. nil where somebody else has read on
    /// from there meanwhile, or the mailbox leads to another server now: then nothing of it counts.
    public func record(_ news: MailboxNews, of turn: ReadingTurn, now: Date) async throws -> BounceCounts? {
        try await driver.write(.guarded) { transaction in
            let id = turn.mailbox.id
            try ReceiptInbox.takeTurn([id], in: transaction)
            let row = try transaction.first(
                """
                UPDATE mailboxes SET uid_validity = $1, uid_next = $2, read_trouble = ''
                WHERE provider_id = $3 AND imap_url = $4 AND COALESCE(uid_validity, 0) = $5 AND COALESCE(uid_next, 0) = $6
                RETURNING provider_id
                """,
                Int64(news.position.validity),
                Int64(news.position.next),
                id.rawValue,
                turn.mailbox.imapURL,
                Int64(turn.position?.validity ?? 0),
                Int64(turn.position?.next ?? 0)
            )
            guard row != nil else { return nil }
            var counts = BounceCounts()
            for report in news.reports {
                let intake = BounceIntake(report: report, mailbox: id, now: now)
                switch try intake.apply(in: transaction) {
                case .bounced: counts.bounced += 1
                case .delayed: counts.delayed += 1
                case .ignored: counts.ignored += 1
                }
            }
            return counts
        }
    }

    /// The mailbox could not be read.
    ///
    /// - Parameter words: what to do; cut to 300 characters.
    public func trouble(_ words: String, of mailbox: Provider.ID) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                "UPDATE mailboxes SET read_trouble = $1 WHERE provider_id = $2",
                String(words.prefix(300)),
                mailbox.rawValue
            )
        }
    }
}
