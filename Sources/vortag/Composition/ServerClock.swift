import Database
import Domain
import Foundation
import Synchronization

/// The process's clock: the true time; or, where the database has a clock of its own, that one, so that nodes whose
/// clocks differ agree; or one that started at a set instant and runs on at normal speed.
struct ServerClock: Sendable {
    private let start: Date?
    private let origin: ContinuousClock.Instant
    private let followed = Followed()

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

    /// Whether it shows the database's time.
    var isFollowing: Bool { followed.reading.withLock { $0 != nil } }

    func now() -> Date {
        if let start { return start + (ContinuousClock.now - origin) / .seconds(1) }
        return followed.reading.withLock { $0 }?.now(at: .now) ?? Date()
    }

    /// Asks for the database's time; nothing happens where it has none of its own, or where the clock was set.
    ///
    /// - Throws: ``SQLError``; the clock then runs on as before.
    func follow(_ driver: any SQLDriver) async throws {
        guard !isSet else { return }
        var best: ClockReading?
        // The quickest answer tells most exactly.
        for _ in 0..<3 {
            let asked = ContinuousClock.now
            guard let milliseconds = try await driver.clockMilliseconds() else { return }
            let reading = ClockReading(milliseconds: milliseconds, asked: asked, answered: .now)
            if reading.uncertainty < best?.uncertainty ?? .seconds(3600) { best = reading }
        }
        if let best { followed.reading.withLock { $0 = best } }
    }

    /// Copies of the clock share what it knows.
    private final class Followed: Sendable {
        let reading = Mutex<ClockReading?>(nil)
    }
}
