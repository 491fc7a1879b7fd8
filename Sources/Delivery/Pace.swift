import Foundation

/// A token bucket: so many messages a second, and never more at once than fit into 50 ms (at least one).
struct Pace {
    private let rate: Double?
    private var tokens: Double
    private var filledAt: Date?

    init(rate: Double?) {
        self.rate = rate
        tokens = 0
    }

    private var depth: Double { max(1, (rate ?? 0) * 0.05) }

    /// How many may leave now; all that are asked for where there is no rate.
    mutating func take(upTo count: Int, at now: Date) -> Int {
        guard let rate else { return count }
        let elapsed = filledAt.map { max(0, now.timeIntervalSince($0)) } ?? depth / rate
        tokens = min(depth, tokens + elapsed * rate)
        filledAt = now
        let taken = min(count, Int(tokens))
        tokens -= Double(taken)
        return taken
    }

    /// Seconds until the next one may leave.
    var pause: Double { rate.map { max(0.001, (1 - tokens) / $0) } ?? 0 }
}
