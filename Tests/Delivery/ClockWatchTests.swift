import Foundation
import Testing

@testable import Delivery

/// Wall time against monotonic time: what is a jump, and what is not.
@Suite struct ClockWatchTests {
    /// Seconds that pass on both clocks between two looks, and the jump that is told.
    struct Case: CustomTestStringConvertible, Sendable {
        let wall: Double
        let monotonic: Double
        let jump: Double?
        let testDescription: String

        init(_ testDescription: String, wall: Double, monotonic: Double, jump: Double?) {
            self.testDescription = testDescription
            self.wall = wall
            self.monotonic = monotonic
            self.jump = jump
        }
    }

    @Test(arguments: [
        Case("both go on", wall: 0.5, monotonic: 0.5, jump: nil),
        Case("the machine slept for a night", wall: 36_000, monotonic: 36_000, jump: nil),
        Case("the clock was set by five minutes exactly", wall: 300.5, monotonic: 0.5, jump: nil),
        Case("a little more than that", wall: 301, monotonic: 0.5, jump: 300.5),
        Case("forward by a day", wall: 86_401, monotonic: 1, jump: 86_400),
        Case("back by an hour", wall: -3_599, monotonic: 1, jump: -3_600),
        Case("back by less than five minutes", wall: -200, monotonic: 1, jump: nil),
        Case("the machine was frozen, its monotonic clock too", wall: 7_200, monotonic: 0, jump: 7_200),
    ])
    func aStepOfMoreThanFiveMinutesIsAJump(_ given: Case) {
        var watch = ClockWatch()
        let start = Date(timeIntervalSince1970: 1_803_000_000)
        #expect(watch.look(wall: start, monotonic: .seconds(77)) == nil, "what lies before the first look is no jump")
        #expect(watch.look(wall: start + given.wall, monotonic: .seconds(77 + given.monotonic)) == given.jump)
    }

    @Test func aJumpIsToldOnce() {
        var watch = ClockWatch()
        let start = Date(timeIntervalSince1970: 1_803_000_000)
        _ = watch.look(wall: start, monotonic: .zero)
        #expect(watch.look(wall: start + 3_600, monotonic: .zero) == 3_600)
        #expect(watch.look(wall: start + 3_601, monotonic: .seconds(1)) == nil)
    }

    @Test func manySmallStepsAreNone() {
        var watch = ClockWatch()
        let start = Date(timeIntervalSince1970: 1_803_000_000)
        for hour in 0..<24 {
            let wall = start + Double(hour) * 3_700
            #expect(watch.look(wall: wall, monotonic: .seconds(hour * 3_600)) == nil)
        }
    }
}
