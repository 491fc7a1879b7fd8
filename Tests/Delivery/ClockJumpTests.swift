import Delivery
import Domain
import Foundation
import Storage
import Synchronization
import Testing

/// A clock that jumps while the engine runs stops everything until somebody says that it is right.
@Suite struct ClockJumpTests {
    /// Monotonic time that stands until it is set.
    private final class Uptime: Sendable {
        private let passed = Mutex(Duration.zero)
        var reading: @Sendable () -> Duration { { self.passed.withLock { $0 } } }
        func pass(_ seconds: Double) { passed.withLock { $0 += .seconds(seconds) } }
    }

    private func answer(_ world: World) async throws -> Bool {
        let hold = try #require(try await world.storage.holds.find(world.practice.id))
        return try await world.storage.holds.answer(world.practice.id, .send, asked: hold.askedAt, now: world.clock.now)
    }

    /// An engine that has looked at the clock the evening before; then the clock jumps to the time.
    private func jumped(to time: String, _ world: World, _ channel: ScriptedChannel) async throws -> DeliveryEnvironment
    {
        let uptime = Uptime()
        let environment = world.environment(channel, uptime: uptime.reading)
        try world.set("2027-02-28T18:00:00+01:00")
        #expect(try await environment.gate.isOpen(at: world.clock.now))
        uptime.pass(1)
        try world.set(time)
        return environment
    }

    @Test func nothingIsSentAndNothingEndsUnderAClockThatJumped() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel()
        // So far that the reminder would count as too late.
        let environment = try await jumped(to: "2027-03-01T21:00:00+01:00", world, channel)
        try await Dispatcher(world: environment, extent: .untilDrained(receiptSeconds: 0)).run()
        #expect(channel.sent.isEmpty)
        #expect(try await world.standing(appointment).reminder.state == .planned)
        guard case .clock(let hold) = try await world.storage.holds.find(world.practice.id) else {
            Issue.record("nobody is asked")
            return
        }
        #expect(abs(hold.step - 97_199) < 0.01 && hold.isOnePractice)
    }

    @Test func otherProcessesAndNewOnesObeyUntilItIsAnswered() async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel()
        let environment = try await jumped(to: World.morning, world, channel)
        #expect(try await !environment.gate.isOpen(at: world.clock.now))
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await answer(world))
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await environment.gate.isOpen(at: world.clock.now + 2))
    }

    @Test func aPracticeOfAHostDoesNotAnswerForTheMachine() async throws {
        let world = try await World()
        _ = try await world.neighbour(1)
        let environment = try await jumped(to: World.morning, world, ScriptedChannel())
        #expect(try await !environment.gate.isOpen(at: world.clock.now))
        #expect(try await !answer(world))
        #expect(try await world.storage.holds.resumeAll(now: world.clock.now).clock != nil)
        #expect(try await world.storage.holds.find(world.practice.id) == nil)
    }

    @Test func aLostAttemptIsNotJudgedByAClockThatJumped() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        _ = try await world.start()
        let environment = try await jumped(to: "2027-03-01T15:00:00+01:00", world, ScriptedChannel())
        await Rescuer(world: environment).round()
        #expect(try await world.log()[0].state.unclear == false)
    }

    @Test func aClockThatIsSetByHandIsNotWatched() async throws {
        let world = try await World()
        let environment = world.environment(ScriptedChannel())
        #expect(try await environment.gate.isOpen(at: world.clock.now))
        #expect(try await environment.gate.isOpen(at: world.clock.now + 86_400))
    }
}
