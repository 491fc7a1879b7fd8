/// How often a letter to someone of the practice is tried.
public enum LetterPolicy {
    private static let delays = RetryDelays(first: 20, longest: 600)

    /// Seconds until the next try; they grow, and the letter's own end ends them.
    ///
    /// - Parameters:
    ///   - tries: those that were made.
    ///   - jitter: 0..<1
    public static func pause(after tries: Int, jitter: Double) -> Double { delays.delay(tries, jitter) }
}
