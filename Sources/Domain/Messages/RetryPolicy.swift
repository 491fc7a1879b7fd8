import Foundation

/// What follows from the outcome of an attempt.
public enum RetryPolicy {
    public enum Next: Hashable, Sendable {
        /// The message has this status; nothing more is sent.
        case settle(MessageStatus)
        /// Surely not sent: shown as this status meanwhile, and due again at the instant.
        case retry(MessageStatus, at: Date)
        /// It may have been sent; evidence is awaited.
        case awaitEvidence
    }

    /// Seconds before the second attempt; doubled with each further one.
    static let firstDelay = 15.0
    /// Never longer between two attempts than this, in seconds.
    static let longestDelay = 600.0

    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - jitter: 0..<1, spreads the repeats of many messages over half the delay.
    public static func next(_ outcome: SendOutcome, attempt: Int, now: Date, jitter: Double) -> Next {
        switch outcome {
        case .accepted: .settle(.submitted)
        case .refused(let status, _): .settle(status)
        case .unknown: .awaitEvidence
        case .unreachable: .retry(.serviceUnreachable, at: now + delay(attempt, jitter))
        case .accountRefused: .retry(.providerRefused, at: now + delay(attempt, jitter))
        }
    }

    private static func delay(_ attempt: Int, _ jitter: Double) -> Double {
        let doublings = Double(min(max(attempt, 1) - 1, 10))
        let base = min(firstDelay * exp2(doublings), longestDelay)
        return base * (0.75 + jitter / 2)
    }
}
