import Domain
import Foundation
import Testing

@Suite struct ClockReadingTests {
    @Test func theOtherClockWasReadHalfWayBetweenQuestionAndAnswer() {
        let asked = ContinuousClock.now
        let reading = ClockReading(milliseconds: 1_000_000, asked: asked, answered: asked + .milliseconds(40))
        #expect(reading.uncertainty == .milliseconds(20))
        #expect(abs(reading.now(at: asked + .milliseconds(20)).timeIntervalSince1970 - 1_000) < 1e-6)
        #expect(abs(reading.now(at: asked + .milliseconds(40)).timeIntervalSince1970 - 1_000.02) < 1e-6)
    }

    @Test func itRunsOnWithTheClockThatNobodyCanSet() {
        let asked = ContinuousClock.now
        let reading = ClockReading(milliseconds: 0, asked: asked, answered: asked)
        #expect(abs(reading.now(at: asked + .seconds(3600)).timeIntervalSince1970 - 3600) < 1e-6)
        #expect(abs(reading.now(at: asked - .seconds(5)).timeIntervalSince1970 + 5) < 1e-6)
    }

    @Test func twoNodesWhoseOwnClocksDifferAgree() {
        // Their monotonic clocks began at different times; both asked at the same moment, one over a slower line.
        let (one, other) = (ContinuousClock.now, ContinuousClock.now + .seconds(7777))
        let near = ClockReading(milliseconds: 5_000_001, asked: one, answered: one + .milliseconds(2))
        let far = ClockReading(milliseconds: 5_000_030, asked: other, answered: other + .milliseconds(60))
        let difference = near.now(at: one + .seconds(10)).timeIntervalSince(far.now(at: other + .seconds(10)))
        #expect(abs(difference) < 1e-6)
    }
}
