import Foundation

/// A token bucket: so many messages a second, and never more at once than fit into 50 ms (at least one). A provider
/// that says "too fast" halves the pace; each quiet while raises it again.
struct Pace {
    /// Seconds of the rate that may gather while nothing leaves, so that a slow commit costs no speed.
    private static let depthSeconds = 0.1
    private static let burstSeconds = 0.05
    /// Seconds without a complaint after which the pace is raised, by half.
    private static let quietSeconds = 5.0
    /// A pace above this is none.
    private static let fastest = 20_000.0
    private static let slowest = 1.0

    private let rate: Double?
    /// Below the rate, while the provider throttles.
    private var limit: Double?
    private var changedAt: Date?
    private var tokens = 0.0
    private var filledAt: Date?

    init(rate: Double?) { self.rate = rate }

    /// Messages a second that may leave at present; nil for as many as the window lets through.
    var current: Double? { limit ?? rate }

    private func depth(_ rate: Double) -> Double { max(1, rate * Self.depthSeconds) }

    /// How many may leave now; all that are asked for where there is no rate.
    mutating func take(upTo count: Int, at now: Date) -> Int {
        recover(at: now)
        guard let rate = current else { return count }
        let burst = max(1, rate * Self.burstSeconds)
        tokens = filledAt.map { min(depth(rate), tokens + max(0, now.timeIntervalSince($0)) * rate) } ?? burst
        filledAt = now
        let taken = min(count, Int(min(tokens, burst)))
        tokens -= Double(taken)
        return taken
    }

    /// What was taken and did not leave.
    mutating func giveBack(_ count: Int) {
        guard let rate = current else { return }
        tokens = min(depth(rate), tokens + Double(count))
    }

    /// The provider throttles. Complaints about what was on its way already count once.
    ///
    /// - Parameter measured: messages a second of late, where that is known.
    mutating func slowDown(at now: Date, measured: Double?) {
        if let changedAt, limit != nil, (0..<1).contains(now.timeIntervalSince(changedAt)) { return }
        let before = current ?? measured ?? 100
        limit = max(Self.slowest, min(before, measured ?? before) / 2)
        tokens = 0
        filledAt = now
        changedAt = now
    }

    private mutating func recover(at now: Date) {
        // Where the clock was set back, the quiet while is taken to be over.
        guard let limit, let changedAt, !(0..<Self.quietSeconds).contains(now.timeIntervalSince(changedAt)) else {
            return
        }
        let next = limit * 1.5
        self.changedAt = now
        self.limit = next >= rate ?? Self.fastest ? nil : next
    }

    /// Seconds until the next one may leave.
    var pause: Double { current.map { max(0.001, (1 - tokens) / $0) } ?? 0.001 }
}
