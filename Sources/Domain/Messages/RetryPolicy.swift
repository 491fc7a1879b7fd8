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

    static let unreachable = RetryDelays(first: 15, longest: 600)
    /// Shorter, since what slows down is the way to the provider; the message itself has done nothing wrong.
    static let throttled = RetryDelays(first: 5, longest: 60)

    /// A recipient's server that puts a stranger's mail off wants to see it again after some minutes.
    static let deferred = RetryDelays(first: 60, longest: 900)
    /// What keeps the account from sending more is watched elsewhere.
    static let limited = RetryDelays(first: 30, longest: 600)

    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - jitter: 0..<1, spreads the repeats of many messages over half the delay.
    public static func next(_ outcome: SendOutcome, attempt: Int, now: Date, jitter: @autoclosure () -> Double) -> Next
    {
        switch outcome {
        case .accepted: .settle(.submitted)
        case .refused(let status, _): .settle(status)
        case .unknown: .awaitEvidence
        case .unreachable: .retry(.serviceUnreachable, at: now + unreachable.delay(attempt, jitter()))
        case .deferred: .retry(.serviceUnreachable, at: now + deferred.delay(attempt, jitter()))
        case .limited: .retry(.serviceUnreachable, at: now + limited.delay(attempt, jitter()))
        case .throttled: .retry(.serviceUnreachable, at: now + throttled.delay(attempt, jitter()))
        case .accountRefused: .retry(.providerRefused, at: now + unreachable.delay(attempt, jitter()))
        }
    }
}

/// Pauses between two attempts, in seconds.
struct RetryDelays {
    /// Before the second attempt; doubled with each further one.
    let first: Double
    /// Never longer than this.
    let longest: Double

    func delay(_ attempt: Int, _ jitter: Double) -> Double {
        let doublings = Double(min(max(attempt, 1) - 1, 10))
        return min(first * exp2(doublings), longest) * (0.75 + jitter / 2)
    }
}
