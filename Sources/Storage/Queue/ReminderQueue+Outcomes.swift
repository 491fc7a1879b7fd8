import Database
import Domain
import Foundation

/// The outcome of one attempt, with what follows from it.
public struct AttemptOutcome: Sendable {
    public let reminder: Reminder.ID
    public let message: Message.ID
    /// The attempt's number.
    public let number: Int
    /// When the attempt was put on record.
    public let startedAt: Date
    /// Later than this the message is not sent again.
    public let latestAt: Date
    public let provider: Provider.ID
    public let channel: Channel
    public let outcome: SendOutcome
    public let next: RetryPolicy.Next
    public let at: Date

    public var name: AttemptName { AttemptName(message, number) }

    public init(
        _ attempt: StartedAttempt,
        provider: Provider.ID,
        outcome: SendOutcome,
        next: RetryPolicy.Next,
        at: Date
    ) {
        reminder = attempt.reminderID
        message = attempt.message.id
        number = attempt.number
        startedAt = attempt.startedAt
        latestAt = attempt.latestAt
        channel = attempt.message.mail == nil ? .sms : .email
        self.provider = provider
        self.outcome = outcome
        self.next = next
        self.at = at
    }

    /// Begins the condition that no newer attempt has been made since; a number and a parenthesis close it.
    fileprivate static let isNewest =
        "EXISTS (SELECT 1 FROM messages m WHERE m.reminder_id = reminders.id AND m.attempts = "
}

extension ReminderQueue {
    /// Notes what became of attempts, together. The attempt always takes its outcome, also from a worker that was
    /// thought to be lost; the message and the reminder move only where the attempt is still the newest, or where it
    /// was accepted after all. Receipts that overtook their answer are applied here.
    public func note(_ outcomes: [AttemptOutcome]) async throws {
        try await driver.write(.guarded) { transaction in
            try ReceiptInbox.takeTurn(outcomes.map(\.provider), in: transaction)
            let ended = try Self.noteAttempts(outcomes, in: transaction)
            var settled: [(AttemptOutcome, MessageStatus)] = []
            var accepted: [AcceptedAttempt] = []
            var again: [(AttemptOutcome, MessageStatus, Date)] = []
            var unclear: [AttemptOutcome] = []
            for (outcome, ended) in zip(outcomes, ended) {
                switch (outcome.next, outcome.outcome) {
                case (.settle, .accepted(let reference, let price)):
                    accepted.append(AcceptedAttempt(outcome, reference, price: price, ended))
                case (.settle(let status), _): settled.append((outcome, status))
                case (.retry(let status, let at), _): again.append((outcome, status, at))
                case (.awaitEvidence, _): unclear.append(outcome)
                }
            }
            try Self.accept(accepted, in: transaction)
            try Self.settle(settled, in: transaction)
            try Self.planAgain(again, in: transaction)
            try Self.markUnclear(unclear.map { ($0.message, $0.number) }, in: transaction)
        }
    }

    /// Tells what each was before; one that was taken for unknown meanwhile takes its outcome still.
    private static func noteAttempts(
        _ outcomes: [AttemptOutcome],
        in transaction: Transaction
    ) throws -> [AcceptedAttempt.Before] {
        // As with `isPlanned`: found by the key, and not by an index of all that is open or unknown.
        let open = try end(outcomes, where: "COALESCE(ended_at, 0) = 0", in: transaction)
        let late = outcomes.indices.filter { !open[$0] }
        let learnt = try end(late.map { outcomes[$0] }, where: "outcome || '' = 'unknown'", in: transaction)
        var before = open.map { $0 ? AcceptedAttempt.Before.open : .known }
        for (index, learnt) in zip(late, learnt) where learnt { before[index] = .unknown }
        return before
    }

    private static func end(
        _ outcomes: [AttemptOutcome],
        where state: String,
        in transaction: Transaction
    ) throws -> [Bool] {
        let rows = try transaction.query(
            """
            UPDATE attempts SET ended_at = given.ended, outcome = given.result, detail = given.words
            FROM given WHERE attempts.message_id = given.message AND attempts.number = given.attempt AND \(state)
            RETURNING message_id, number
            """,
            given: GivenRows(
                ["ended": .integer, "result": .text, "words": .text, "message": .integer, "attempt": .integer],
                outcomes.map { outcome in
                    [
                        .integer(outcome.at.milliseconds), .text(outcome.outcome.word), .text(outcome.outcome.detail),
                        .integer(outcome.message.rawValue), .integer(Int64(outcome.number)),
                    ]
                }
            )
        )
        let ended = Set(rows.map(\.values))
        return outcomes.map { ended.contains([.integer($0.message.rawValue), .integer(Int64($0.number))]) }
    }

