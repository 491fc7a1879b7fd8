import Database
import Domain
import Foundation

extension MailboxStore {
    /// How many e-mails may leave by a mailbox now, by its options and by what its server said of late.
    public func room(of mailbox: Mailbox, now: Date) async throws -> SendingRoom {
        try await driver.read { transaction in
            let record = try LimitRecord(mailbox.id, now: now, in: transaction)
            let limits = SendingLimits(set: mailbox.setLimits, learned: record.trusted)
            var sent: [SendingLimit: SendingLimits.Sent] = [:]
            for limit in SendingLimit.allCases {
                guard let most = limits[limit] else { continue }
                sent[limit] = try Self.sent(mailbox.id, in: limit, most: most, now: now, in: transaction)
            }
            return limits.room(after: sent, heldUntil: record.heldUntil, now: now)
        }
    }

    /// The server says that the account has sent all it may: nothing leaves by it for a while, and how many it took is
    /// remembered. Several such answers at once count as one.
    public func limited(_ limit: SendingLimit, of mailbox: Provider.ID, now: Date) async throws {
        try await driver.write(.guarded) { transaction in
            let record = try LimitRecord(mailbox, now: now, in: transaction)
            let row = try transaction.first(
                """
                SELECT COUNT(*), MIN(submitted_at) FROM messages
                WHERE provider_id = $1 AND channel = 'email' AND submitted_at > $2
                """,
                mailbox.rawValue,
                (now - limit.seconds).milliseconds
            )
            var learned = record.learned
            learned[limit] = SendingLimits.learned(sent: Int(try row?.integer(0) ?? 0), before: learned[limit])
            let oldest = try row?.optionalInteger(1).map { Date(milliseconds: $0) }
            let until = max(SendingLimits.hold(limit, oldest: oldest, now: now), record.heldUntil ?? now)
            _ = try transaction.execute(
                """
                UPDATE mailboxes SET learned_hour = $1, learned_day = $2, learned_at = $3, held_until = $4
                WHERE provider_id = $5
                """,
                learned[.hour],
                learned[.day],
                now.milliseconds,
                until.milliseconds,
                mailbox.rawValue
            )
        }
    }

    private static func sent(
        _ mailbox: Provider.ID,
        in limit: SendingLimit,
        most: Int,
        now: Date,
        in transaction: Transaction
    ) throws -> SendingLimits.Sent {
        let since = (now - limit.seconds).milliseconds
        let accepted = try transaction.first(
            """
            SELECT COUNT(*) FROM messages WHERE provider_id = $1 AND channel = 'email' AND submitted_at > $2
            """,
            mailbox.rawValue,
            since
        )
        // What is under way, and what may have left, counts too. Each is found by the index of its own.
        let open = try transaction.first(
            "SELECT COUNT(*) FROM attempts WHERE ended_at IS NULL AND provider_id + 0 = $1",
            mailbox.rawValue
        )
        let unknown = try transaction.first(
            "SELECT COUNT(*) FROM attempts WHERE outcome = 'unknown' AND started_at > $1 AND provider_id + 0 = $2",
            since,
            mailbox.rawValue
        )
        let count = try [accepted, open, unknown].reduce(0) { $0 + Int(try $1?.integer(0) ?? 0) }
        guard count >= most else { return SendingLimits.Sent(count: count) }
        let blocking = try transaction.first(
            """
            SELECT submitted_at FROM messages WHERE provider_id = $1 AND channel = 'email' AND submitted_at > $2
            ORDER BY submitted_at DESC LIMIT 1 OFFSET $3
            """,
            mailbox.rawValue,
            since,
            most - 1
        )
        return SendingLimits.Sent(count: count, blocking: try blocking.map { Date(milliseconds: try $0.integer(0)) })
    }
}

/// What is on record of a mailbox's limits and still holds.
private struct LimitRecord {
    let learned: [SendingLimit: Int]
    /// What is kept to now.
    let trusted: [SendingLimit: Int]
    let heldUntil: Date?

    init(_ mailbox: Provider.ID, now: Date, in transaction: Transaction) throws {
        let row = try transaction.first(
            "SELECT learned_hour, learned_day, learned_at, held_until FROM mailboxes WHERE provider_id = $1",
            mailbox.rawValue
        )
        guard let row else { throw StorageError.notFound }
        var reader = RowReader(row)
        var learned: [SendingLimit: Int] = [:]
        learned[.hour] = try reader.optionalInteger().map { Int($0) }
        learned[.day] = try reader.optionalInteger().map { Int($0) }
        let learnedAt = try reader.optionalDate() ?? .distantPast
        let age = now.timeIntervalSince(learnedAt)
        self.learned = age < SendingLimits.memory ? learned : [:]
        trusted = self.learned.mapValues { SendingLimits.trusted($0, after: age) }
        // One that ends later than any hold lasts was begun before the clock was set back.
        heldUntil = try reader.optionalDate().flatMap { (now..<now + 86_400).contains($0) ? $0 : nil }
    }
}
