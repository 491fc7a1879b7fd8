import Database
import Domain
import Foundation

/// What was found and mended in one round.
public struct RescueReport: Hashable, Sendable {
    /// Attempts whose worker ended without noting an outcome.
    public var orphaned = 0
    /// Messages with an unknown outcome that are sent once more, marked.
    public var resent = 0
    /// Unknown outcomes that stayed without evidence.
    public var unresolved = 0
    /// Messages without news by the end of their validity.
    public var expired = 0
    /// Receipts whose message was found by another spelling of its id, or as evidence of an unknown outcome.
    public var matched = 0

    public init() {}

    public var isEmpty: Bool { self == RescueReport() }
}

/// Picks up what a worker left behind: attempts without an outcome, outcomes without evidence, messages without news.
public struct RescueStore: Sendable {
    let driver: any SQLDriver

    /// At most this many rows of each sort a round, so that a round stays short.
    private static let roundSize = 500

    /// - Parameters:
    ///   - lease: seconds after which an attempt without an outcome has lost its worker.
    ///   - evidenceWindow: seconds for which evidence of an unknown outcome is awaited.
    ///   - providers: whose unknown outcomes are judged before their latest time; nil for all.
    public func round(
        now: Date,
        lease: Double,
        evidenceWindow: Double,
        judging providers: [Provider.ID]? = nil
    ) async throws -> RescueReport {
        try await driver.write(.guarded) { transaction in
            var report = RescueReport()
            report.orphaned = try Self.orphans(before: now - lease, now: now, in: transaction)
            // Evidence first: what it settles is not sent again.
            report.matched = try Evidence.match(now: now, in: transaction)
            let judged = UnknownScope(before: now - evidenceWindow, providers: providers, now: now)
            for unknown in try Self.unknowns(judged, in: transaction) {
                if unknown.maySendAgain(at: now) {
                    report.resent += try Self.sendAgain(unknown, now: now, in: transaction)
                } else {
                    report.unresolved += try Self.giveUp(unknown, in: transaction)
                }
            }
            report.expired = try Self.expire(now: now, in: transaction)
            return report
        }
    }

    /// The provider can be reached, for the first time or again: what it kept for us comes now, so evidence is awaited
    /// from here on. What was to be sent once more and has not left waits again, too.
    public func bound(_ provider: Provider.ID, at now: Date) async throws {
        try await driver.write(.guarded) { transaction in
            try transaction.execute(
                """
                INSERT INTO binds (provider_id, bound_at) VALUES ($1, $2)
                ON CONFLICT (provider_id, bound_at) DO NOTHING
                """,
                provider.rawValue,
                now.milliseconds
            )
            try transaction.execute(
                """
                UPDATE reminders SET state = 'started'
                WHERE \(ReminderQueue.isPlanned) AND id IN (
                    SELECT m.reminder_id FROM messages m
                    WHERE m.unclear = 1 AND m.possibly_twice = 0 AND EXISTS (
                        SELECT 1 FROM attempts a
                        WHERE a.message_id = m.id AND a.provider_id = $1 AND a.outcome || '' = 'unknown'))
                """,
                provider.rawValue
            )
        }
    }

    /// Whether any outcome is unknown.
    public func hasUnclear() async throws -> Bool {
        try await driver.read { try $0.first("SELECT 1 FROM messages WHERE unclear = 1 LIMIT 1") != nil }
    }

