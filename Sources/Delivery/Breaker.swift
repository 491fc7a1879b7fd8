import Foundation

/// Rests a lane whose provider cannot be reached, or refuses our account: one try at a time, further and further apart,
/// until one succeeds. What is due meanwhile stays untouched, for another provider or for later.
struct Breaker {
    /// So many failures one after the other open it.
    static let limit = 5
    /// Seconds of the first rest; doubled with each further one.
    static let firstRest = 1.0
    static let longestRest = 60.0

    private var failures = 0
    /// Why the last message did not reach the provider, in the provider's or the network's words.
    private(set) var why = ""
    private var rests = 0
    private var restsUntil: Date?
    private var isProbing = false
    /// More than the longest rest with its jitter: one that ends later than this was begun before the clock was set back.
    private static let impossibleRest = 90.0

    /// Whether it is open or only trying: another provider should take over.
    var isResting: Bool { restsUntil != nil }

    /// Whether the last one did not reach the provider, or was not answered.
    var isFailing: Bool { failures > 0 }

    /// How many may leave now; nil for as many as you like.
    func allowance(at now: Date) -> Int? {
        guard let restsUntil else { return nil }
        return isProbing || isWaiting(for: restsUntil, at: now) ? 0 : 1
    }

    private func isWaiting(for end: Date, at now: Date) -> Bool {
        (0..<Self.impossibleRest).contains(end.timeIntervalSince(now)) && now != end
    }

    /// Tells that the one that was allowed leaves.
    mutating func probe() {
        if isResting { isProbing = true }
    }

    /// What was allowed did not leave after all.
    mutating func cancelProbe() { isProbing = false }

    /// A message did not reach the provider, or was not answered.
    ///
    /// - Parameter jitter: 0..<1, so that many lanes do not try at the same moment.
    mutating func fail(at now: Date, jitter: Double, why: String = "") {
        failures += 1
        self.why = why
        guard failures >= Self.limit, !isResting || isProbing else { return }
        isProbing = false
        restsUntil = now + min(Self.firstRest * exp2(Double(min(rests, 10))), Self.longestRest) * (0.75 + jitter / 2)
        rests += 1
    }

    /// The provider answered, or was bound.
    mutating func succeed() { self = Breaker() }

    /// Seconds until the next try; nil while one is on its way, whose outcome rings.
    func pause(at now: Date) -> Double? { isProbing ? nil : max(0.05, restsUntil?.timeIntervalSince(now) ?? 0) }
}