    /// The reminder stays started: what became of it stands in its message from here on. A late acceptance also ends one
    /// that was planned again meanwhile. Of an e-mail that was accepted nobody can be asked for news.
    private static func accept(_ attempts: [AcceptedAttempt], in transaction: Transaction) throws {
        guard !attempts.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE messages SET status = 'submitted', unclear = 0, presumed = 0, provider_id = given.provider,
                provider_message_id = given.raw, receipt_key = given.spelling, submitted_at = given.submitted,
                price = COALESCE(given.cost, price), currency = COALESCE(given.unit, currency),
                poll_at = CASE WHEN channel = 'email' THEN NULL ELSE poll_at END
            FROM given WHERE messages.id = given.message
                AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused') OR presumed = 1)
            """,
            given: GivenRows(
                [
                    "provider": .integer, "raw": .text, "spelling": .text, "submitted": .integer, "message": .integer,
                    "cost": .integer, "unit": .text,
                ],
                attempts.map { attempt in
                    [
                        .integer(attempt.provider.rawValue), .text(attempt.reference.raw),
                        .text(attempt.reference.key), .integer(attempt.at.milliseconds),
                        .integer(attempt.message.rawValue), (attempt.price?.micros).sqlValue,
                        (attempt.price?.currency).sqlValue,
                    ]
                }
            )
        )
        if let at = attempts.map(\.at).max() {
            try UsageStore.count(attempts.filter(\.isNews).map(\.message), at: at, in: transaction)
        }
        try transaction.execute(
            "UPDATE reminders SET state = 'settled' WHERE id = $1 AND state IN ('started', 'planned')",
            each: attempts.filter(\.isLate).map { [.integer($0.reminder.rawValue)] }
        )
        let mails = attempts.filter { $0.channel == .email }
        try MailBytes.left(mails.map { ($0.message, $0.at) }, in: transaction)
        try MessageParts.insert(attempts, in: transaction)
        try ReceiptInbox.applyEarly(attempts, in: transaction)
    }

    private static func settle(_ outcomes: [(AttemptOutcome, MessageStatus)], in transaction: Transaction) throws {
        let changed = try transaction.execute(
            """
            UPDATE reminders SET state = 'settled'
            WHERE id = $1 AND state IN ('started', 'planned') AND \(AttemptOutcome.isNewest)$2)
            """,
            each: outcomes.map { [.integer($0.0.reminder.rawValue), .integer(Int64($0.0.number))] }
        )
        let mails = zip(outcomes, changed).filter { $0.0.channel == .email && $1 == 1 }
        try MailBytes.drop(mails.map(\.0.0.message), in: transaction)
        try transaction.execute(
            """
            UPDATE messages SET status = $1, unclear = 0, presumed = 0
            WHERE id = $2 AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused') OR presumed = 1)
            """,
            each: zip(outcomes, changed).filter { $1 == 1 }
                .map { outcome, _ in [.text(outcome.1.rawValue), .integer(outcome.0.message.rawValue)] }
        )
        try RefusedRecipients.note(mails.map(\.0.0), in: transaction)
    }

    private static func planAgain(
        _ outcomes: [(AttemptOutcome, MessageStatus, Date)],
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'planned', next_at = $1
            WHERE id = $2 AND state = 'started' AND \(AttemptOutcome.isNewest)$3)
            """,
            each: outcomes.map { outcome, _, at in
                let next = min(at, max(outcome.latestAt, outcome.at) + 0.001)
                return [
                    .integer(next.milliseconds), .integer(outcome.reminder.rawValue), .integer(Int64(outcome.number)),
                ]
            }
        )
        // An attempt that did not leave makes nothing clear that is unclear by an earlier one, and marks nothing.
        let mayHaveLeft = """
            (SELECT COUNT(*) FROM attempts t WHERE t.message_id = messages.id
                AND (t.outcome IS NULL OR t.outcome IN ('accepted', 'unknown')))
            """
        try transaction.execute(
            """
            UPDATE messages SET status = CASE WHEN \(mayHaveLeft) > 0 THEN NULL ELSE $1 END,
                unclear = CASE WHEN \(mayHaveLeft) > 0 THEN 1 ELSE 0 END,
                possibly_twice = CASE WHEN \(mayHaveLeft) > 1 THEN 1 ELSE 0 END
            WHERE id = $2 AND attempts = $3
                AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused'))
            """,
            each: outcomes.map { outcome, status, _ in
                [.text(status.rawValue), .integer(outcome.message.rawValue), .integer(Int64(outcome.number))]
            }
        )
    }

    /// Where the attempt's outcome is unknown: a late answer may have been noted before.
    static func markUnclear(_ attempts: [(message: Message.ID, number: Int)], in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE messages SET status = NULL, unclear = 1
            WHERE id = $1 AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused'))
                AND EXISTS (SELECT 1 FROM attempts t
                    WHERE t.message_id = messages.id AND t.number = $2 AND t.outcome || '' = 'unknown')
            """,
            each: attempts.map { [.integer($0.message.rawValue), .integer(Int64($0.number))] }
        )
    }
}
