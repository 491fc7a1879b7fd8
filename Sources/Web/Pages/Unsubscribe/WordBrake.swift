import Foundation

/// Holds off who tries words that name nothing, so that guessing costs the database nothing. Words that are right are never
/// counted. Kept in memory, and bounded.
actor WordBrake {
    private struct Misses {
        var count: Int
        let since: Date
    }

    /// So many misses are forgiven within ``span``, unless said otherwise.
    static let free = 20
    /// In seconds, unless said otherwise.
    static let span = 60.0

    /// In seconds.
    let seconds: Double
    private let forgiven: Int
    private let capacity: Int
    private var misses: [String: Misses] = [:]
    /// How many are remembered.
    var size: Int { misses.count }

    init(free: Int = free, span: Double = span, capacity: Int = 10_000) {
        forgiven = free
        seconds = span
        self.capacity = capacity
    }

    func isHeld(_ peer: String, now: Date) -> Bool {
        guard let known = misses[peer], isFresh(known, now) else { return false }
        return known.count >= forgiven
    }

    func missed(_ peer: String, now: Date) {
        if let known = misses[peer], isFresh(known, now) {
            misses[peer] = Misses(count: known.count + 1, since: known.since)
            return
        }
        if misses.count >= capacity { forget(now: now) }
        misses[peer] = Misses(count: 1, since: now)
    }

    /// Drops what is old, and where that is not enough the half with the fewest misses, the oldest of them first: so many
    /// who guess once make nobody forgotten who guesses on.
    private func forget(now: Date) {
        misses = misses.filter { isFresh($0.value, now) }
        guard misses.count >= capacity else { return }
        let kept = misses.sorted { ($0.value.count, $0.value.since) > ($1.value.count, $1.value.since) }
        misses = Dictionary(uniqueKeysWithValues: kept.prefix(capacity / 2).map { ($0.key, $0.value) })
    }

    private func isFresh(_ known: Misses, _ now: Date) -> Bool { abs(now.timeIntervalSince(known.since)) < seconds }
}
