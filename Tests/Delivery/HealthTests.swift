import Domain
import Foundation
import Storage
import Synchronization
import Testing

@testable import Delivery

/// How a lane learns that its provider is in trouble, and what follows.
@Suite struct HealthTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// A watch that has taken a full sample at the start.
    private func watch() -> ReceiptWatch {
        var watch = ReceiptWatch()
        for number in 1...30 { watch.add(Identifier(Int64(number)), at: start) }
        return watch
    }

    @Test func aSampleIsLookedAtTenMinutesAfterItsFirstMessage() {
        let watch = watch()
        #expect(watch.due(at: start + 599) == nil)
        #expect(watch.due(at: start + 600)?.count == ReceiptWatch.size)
    }

    @Test func oneReceiptOfTheSampleIsNoSilence() {
        var watch = watch()
        watch.judge(unanswered: 19, of: 20)
        #expect(!watch.isSilent)
        #expect(watch.due(at: start + 3600) == nil, "a new sample begins")
    }

    @Test func aSilentProviderIsTriedOnceAMinuteAndSpeaksAgainWithOneReceipt() {
        var watch = watch()
        watch.judge(unanswered: 20, of: 20)
        #expect(watch.isSilent)
        #expect(watch.mayProbe(at: start))
        watch.probe(at: start)
        #expect([30, 60].map { watch.mayProbe(at: start + $0) } == [false, true])
        watch.add(Identifier(99), at: start + 700)
        #expect(watch.due(at: start + 701) == [Identifier(99)])
        watch.judge(unanswered: 1, of: 1)
        #expect(watch.isSilent)
        watch.judge(unanswered: 0, of: 1)
        #expect(!watch.isSilent)
    }

    @Test(arguments: [
        SendOutcome.unknown(detail: "no answer in time"), .refused(.providerError, detail: "RSYSERR"),
    ])
    func aProviderThatFailsFiveInARowIsLeftAloneAndTheNextTakesOver(outcome: SendOutcome) async throws {
        let world = try await World()
        try await world.book(40)
        let draft = ProviderDraft(name: "second", kind: "simulator", priority: "200")
        _ = try await world.storage.providers.add(draft, now: world.clock.now)
        try world.set(World.morning)
        let first = ScriptedChannel(window: 1) { _, _ in outcome }
        let second = ScriptedChannel()
        let dispatcher = Dispatcher(world: world.environment(first, ["second": second]))
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await dispatcher.run() }
            for _ in 0..<2000 where first.sent.count + second.sent.count < 40 {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
        #expect(first.sent.count == Breaker.limit)
        #expect(second.sent.count == 40 - Breaker.limit)
        #expect(Set(first.sent.map(\.id)).isDisjoint(with: second.sent.map(\.id)), "no unknown one goes elsewhere")
    }

    @Test func whatAProviderThatIsGoneLeftUnknownGoesByAnotherAfterTheWindowMarked() async throws {
        let world = try await World()
        try await world.book(1)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "connection lost") })
        let channels = OpenChannels()
        _ = channels.open(AwayChannel(), of: Identifier(1))
        #expect(channels.away(since: world.clock.now, now: world.clock.now).isEmpty, "nobody else can carry it")
        _ = channels.open(ScriptedChannel(), of: Identifier(2))
        let lost = world.clock.now
        #expect(channels.away(since: lost - 3600, now: lost).isEmpty)
        world.clock.set(lost + 3601)
        #expect(channels.away(since: world.clock.now - 3600, now: world.clock.now) == [Identifier(1)])
        let environment = world.environment(ScriptedChannel())
        await Rescuer(world: environment).round(judging: [])
        #expect(try await world.log().map(\.state) == [Message.State(unclear: true)], "not judged by itself")
        await Rescuer(world: environment).round(judging: [Identifier(1)])
        let second = ScriptedChannel()
        try await world.drain(second)
        #expect(second.sent.count == 1)
        #expect(try await world.log().map(\.possiblyTwice) == [true])
    }

    @Test func aProvidersHealthIsOnRecordSinceItChanged() async throws {
        let world = try await World()
        let health = world.storage.health
        try await health.note(.resting, of: Identifier(1), detail: "no connection", at: start)
        try await health.note(.resting, of: Identifier(1), detail: "no connection", at: start + 60)
        let noted = try #require(try await health.all()[Identifier(1)])
        #expect(noted.state == .resting && noted.since == start && noted.seenAt == start + 60)
        try await health.note(.well, of: Identifier(1), at: start + 90)
        #expect(try await health.all()[Identifier(1)]?.since == start + 90)
    }
}

/// A provider that cannot be reached.
private final class AwayChannel: MessageChannel {
    let window = 1
    let rate: Double? = nil
    let isBound = false
    let reportsDelivery = true

    func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {}
    func send(_ message: OutgoingMessage) async -> SendOutcome { .unreachable(detail: "away") }
}
