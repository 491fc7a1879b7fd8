import Foundation

/// Slows guessing of passwords down: after three wrong ones in a row for the same e-mail address from the same network
/// address, each further try must wait, twice as long every time. Kept in memory, and bounded.
actor SignInBrake {
    private struct Failures {
        var count: Int
        var last: Date
    }

    /// So many wrong passwords cost nothing.
    static let free = 3
    /// Nobody waits longer than this, in seconds.
    static let longestWait = 900.0
    /// So long after the last failure nothing is remembered, in seconds.
    static let memory = 3_600.0

    private let capacity: Int
    private var failures: [String: Failures] = [:]

    init(capacity: Int = 10_000) { self.capacity = capacity }

    /// Seconds until the next try is looked at; 0 for at once.
    func wait(_ key: String, now: Date) -> Double {
        guard let known = failures[key], known.count >= Self.free else { return 0 }
        let delay = min(exp2(Double(min(known.count - Self.free, 20))) * 2, Self.longestWait)
        return max(0, delay - now.timeIntervalSince(known.last))
    }

    func failed(_ key: String, now: Date) {
        forget(now: now)
        failures[key] = Failures(count: (failures[key]?.count ?? 0) + 1, last: now)
    }

    func succeeded(_ key: String) { failures[key] = nil }

    /// Drops what is old, and where that is not enough the oldest half.
    private func forget(now: Date) {
        guard failures.count >= capacity else { return }
        failures = failures.filter { now.timeIntervalSince($0.value.last) < Self.memory }
        guard failures.count >= capacity else { return }
        let kept = failures.sorted { $0.value.last > $1.value.last }.prefix(capacity / 2)
        failures = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
