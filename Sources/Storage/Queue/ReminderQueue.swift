import Database
import Domain
import Foundation

/// Who carries messages, as far as the record of an attempt needs to know.
public struct Carrier: Sendable {
    public let provider: Provider.ID
    /// Whether silence until the validity's end means something.
    public let reportsDelivery: Bool
    /// Seconds until the provider is asked for the first time what became of a message; nil where it cannot be asked.
    public let firstPoll: Double?
    /// Whose numbers it carries, by calling code; nil for all.
    public let callingCodes: Set<Int>?
    /// Where e-mails are carried.
    public let mail: MailCarrier?

    public init(
        _ provider: Provider.ID,
        reportsDelivery: Bool = true,
        firstPoll: Double? = nil,
        callingCodes: Set<Int>? = nil,
        mail: MailCarrier? = nil
    ) {
        self.provider = provider
        self.reportsDelivery = reportsDelivery
        self.firstPoll = firstPoll
        self.callingCodes = callingCodes
        self.mail = mail
    }

    /// The calling code of a number that it does not carry.
    func foreignCode(of context: ReminderContext) -> Int? {
        guard let callingCodes, let code = context.mobile?.callingCode, !callingCodes.contains(code) else { return nil }
        return code
    }
}

/// An attempt that is on record and may now leave.
public struct StartedAttempt: Sendable {
    public let reminderID: Reminder.ID
    /// 1 for the first; later writes about this attempt hold only while it is the newest.
    public let number: Int
    public let message: OutgoingMessage
    public let latestAt: Date
    public let startedAt: Date
}

/// What one look at the queue gave.
public struct StartedBatch: Sendable {
    /// They are durable, and may leave.
    public var attempts: [StartedAttempt] = []
    /// How many due reminders were looked at, with those that were skipped or made to wait.
    public var looked = 0
    /// Rows that cannot be read, such as one whose zone tzdata no longer knows; looked at again later.
    public var unreadable: [Reminder.ID] = []

    public init(looked: Int = 0) { self.looked = looked }
}

/// The reminders that are due, and the attempts to hand them over.
///
/// What is due is picked, decided on and started in one transaction, so that nobody else can hold it meanwhile, nothing
/// can change between what was read and what is committed, and a worker that dies before the commit leaves nothing
/// behind. `next_at` is the one column that says when a planned reminder is to be looked at: its due time, or the end of
/// a back-off. Of equal times the practices take turns.
public struct ReminderQueue: Sendable {
    let driver: any SQLDriver
    /// nil where messages carry no links to patients' pages.
    let links: PatientLinks?

    /// The state of a reminder that is found by its id. Written so that no index of all that is planned can serve it:
    /// while few were, PostgreSQL would keep a plan that reads the whole of that.
    static let isPlanned = "state || '' = 'planned'"

    /// Starts attempts for what is due in a scope. What is not to be sent is skipped or made to wait.
    ///
    /// - Parameters:
    ///   - carrier: who will carry the messages; nil where nobody can.
    ///   - limit: at most so many reminders; attempts are put on record only for what is about to leave.
    ///   - worker: random, one a lane; tells later whose attempts these are.
    ///   - dueBy: what falls due later than this is left alone; nil for now.
    ///   - held: until when the carrier takes nothing: what would leave is put off until then; nil where it takes some.
    public func startDue(
        _ scope: ClaimScope,
        by carrier: Carrier?,
        limit: Int,
        worker: String,
        now: Date,
        dueBy: Date? = nil,
        held: Date? = nil
    ) async throws -> StartedBatch {
        let (condition, scoped) = scope.condition(from: 2, driver.dialect)
        return try await driver.write(.guarded) { transaction in
            let rows = try transaction.query(
                """
                SELECT id FROM reminders WHERE state = 'planned' AND next_at <= $1\(condition)
                ORDER BY next_at, turn, id LIMIT $\(2 + scoped.count)\(transaction.dialect.skipLocked)
                """,
                values: [.integer(min(now, dueBy ?? now).milliseconds)] + scoped + [.integer(Int64(limit))]
            )
            let ids = try rows.map { Reminder.ID(try $0.integer(0)) }
            var batch = StartedBatch(looked: ids.count)
            guard !ids.isEmpty else { return batch }
            var contexts = try ReminderContextReader.contexts(ids: ids, links, in: transaction)
            if let desk = carrier?.mail?.desk { try MailContextReader.fill(&contexts, desk, in: transaction) }
            if contexts.count < ids.count {
                let readable = Set(contexts.map(\.reminder.id))
                batch.unreadable = ids.filter { !readable.contains($0) }
                try Self.putOff(batch.unreadable, until: now + DecisionBatch.waitingPause, in: transaction)
            }
            var attempts = AttemptBatch(carrier: carrier, worker: worker, now: now)
            batch.attempts = try Self.decide(contexts, by: carrier, held, &attempts, now: now, in: transaction)
            return batch
        }
    }

