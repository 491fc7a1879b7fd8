import Foundation

/// How often a copy for the Sent folder is tried.
public enum CopyPolicy {
    static let delays = RetryDelays(first: 60, longest: 6 * 3600)
    /// Seconds after the e-mail left; later nobody looks for the copy any more.
    static let patience = 3 * 86_400.0

    /// When a copy that could not be kept is tried next; nil: never again.
    ///
    /// - Parameters:
    ///   - tries: with the one that just failed, 1 for the first.
    ///   - leftAt: when the e-mail left.
    ///   - jitter: 0..<1, spreads the repeats over half the pause.
    public static func next(tries: Int, leftAt: Date, now: Date, jitter: Double) -> Date? {
        let next = now + delays.delay(tries, jitter)
        return next > leftAt + patience ? nil : next
    }
}
