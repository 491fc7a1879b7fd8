import Foundation

/// What another clock showed at an instant of ours that no one can set.
public struct ClockReading: Sendable {
    private let shown: Date
    private let at: ContinuousClock.Instant
    /// How far it can be off, in either direction.
    public let uncertainty: Duration

    /// - Parameters:
    ///   - milliseconds: what the clock showed, since 1970-01-01T00:00:00Z; read half-way between question and answer.
    public init(milliseconds: Int64, asked: ContinuousClock.Instant, answered: ContinuousClock.Instant) {
        uncertainty = (answered - asked) / 2
        shown = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        at = asked + uncertainty
    }

    public func now(at instant: ContinuousClock.Instant) -> Date { shown + (instant - at) / .seconds(1) }
}
