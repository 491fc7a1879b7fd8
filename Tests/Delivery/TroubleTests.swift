import Database
import Domain
import Foundation
import Storage
import Synchronization
import Testing

@testable import Delivery

/// A provider's trouble is bounded: it rests, slows down, is helped.
@Suite struct TroubleTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func aBreakerOpensAfterFiveFailuresAndTriesOneAtATime() {
        var breaker = Breaker()
        for _ in 0..<4 { breaker.fail(at: start, jitter: 0.5) }
        #expect(breaker.allowance(at: start) == nil)
        breaker.fail(at: start, jitter: 0.5)
        #expect(breaker.allowance(at: start) == 0)
        #expect(breaker.allowance(at: start + 1) == 1)
        breaker.probe()
        #expect(breaker.allowance(at: start + 1) == 0)
        breaker.fail(at: start + 1, jitter: 0.5)
        #expect(breaker.allowance(at: start + 2.9) == 0)
        #expect(breaker.allowance(at: start + 3) == 1)
        breaker.succeed()
        #expect(breaker.allowance(at: start + 3) == nil)
    }

    @Test func restsAreNeverLongerThanAMinuteAndAHalf() throws {
        var breaker = Breaker()
        var now = start
        for _ in 0..<5 { breaker.fail(at: now, jitter: 0.999) }
        for _ in 0..<20 {
            now += try #require(breaker.pause(at: now))
            breaker.probe()
            #expect(breaker.pause(at: now) == nil)
            breaker.fail(at: now, jitter: 0.999)
            #expect(try #require(breaker.pause(at: now)) <= 75)
        }
    }

    @Test func throttlingHalvesThePaceOnceAndQuietRaisesIt() {
        var pace = Pace(rate: 100)
        pace.slowDown(at: start, measured: 80)
        pace.slowDown(at: start + 0.5, measured: 80)
        #expect(pace.current == 40)
        _ = pace.take(upTo: 1, at: start + 5)
        #expect(pace.current == 60)
        _ = pace.take(upTo: 1, at: start + 10)
        #expect(pace.current == 90)
        _ = pace.take(upTo: 1, at: start + 15)
        #expect(pace.current == 100)
    }

    @Test func aRateLetsNoMoreThanItsShareLeaveEachSecond() {
        var pace = Pace(rate: 1000)
        var left = 0
        for step in 0..<100 { left += pace.take(upTo: 1000, at: start + Double(step) / 100) }
        #expect((950...1050).contains(left))
    }

    @Test func aChannelThatReplacesAnotherStaysOpenWhenTheOldOneEnds() {
        let channels = OpenChannels()
        let old = channels.open(ScriptedChannel(), of: Identifier(1))
        let new = channels.open(ScriptedChannel(), of: Identifier(1))
        channels.bound(new, at: start)
        channels.close(old)
        #expect(channels.bound(since: start) == [Identifier(1)])
        #expect(channels.bound(since: start - 1).isEmpty)
        channels.close(new)
        #expect(channels.bound(since: start).isEmpty)
    }

    @Test func whatThrottledIsSentLaterAndNothingFails() async throws {
        let world = try await World()
        try await world.book(10)
        try world.set(World.morning)
        let channel = ScriptedChannel { message, attempt in
            attempt == 1 ? .throttled(detail: "") : .accepted(ScriptedChannel.reference(message))
        }
        try await world.drain(channel)
        try world.set("2027-03-01T07:05:00+01:00")
        try await world.drain(channel)
        #expect(try await world.log().allSatisfy { $0.state.status == .submitted && !$0.possiblyTwice })
    }

    @Test func aSecondProviderTakesOverFromOneThatCannotBeReached() async throws {
        let world = try await World()
        try await world.book(20)
        _ = try await world.storage.providers.add(
            ProviderDraft(name: "second", kind: "simulator", priority: "200"),
            now: world.clock.now
        )
        try world.set(World.morning)
        let first = ScriptedChannel(window: 4) { _, _ in .unreachable(detail: "") }
        let second = ScriptedChannel()
        let dispatcher = Dispatcher(world: world.environment(first, ["second": second]))
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await dispatcher.run() }
            for _ in 0..<2000 where first.sent.count + second.sent.count < 20 {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
        // Under a clock that stands, what the first one tried waits for its next attempt.
        #expect(first.sent.count + second.sent.count == 20)
        #expect(!second.sent.isEmpty)
        #expect(Set(first.sent.map(\.id)).isDisjoint(with: second.sent.map(\.id)))
    }

    @Test func practicesTakeTurns() async throws {
        let world = try await World()
        try await world.book(12)
        let others = [try await world.neighbour(12), try await world.neighbour(1)]
        try world.set(World.morning)
        let sent = Mutex<[Practice.ID]>([])
        let channel = ScriptedChannel(window: 1) { message, _ in
            let practice = try? await world.driver.read { transaction in
                try transaction.first("SELECT practice_id FROM messages WHERE id = $1", message.id.rawValue)?
                    .integer(0)
            }
            sent.withLock { $0.append(Identifier(practice ?? 0)) }
            return .accepted(ScriptedChannel.reference(message))
        }
        try await world.drain(channel)
        let order = sent.withLock { $0 }
        #expect(order.count == 25)
        #expect(Set(order.prefix(3)) == Set([world.practice.id] + others.map(\.id)))
        #expect(order.suffix(10).filter { $0 == world.practice.id }.count == 5)
    }
}
