import Domain
import Foundation

/// An attempt that the provider took.
struct AcceptedAttempt {
    let reminder: Reminder.ID
    let message: Message.ID
    let provider: Provider.ID
    let reference: ProviderReference
    let startedAt: Date
    let at: Date
    /// The outcome was taken for unknown before.
    let isLate: Bool

    init(_ outcome: AttemptOutcome, _ reference: ProviderReference, isLate: Bool) {
        reminder = outcome.reminder
        message = outcome.message
        provider = outcome.provider
        self.reference = reference
        startedAt = outcome.startedAt
        at = outcome.at
        self.isLate = isLate
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
