import Foundation

/// The process's clock: the true time, or one that started at a set instant and runs on at normal speed.
struct ServerClock: Sendable {
    private let start: Date?
    private let origin: ContinuousClock.Instant

    init(start: Date?) {
        self.start = start
        origin = ContinuousClock.now
    }

    var isSet: Bool { start != nil }

    /// Monotonic time since the process began, by which a jump of the true clock is noticed; nil for a clock that is set.
    var uptime: (@Sendable () -> Duration)? {
        guard start == nil else { return nil }
        return { [origin] in ContinuousClock.now - origin }
    }

    func now() -> Date {
        guard let start else { return Date() }
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return start + Double(seconds) + Double(attoseconds) / 1e18
    }
}
