import Database
import Domain
import Foundation

/// The outcome of one attempt, with what follows from it.
public struct AttemptOutcome: Sendable {
    public let attempt: StartedAttempt
    public let provider: Provider.ID
    public let outcome: SendOutcome
    public let next: RetryPolicy.Next
    public let at: Date

    public init(
        attempt: StartedAttempt,
        provider: Provider.ID,
        outcome: SendOutcome,
        next: RetryPolicy.Next,
        at: Date
    ) {
        self.attempt = attempt
        self.provider = provider
        self.outcome = outcome
        self.next = next
        self.at = at
    }
}

extension ReminderQueue {
    /// Notes what became of attempts, together. The attempt always takes its outcome; the message and the reminder move
    /// only from the states that this worker left them in. Receipts that overtook their answer are applied here.
    public func note(_ outcomes: [AttemptOutcome]) async throws {
        try await driver.write { transaction in
            let mayHaveEarly = try ReceiptInbox.hasUnmatched(in: transaction)
            for outcome in outcomes {
                try Self.noteAttempt(outcome, in: transaction)
                switch outcome.next {
                case .settle(let status): try Self.settle(outcome, status, in: transaction)
                case .retry(let status, let at): try Self.planAgain(outcome, status, at: at, in: transaction)
                case .awaitEvidence: try Self.markUnclear(outcome, in: transaction)
                }
                if mayHaveEarly, case .accepted(let reference) = outcome.outcome {
                    try ReceiptInbox.applyEarly(outcome, reference, in: transaction)
                }
            }
        }
    }

    private static func noteAttempt(_ outcome: AttemptOutcome, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE attempts SET ended_at = $1, outcome = $2, detail = $3
            WHERE message_id = $4 AND number = $5 AND (outcome IS NULL OR outcome = 'unknown')
            """,
            outcome.at.milliseconds,
            outcome.outcome.word,
            outcome.outcome.detail,
            outcome.attempt.message.id.rawValue,
            outcome.attempt.number
        )
    }

    private static func settle(_ outcome: AttemptOutcome, _ status: MessageStatus, in transaction: Transaction) throws {
        var reference: ProviderReference?
        if case .accepted(let accepted) = outcome.outcome { reference = accepted }
        try transaction.execute(
            """
            UPDATE messages SET status = $1, unclear = 0, presumed = 0, provider_message_id = $2, receipt_key = $3,
                submitted_at = $4
            WHERE id = $5 AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused') OR presumed = 1)
            """,
            status.rawValue,
            reference?.raw,
            reference?.key,
            reference.map { _ in outcome.at.milliseconds },
            outcome.attempt.message.id.rawValue
        )
        let reminder = outcome.attempt.reminderID.rawValue
        if reference == nil {
            try transaction.execute(
                """
                UPDATE reminders SET state = 'settled', claim_token = NULL
                WHERE id = $1 AND state = 'started' AND claim_token = $2
                    AND EXISTS (SELECT 1 FROM messages m WHERE m.id = message_id AND m.attempts = $3)
                """,
                reminder,
                outcome.attempt.token,
                outcome.attempt.number
            )
        } else {
            // A late acceptance also settles a reminder that was planned again meanwhile: whoever has claimed it since
            // finds that the claim no longer holds.
            try transaction.execute(
                """
                UPDATE reminders SET state = 'settled', claim_token = NULL
                WHERE id = $1 AND state IN ('started', 'planned')
                """,
                reminder
            )
        }
    }

    private static func planAgain(
        _ outcome: AttemptOutcome,
        _ status: MessageStatus,
        at: Date,
        in transaction: Transaction
    ) throws {
        let next = min(at, max(outcome.attempt.latestAt, outcome.at) + 0.001)
        let changed = try transaction.execute(
            """
            UPDATE reminders SET state = 'planned', next_at = $1, claim_token = NULL
            WHERE id = $2 AND state = 'started' AND claim_token = $3
                AND EXISTS (SELECT 1 FROM messages m WHERE m.id = message_id AND m.attempts = $4)
            """,
            next.milliseconds,
            outcome.attempt.reminderID.rawValue,
            outcome.attempt.token,
            outcome.attempt.number
        )
        guard changed == 1 else { return }
        // After an unknown outcome it stays unclear: this attempt did not leave, but an earlier one may have.
        try transaction.execute(
            """
            UPDATE messages SET status = $1, unclear = 0
            WHERE id = $2 AND possibly_twice = 0
                AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused'))
            """,
            status.rawValue,
            outcome.attempt.message.id.rawValue
        )
    }

    private static func markUnclear(_ outcome: AttemptOutcome, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE messages SET status = NULL, unclear = 1
            WHERE id = $1 AND (status IS NULL OR status IN ('service_unreachable', 'provider_refused'))
            """,
            outcome.attempt.message.id.rawValue
        )
    }
}

extension SendOutcome {
    /// The word in the table.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .unreachable, .throttled: "unreachable"
        case .accountRefused: "account_refused"
        case .refused: "refused"
        case .unknown: "unknown"
        }
    }

    var detail: String {
        switch self {
        case .accepted: ""
        case .unreachable(let detail), .throttled(let detail), .accountRefused(let detail), .refused(_, let detail),
            .unknown(let detail):
            detail
        }
    }
}
