import Database
import Domain
import Foundation

/// A reminder that a worker has taken on for the length of its lease.
public struct Claim: Hashable, Sendable {
    public let id: Reminder.ID
    public let practiceID: Practice.ID
    public let channel: Channel
}

/// An attempt that is on record and may now leave.
public struct StartedAttempt: Sendable {
    public let reminderID: Reminder.ID
    public let number: Int
    public let message: OutgoingMessage
    public let latestAt: Date
    /// Who may write its outcome.
    public let token: String
    public let startedAt: Date
}

/// The reminders that are due: claimed in batches, started in batches, their outcomes noted in batches.
///
/// `next_at` is the one column that says when a planned reminder is to be looked at: its due time, the end of the lease
/// that a worker has on it, or the end of a back-off.
public struct ReminderQueue: Sendable {
    let driver: any SQLDriver

    /// How long a reminder that waits for a reason to pass is left alone, in seconds.
    static let waitingPause = 30.0
    /// The same for a practice that is paused, in seconds: who resumes it wakes what waits, at once.
    static let pausedPause = 900.0

    /// Takes on what is due in a scope, the longest due first.
    ///
    /// - Parameters:
    ///   - lease: seconds after which another worker may take it on.
    ///   - token: random, one a process; proves later that the claim still holds.
    public func claimDue(
        _ scope: ClaimScope = .all,
        at now: Date,
        limit: Int,
        lease: Double,
        token: String
    ) async throws -> [Claim] {
        // Parameters are numbered in the order in which they stand in the statement.
        let (condition, ids) = scope.condition(from: 4)
        return try await driver.write { transaction in
            try transaction.query(
                """
                UPDATE reminders SET claim_token = $1, next_at = $2 WHERE id IN (
                    SELECT id FROM reminders WHERE state = 'planned' AND next_at <= $3\(condition)
                    ORDER BY next_at, id LIMIT $\(4 + ids.count)\(transaction.dialect.skipLocked)
                ) RETURNING id, practice_id, channel
                """,
                values: [.text(token), .integer((now + lease).milliseconds), .integer(now.milliseconds)] + ids
                    + [.integer(Int64(limit))]
            ).map { row in
                var reader = RowReader(row)
                return Claim(id: try reader.id(), practiceID: try reader.id(), channel: try reader.word())
            }
        }
    }

    /// Looks again, at once, at what waits for a provider: one has come.
    public func wakeWaitingForProvider(at now: Date) async throws {
        try await driver.write { transaction in
            _ = try transaction.execute(
                """
                UPDATE reminders SET next_at = due_at
                WHERE state = 'planned' AND next_at <= $1 AND reason = 'no_provider' AND claim_token IS NULL
                """,
                (now + Self.waitingPause).milliseconds
            )
        }
    }

    /// Whether anything is due, without touching it.
    public func hasDue(at now: Date) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first(
                "SELECT 1 FROM reminders WHERE state = 'planned' AND next_at <= $1 LIMIT 1",
                now.milliseconds
            ) != nil
        }
    }

    /// Whether any message waits for news from its provider.
    public func awaitsReceipts(at now: Date) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first(
                "SELECT 1 FROM messages WHERE status = 'submitted' AND expires_at > $1 LIMIT 1",
                now.milliseconds
            )
                != nil
        }
    }

    /// Lets go of claims that will not be started.
    public func release(_ ids: [Reminder.ID], token: String) async throws {
        _ = try await driver.write { transaction in
            try transaction.execute(
                """
                UPDATE reminders SET claim_token = NULL, next_at = due_at
                WHERE id = $1 AND claim_token = $2 AND state = 'planned'
                """,
                each: ids.map { [.integer($0.rawValue), .text(token)] }
            )
        }
    }

    /// Reads everything afresh, decides, and puts the attempts on record, all in one transaction: nothing can change
    /// between what was read and what is committed. What is not to be sent is skipped or made to wait.
    ///
    /// - Parameters:
    ///   - provider: who will carry the messages; nil where nobody can.
    ///   - expectsReceipts: whether silence until the validity's end will mean something.
    /// - Returns: the attempts that may leave now; they are durable.
    public func start(
        _ ids: [Reminder.ID],
        provider: Provider.ID?,
        expectsReceipts: Bool = true,
        token: String,
        now: Date
    ) async throws -> [StartedAttempt] {
        try await driver.write { transaction in
            let held = try Self.held(ids, token: token, in: transaction)
            let contexts = try ReminderContextReader.contexts(ids: held, in: transaction)
            var started: [StartedAttempt] = []
            for context in contexts {
                let decision = MessageComposer.compose(context, hasProvider: provider != nil, now: now)
                switch decision {
                case .message(let composed):
                    started.append(
                        try AttemptRecord(
                            context: context,
                            composed: composed,
                            provider: provider,
                            expectsReceipts: expectsReceipts,
                            token: token,
                            now: now
                        ).write(in: transaction)
                    )
                case .skip(let reason):
                    try Self.skip(context.reminder, reason, token: token, in: transaction)
                case .wait(let reason):
                    // Just after the latest time it is looked at once more, and ends as too late.
                    let pause = reason == .practicePaused ? Self.pausedPause : Self.waitingPause
                    let next = min(now + pause, context.reminder.latestAt + 0.001)
                    try Self.wait(context.reminder, reason, until: next, token: token, in: transaction)
                case .putOff(let until):
                    try Self.wait(context.reminder, nil, until: until, token: token, in: transaction)
                }
            }
            return started
        }
    }

    /// Which of the claims still hold.
    private static func held(_ ids: [Reminder.ID], token: String, in transaction: Transaction) throws -> [Reminder.ID] {
        let rows = try transaction.query(
            "SELECT id FROM reminders WHERE claim_token = $1 AND state = 'planned' AND id IN (\(placeholders(ids.count, from: 2)))",
            values: [.text(token)] + ids.map { .integer($0.rawValue) }
        )
        return try rows.map { Identifier(try $0.integer(0)) }
    }

    private static func skip(
        _ reminder: Reminder,
        _ reason: SkipReason,
        token: String,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = $1, claim_token = NULL
            WHERE id = $2 AND claim_token = $3 AND state = 'planned'
            """,
            reason.rawValue,
            reminder.id.rawValue,
            token
        )
        // It was to be sent once more after an unknown outcome; now nothing will tell what became of the first time.
        if let message = reminder.messageID {
            _ = try RescueStore.presumeFailed(message.rawValue, in: transaction)
        }
    }

    private static func wait(
        _ reminder: Reminder,
        _ reason: SkipReason?,
        until next: Date,
        token: String,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE reminders SET reason = $1, next_at = $2, claim_token = NULL
            WHERE id = $3 AND claim_token = $4 AND state = 'planned'
            """,
            reason?.rawValue,
            next.milliseconds,
            reminder.id.rawValue,
            token
        )
    }
}

/// `$from, $from+1, …`: as many as there are values.
func placeholders(_ count: Int, from first: Int) -> String {
    (first..<first + count).map { "$\($0)" }.joined(separator: ", ")
}
