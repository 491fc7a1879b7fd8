import Domain
import Foundation

/// An attempt that the provider took.
struct AcceptedAttempt {
    /// What was known of the attempt before.
    enum Before {
        case open, unknown
        /// It had an outcome already.
        case known
    }

    let reminder: Reminder.ID
    let message: Message.ID
    let provider: Provider.ID
    let channel: Channel
    let reference: ProviderReference
    let startedAt: Date
    let at: Date
    let price: Price?
    let before: Before

    /// The outcome was taken for unknown before, or was known.
    var isLate: Bool { before != .open }
    /// It was not known to be accepted.
    var isNews: Bool { before != .known }

    init(_ outcome: AttemptOutcome, _ reference: ProviderReference, price: Price?, _ before: Before) {
        reminder = outcome.reminder
        message = outcome.message
        provider = outcome.provider
        channel = outcome.channel
        self.reference = reference
        startedAt = outcome.startedAt
        at = outcome.at
        self.price = price
        self.before = before
    }
}

extension SendOutcome {
    /// The word in the table.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .unreachable, .throttled, .deferred, .limited: "unreachable"
        case .accountRefused: "account_refused"
        case .refused: "refused"
        case .unknown: "unknown"
        }
    }
}
