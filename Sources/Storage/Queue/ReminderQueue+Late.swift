import Database
import Domain
import Foundation

/// An attempt as it stands on record.
private struct OpenAttempt {
    let reminder: Reminder.ID
    let message: Message.ID
    let number: Int
    let provider: Provider.ID
    let channel: Channel
    let startedAt: Date
    let latestAt: Date

    static let select = """
        SELECT r.id, a.message_id, a.number, a.provider_id, m.channel, a.started_at, r.latest_at
        FROM attempts a JOIN messages m ON m.id = a.message_id JOIN reminders r ON r.id = m.reminder_id
        """

    init(_ row: SQLRow) throws {
        var reader = RowReader(row)
        reminder = try reader.id()
        message = try reader.id()
        number = Int(try reader.integer())
        provider = try reader.id()
        channel = try reader.word()
        startedAt = try reader.date()
        latestAt = try reader.date()
    }
}

extension AttemptOutcome {
    /// As it was found on record, by another than the one who started it.
    fileprivate init(_ row: OpenAttempt, outcome: SendOutcome, next: RetryPolicy.Next, at: Date) {
        reminder = row.reminder
        message = row.message
        number = row.number
        startedAt = row.startedAt
        latestAt = row.latestAt
        provider = row.provider
        channel = row.channel
        self.outcome = outcome
        self.next = next
        self.at = at
    }
}

extension ReminderQueue {
    /// Notes an answer that came after the outcome was given as unknown. One of another provider's attempt is passed over:
    /// what calls itself an answer may come from anybody's account.
    ///
    /// - Parameter jitter: 0..<1, for the pause before the next attempt where the answer was "not now".
    public func note(_ late: LateAnswer, from provider: Provider.ID, jitter: Double, at now: Date) async throws {
        let rows = try await driver.read { transaction in
            try transaction.query(
                OpenAttempt.select
                    + " WHERE a.message_id = $1 AND a.number = $2 AND a.provider_id = $3"
                    + " AND (a.outcome = 'unknown' OR a.ended_at IS NULL)",
                late.message.rawValue,
                late.attempt,
                provider.rawValue
            )
        }
        let next = RetryPolicy.next(late.outcome, attempt: late.attempt, now: now, jitter: jitter)
        try await note(
            rows.map { AttemptOutcome(try OpenAttempt($0), outcome: late.outcome, next: next, at: now) }
        )
    }

    /// Takes back attempts that a worker put on record without learning that they were: the connection to the database
    /// broke at the commit. They surely have not left, and are due again at once.
    ///
    /// - Parameter leaving: the worker's attempts that are on their way.
    public func recall(
        worker: String,
        provider: Provider.ID,
        butFor leaving: Set<AttemptName>,
        at now: Date
    ) async throws -> Int {
        let rows = try await driver.read { transaction in
            try transaction.query(
                OpenAttempt.select + " WHERE a.ended_at IS NULL AND a.worker = $1 AND a.provider_id = $2",
                worker,
                provider.rawValue
            )
        }
        let outcomes = try rows.map { row in
            AttemptOutcome(
                try OpenAttempt(row),
                outcome: .unreachable(detail: "never left"),
                next: .retry(.serviceUnreachable, at: now),
                at: now
            )
        }.filter { !leaving.contains($0.name) }
        if !outcomes.isEmpty { try await note(outcomes) }
        return outcomes.count
    }
}