    /// Forgets binds that no open question can go back to.
    public func dropBinds(before instant: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            try transaction.execute("DELETE FROM binds WHERE bound_at < $1", instant.milliseconds)
        }
    }

    /// An attempt whose worker was lost: the bytes may have left, so the outcome is unknown.
    private static func orphans(before instant: Date, now: Date, in transaction: Transaction) throws -> Int {
        let rows = try transaction.query(
            """
            SELECT message_id, number FROM attempts WHERE ended_at IS NULL AND started_at < $1
            ORDER BY started_at LIMIT $2\(transaction.dialect.skipLocked)
            """,
            instant.milliseconds,
            roundSize
        )
        try transaction.execute(
            """
            UPDATE attempts SET outcome = 'unknown', ended_at = $1, detail = 'worker_lost'
            WHERE message_id = $2 AND number = $3 AND ended_at IS NULL
            """,
            each: rows.map { [.integer(now.milliseconds)] + $0.values }
        )
        let orphans = try rows.map { (message: Message.ID(try $0.integer(0)), number: Int(try $0.integer(1))) }
        try ReminderQueue.markUnclear(orphans, in: transaction)
        return rows.count
    }

    /// Which unknown outcomes are judged.
    private struct UnknownScope {
        /// Evidence was awaited since then.
        let before: Date
        /// nil for all.
        let providers: [Provider.ID]?
        let now: Date
    }

    private struct Unknown {
        let reminder: Reminder.ID
        /// The newest attempt when it was read; the unknown one may be older.
        let number: Int64
        let latestAt: Date
        let possiblyTwice: Bool
        let resends: Bool
        let state: Reminder.State

        func maySendAgain(at now: Date) -> Bool {
            state == .started && resends && !possiblyTwice && now <= latestAt
        }
    }

    /// Unclear messages whose last attempt was found to be without an answer, and whose provider was bound next after
    /// it, longer ago than the evidence window. For a worker that was lost this counts from when that was noticed, so that
    /// its provider can speak first. A receipt that may be the evidence is waited for, too, until it was looked at. A
    /// reminder that was cancelled or moved while it waited to be sent again is skipped
    /// by now; its message still wants an end.
    private static func unknowns(_ scope: UnknownScope, in transaction: Transaction) throws -> [Unknown] {
        let judged = transaction.dialect.isOne("COALESCE(a.provider_id, 0)", of: "$3")
        return try transaction.query(
            """
            SELECT r.id, m.attempts, r.latest_at, m.possibly_twice, p.resends_unknown, r.state
            FROM messages m
            JOIN attempts a ON a.message_id = m.id AND a.number = (
                SELECT MAX(t.number) FROM attempts t WHERE t.message_id = m.id AND t.outcome || '' = 'unknown')
            JOIN reminders r ON r.id = m.reminder_id
            JOIN practices p ON p.id = m.practice_id
            WHERE m.unclear = 1 AND a.ended_at < $1
                AND NOT EXISTS (
                    SELECT 1 FROM attempts t WHERE t.message_id = m.id AND COALESCE(t.ended_at, 0) = 0)
                AND NOT EXISTS (SELECT 1 FROM receipts e WHERE e.message_id IS NULL AND e.provider_id = a.provider_id
                    AND e.recipient = m.recipient AND e.received_at >= $2)
                AND COALESCE((SELECT MIN(b.bound_at) FROM binds b
                    WHERE b.provider_id = a.provider_id AND b.bound_at > a.started_at), 0) < $1
                AND r.state IN ('started', 'skipped') AND (\(judged) OR $4 = 1 OR r.latest_at < $5)
            ORDER BY a.started_at, m.id LIMIT $6
            """,
            values: [
                .integer(scope.before.milliseconds), .integer((scope.now - Evidence.patience).milliseconds),
                .integers(scope.providers?.map(\.rawValue) ?? []), (scope.providers == nil).sqlValue,
                .integer(scope.now.milliseconds), .integer(Int64(roundSize)),
            ]
        ).map { row in
            var reader = RowReader(row)
            return Unknown(
                reminder: try reader.id(),
                number: try reader.integer(),
                latestAt: try reader.date(),
                possiblyTwice: try reader.bool(),
                resends: try reader.bool(),
                state: try reader.word()
            )
        }
    }

    /// Begins the condition that nothing has happened since the attempt was read as unknown: another node may have judged
    /// it meanwhile. A number and a parenthesis close it.
    private static let stillUnknown = """
        EXISTS (SELECT 1 FROM messages m WHERE m.reminder_id = reminders.id AND m.unclear = 1
            AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.message_id = m.id AND COALESCE(t.ended_at, 0) = 0)
            AND m.attempts = 
        """

    private static func sendAgain(_ unknown: Unknown, now: Date, in transaction: Transaction) throws -> Int {
        try transaction.announce(.reminders)
        return try transaction.execute(
            """
            UPDATE reminders SET state = 'planned', next_at = $1
            WHERE id = $2 AND state = 'started' AND \(stillUnknown)$3)
            """,
            now.milliseconds,
            unknown.reminder.rawValue,
            unknown.number
        )
    }

    private static func giveUp(_ unknown: Unknown, in transaction: Transaction) throws -> Int {
        if unknown.state == .started {
            let changed = try transaction.execute(
                """
                UPDATE reminders SET state = 'settled' WHERE id = $1 AND state = 'started' AND \(stillUnknown)$2)
                """,
                unknown.reminder.rawValue,
                unknown.number
            )
            guard changed == 1 else { return 0 }
        }
        return try presumeFailed([unknown.reminder], in: transaction)
    }

    /// No evidence came, and none will be made by sending again: shown as failed, until a late receipt knows better.
    @discardableResult
    static func presumeFailed(_ reminders: [Reminder.ID], in transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            UPDATE messages SET status = 'provider_error', unclear = 0, presumed = 1
            FROM given WHERE messages.reminder_id = given.reminder AND unclear = 1 AND status IS NULL
            """,
            given: GivenRows(["reminder": .integer], reminders.map { [.integer($0.rawValue)] })
        )
    }

    private static func expire(now: Date, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            """
            UPDATE messages SET status = 'expired', presumed = 1 WHERE status = 'submitted' AND id IN (
                SELECT id FROM messages WHERE status = 'submitted' AND expires_at < $1 LIMIT $2)
            """,
            now.milliseconds,
            roundSize
        )
    }
}
