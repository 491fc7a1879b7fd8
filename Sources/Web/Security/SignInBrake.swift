import Foundation

/// Slows guessing down: a try is counted before it is looked at, so that many at once are no way around it, and each wrong
/// one beyond the free ones makes the next wait, twice as long every time. Kept in memory, and bounded.
actor SignInBrake {
    /// What tries are counted for.
    struct Count: Hashable, Sendable {
        /// One e-mail address, or one user's codes, from one network address.
        static func pair(_ who: String, _ address: String?) -> Count {
            Count(key: "pair \(who.prefix(254)) \(address ?? "")", isShared: false, free: 5, forgiven: 720)
        }

        /// The same from wherever; NIST SP 800-63B §5.2.2 allows a hundred at most.
        static func account(_ who: String) -> Count {
            Count(key: "who \(who.prefix(254))", isShared: false, free: 50, forgiven: 600)
        }

        /// Everything from one network address, where many people may sit.
        static func address(_ address: String) -> Count {
            Count(key: "from \(address)", isShared: true, free: 20, forgiven: 30)
        }

        /// All three.
        static func all(_ who: String, _ address: String?) -> [Count] {
            [.pair(who, address), .account(who)] + (address.map { [.address($0)] } ?? [])
        }

        let key: String
        /// Whether several people's tries are counted together.
        let isShared: Bool
        /// So many wrong ones cost nothing.
        let free: Int
        /// One is forgiven after so many seconds.
        let forgiven: Double
    }

    private struct Failures {
        var count: Double
        var last: Date
        /// One is forgiven after so many seconds.
        let forgiven: Double

        /// How many count by now.
        func level(_ now: Date) -> Double { max(0, count - max(0, now.timeIntervalSince(last)) / forgiven) }
    }

    /// The first wait, in seconds; it must outlast the delay of an answer.
    static let firstWait = 8.0
    /// Nobody waits longer than this, in seconds.
    static let longestWait = 900.0
    /// Every wrong try is answered so much later, whatever was wrong with it.
    static let delay = Duration.seconds(1)
    /// So long after the last failure nothing is remembered, in seconds.
    private static let memory = 36_000.0

    private let capacity: Int
    private var failures: [String: Failures] = [:]
    /// How many are remembered.
    var size: Int { failures.count }

    init(capacity: Int = 20_000) { self.capacity = capacity }

    /// Seconds until the next try is looked at; 0: it is looked at now, and counts as wrong until it is said to be right.
    func enter(_ counts: [Count], now: Date) -> Double {
        let wait = counts.map { self.wait($0, now: now) }.max() ?? 0
        guard wait == 0 else { return wait }
        forget(now: now)
        for count in counts {
            let level = failures[count.key]?.level(now) ?? 0
            failures[count.key] = Failures(count: level + 1, last: now, forgiven: count.forgiven)
        }
        return 0
    }

    /// The try was right: what came before it on the way to the same account is forgotten.
    func succeeded(_ counts: [Count]) {
        for count in counts {
            if count.isShared {
                failures[count.key]?.count -= 1
            } else {
                failures[count.key] = nil
            }
        }
    }

    /// Nothing was looked at after all.
    func withdraw(_ counts: [Count]) {
        for count in counts { failures[count.key]?.count -= 1 }
    }

    private func wait(_ count: Count, now: Date) -> Double {
        guard let known = failures[count.key] else { return 0 }
        let over = Int(known.level(now).rounded()) - count.free
        guard over >= 0 else { return 0 }
        let delay = min(exp2(Double(min(over, 20))) * Self.firstWait, Self.longestWait)
        return max(0, delay - max(0, now.timeIntervalSince(known.last)))
    }

    /// Drops what is old, and where that is not enough the half that counts least: who makes up names only pushes out
    /// others of one try each, and no account that is being guessed.
    private func forget(now: Date) {
        guard failures.count >= capacity else { return }
        failures = failures.filter { now.timeIntervalSince($0.value.last) < Self.memory }
        guard failures.count >= capacity else { return }
        let judged = failures.map { (key: $0.key, known: $0.value, level: $0.value.level(now)) }
        let kept = judged.sorted { ($0.level, $0.known.last) > ($1.level, $1.known.last) }.prefix(capacity / 2)
        failures = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.known) })
    }
}

extension PageServices {
    /// Does work that tells whether something was right. Where it was not, the answer comes at the next whole second: so
    /// the time it takes tells nothing, and guessing is slow. No thread waits.
    func patiently<Value: Sendable>(
        isRight: (Value) -> Bool,
        _ work: () async throws -> Value
    ) async throws -> Value {
        let start = ContinuousClock.now
        let value = try await work()
        guard !isRight(value) else { return value }
        var end = start + SignInBrake.delay
        while end < .now { end += SignInBrake.delay }
        try await Task.sleep(until: end)
        return value
    }
}