    /// Composes what may leave and puts its attempts on record; the others are skipped, or wait.
    private static func decide(
        _ contexts: [ReminderContext],
        by carrier: Carrier?,
        _ held: Date?,
        _ attempts: inout AttemptBatch,
        now: Date,
        in transaction: Transaction
    ) throws -> [StartedAttempt] {
        var others = DecisionBatch(now: now)
        var allowance = MonthlyAllowance(now: now)
        for var context in contexts {
            context.limitReached = try allowance.isSpent(for: context, in: transaction)
            switch MessageComposer.compose(
                context,
                hasProvider: carrier != nil,
                mailbox: carrier?.mail?.mailbox,
                now: now
            ) {
            case .message(let composed):
                if let code = carrier?.foreignCode(of: context) {
                    others.reroute(context.reminder, to: code)
                    continue
                }
                if let held {
                    others.hold(context.reminder, until: held)
                    continue
                }
                attempts.add(composed, context)
                allowance.spend(composed.segments, context.reminder.practiceID)
            case .skip(let reason): others.skip(context.reminder, reason)
            case .wait(let reason):
                others.wait(context.reminder, reason)
                // Perhaps nobody carries it because it was taken for another country's.
                if carrier == nil, reason == .noProvider, let code = context.mobile?.callingCode {
                    others.reroute(context.reminder, to: code)
                }
            case .putOff(let until): others.putOff(context.reminder, until: until)
            }
        }
        let started = try attempts.write(in: transaction)
        try others.write(in: transaction)
        return started
    }

    /// When the next planned reminder is to be looked at, whosever it is; nil where none is planned.
    public func nextDue() async throws -> Date? {
        try await driver.read { transaction in
            try transaction.first("SELECT next_at FROM reminders WHERE state = 'planned' ORDER BY next_at LIMIT 1")
                .map { Date(milliseconds: try $0.integer(0)) }
        }
    }

    /// How many reminders of a scope are due, counted up to a limit, and the earliest of their latest times.
    public func backlog(
        _ scope: ClaimScope,
        at now: Date,
        limit: Int
    ) async throws -> (count: Int, earliestLatest: Date?) {
        let (condition, scoped) = scope.condition(from: 2, driver.dialect)
        return try await driver.read { transaction in
            let row = try transaction.first(
                """
                SELECT COUNT(*), MIN(latest_at) FROM (
                    SELECT latest_at FROM reminders WHERE state = 'planned' AND next_at <= $1\(condition)
                    ORDER BY next_at, turn, id LIMIT $\(2 + scoped.count)) AS due
                """,
                values: [.integer(now.milliseconds)] + scoped + [.integer(Int64(limit))]
            )
            guard let row else { return (0, nil) }
            return (Int(try row.integer(0)), try row.optionalInteger(1).map { Date(milliseconds: $0) })
        }
    }

    /// Puts off what would be looked at first in a scope: it could not be started, and must not hold up what comes after.
    public func putOffFirst(_ scope: ClaimScope, now: Date) async throws -> Reminder.ID? {
        let (condition, scoped) = scope.condition(from: 2, driver.dialect)
        return try await driver.write(.guarded) { transaction in
            let row = try transaction.first(
                """
                SELECT id FROM reminders WHERE state = 'planned' AND next_at <= $1\(condition)
                ORDER BY next_at, turn, id LIMIT 1\(transaction.dialect.skipLocked)
                """,
                values: [.integer(now.milliseconds)] + scoped
            )
            guard let row else { return nil }
            let id = Reminder.ID(try row.integer(0))
            try Self.putOff([id], until: now + DecisionBatch.waitingPause, in: transaction)
            return id
        }
    }

    /// Looks again, at once, at what waits for a provider: one has come.
    public func wakeWaitingForProvider(at now: Date) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                """
                UPDATE reminders SET next_at = due_at
                WHERE state = 'planned' AND next_at <= $1 AND reason = 'no_provider'
                """,
                (now + DecisionBatch.waitingPause).milliseconds
            )
        }
    }

    /// Whether any message waits for news from its provider.
    public func awaitsReceipts(at now: Date) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first(
                "SELECT 1 FROM messages WHERE status = 'submitted' AND expires_at > $1 LIMIT 1",
                now.milliseconds
            ) != nil
        }
    }

    /// A ring each time something was planned that may be due at once.
    public func planned() -> AsyncStream<Void> { driver.announcements(of: .reminders) }

    private static func putOff(_ ids: [Reminder.ID], until next: Date, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE reminders SET next_at = $1 WHERE id = $2 AND \(isPlanned)",
            each: ids.map { [.integer(next.milliseconds), .integer($0.rawValue)] }
        )
    }
}
