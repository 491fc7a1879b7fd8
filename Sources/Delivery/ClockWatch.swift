import Foundation

/// Notices when the machine's clock is set while the process runs: between two looks wall time and monotonic time must
/// have gone on by the same.
///
/// Monotonic time counts sleep (`CLOCK_BOOTTIME`), so a machine that slept has not jumped. What lies before the first
/// look is no jump.
struct ClockWatch {
    /// Steps up to this many seconds are how clocks are kept right.
    static let tolerance = 300.0

    private var last: (wall: Date, monotonic: Duration)?

    /// Returns by how many seconds the wall clock has jumped since the last look, forward positive; nil where it has
    /// not. A jump is told once: the next look starts from here.
    ///
    /// - Parameter monotonic: time since any fixed instant of this boot.
    mutating func look(wall: Date, monotonic: Duration) -> Double? {
        defer { last = (wall, monotonic) }
        guard let last else { return nil }
        let (seconds, attoseconds) = (monotonic - last.monotonic).components
        let step = wall.timeIntervalSince(last.wall) - Double(seconds) - Double(attoseconds) / 1e18
        return abs(step) > Self.tolerance ? step : nil
    }
}
