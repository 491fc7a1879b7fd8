import Database
import Domain
import Foundation

/// How the installation stands, for the operator. Each number costs the same whether there are a thousand messages or
/// a million: it is the end of a key, or a count over a partial index, or stops at ``StorageCounts/most``.
public struct StorageCounts: Hashable, Sendable {
    /// No more rows of one sort than these are looked at.
    public static let most = 100_000

    /// What can be said of a message in one word: its status, or that it has none yet.
    public enum Standing: Hashable, Sendable {
        case status(MessageStatus)
        /// On its way to the provider.
        case underWay
        /// Bytes left and no answer came.
        case unclear
    }

    public let practices: Int
    /// The highest number given so far, erased ones included.
    public let patientsEver: Int
    public let appointmentsEver: Int
    public let messagesEver: Int
    /// Owed; counted up to ``most``.
    public let plannedReminders: Int
    /// Owed and to be looked at now; counted up to ``most``.
    public let dueReminders: Int
    /// Seconds for which the reminder that waits longest has been due; 0 where none is.
    public let dueLag: Double
    /// The messages of the last 24 hours, the newest ``most`` at most.
    public let lastDay: [Standing: Int]
    /// Messages whose outcome is open because an attempt for them got no answer.
    public let unclear: Int
    /// Attempts whose outcome is unknown, since the installation began; counted up to ``most``.
    public let unknownOutcomes: Int
    /// Receipts that no message was found for.
    public let unmatchedReceipts: Int
    /// Calls of providers (webhooks) that nobody has read yet.
    public let waitingHooks: Int
    /// E-mails that left and whose copy is not in the Sent folder yet; counted up to ``most``.
    public let waitingCopies: Int
    /// How many providers do so, as was last told of each.
    public let health: [ProviderHealth.State: Int]
    /// What is held until somebody answers.
    public let held: HoldSummary
}

extension Storage {
    /// How the installation stands now.
    public func counts(now: Date) async throws -> StorageCounts {
        try await driver.read { transaction in
            func number(_ sql: String, _ values: any SQLBindable...) throws -> Int {
                Int(try transaction.query(sql, values: values.map(\.sqlValue)).first?.optionalInteger(0) ?? 0)
            }
            func count(_ rows: String, _ values: any SQLBindable...) throws -> Int {
                let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM \(rows) LIMIT \(StorageCounts.most)) AS counted"
                return Int(try transaction.query(sql, values: values.map(\.sqlValue)).first?.optionalInteger(0) ?? 0)
            }
            let newest = try number("SELECT MAX(id) FROM messages")
            return StorageCounts(
                practices: try number("SELECT COUNT(*) FROM practices"),
                patientsEver: try number("SELECT MAX(id) FROM patients"),
                appointmentsEver: try number("SELECT MAX(id) FROM appointments"),
                messagesEver: newest,
                plannedReminders: try count("reminders WHERE state = 'planned'"),
                dueReminders: try count("reminders WHERE state = 'planned' AND next_at <= $1", now.milliseconds),
                dueLag: try Self.dueLag(now: now, in: transaction),
                lastDay: try Self.lastDay(newest: newest, now: now, in: transaction),
                unclear: try count("messages WHERE unclear = 1"),
                unknownOutcomes: try count("attempts WHERE outcome = 'unknown'"),
                unmatchedReceipts: try count("receipts WHERE message_id IS NULL"),
                waitingHooks: try count("hooks WHERE outcome IS NULL"),
                waitingCopies: try count("mails WHERE copy = 'wanted'"),
                health: try HealthStore.counts(in: transaction),
                held: try HoldStore.summary(in: transaction)
            )
        }
    }

    private static func dueLag(now: Date, in transaction: Transaction) throws -> Double {
        let row = try transaction.first("SELECT MIN(next_at) FROM reminders WHERE state = 'planned'")
        guard let oldest = try row?.optionalInteger(0) else { return 0 }
        return max(0, now.timeIntervalSince(Date(milliseconds: oldest)))
    }

    /// Messages are numbered as they begin, so the newest stand at the end of the primary key.
    private static func lastDay(
        newest: Int,
        now: Date,
        in transaction: Transaction
    ) throws -> [StorageCounts.Standing: Int] {
        var found: [StorageCounts.Standing: Int] = [:]
        let rows = try transaction.query(
            """
            SELECT status, unclear, COUNT(*) FROM messages WHERE id > $1 AND created_at > $2 GROUP BY status, unclear
            """,
            newest - StorageCounts.most,
            (now - 86_400).milliseconds
        )
        for row in rows {
            var reader = RowReader(row)
            let status: MessageStatus? = try reader.optionalWord()
            let isUnclear = try reader.bool()
            found[status.map { .status($0) } ?? (isUnclear ? .unclear : .underWay), default: 0] += Int(
                try reader.integer()
            )
        }
        return found
    }
}
