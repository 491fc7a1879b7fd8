import Database
import Domain
import Foundation
import Storage
import Testing

/// What is counted for the bill, and where a month ends.
@Suite struct UsageTests {
    private static func limit(_ world: World, _ limit: Int?) async throws {
        try await world.driver.write { transaction in
            _ = try transaction.execute("UPDATE practices SET sms_monthly_limit = $1", limit)
            _ = try transaction.execute("UPDATE reminders SET next_at = due_at WHERE state = 'planned'")
        }
    }

    private static func reasons(_ world: World, _ appointments: [Appointment]) async throws -> [SkipReason?] {
        var reasons: [SkipReason?] = []
        for appointment in appointments { reasons.append(try await world.standing(appointment).reason) }
        return reasons
    }

    @Test func theLimitStopsRemindersWhichLeaveOnceItIsRaised() async throws {
        let world = try await World()
        let appointments = try await world.book(5)
        try await Self.limit(world, 3)
        try world.set(World.morning)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.count == 3)
        #expect(try await Self.reasons(world, appointments).filter { $0 == .monthlyLimit }.count == 2)
        let standing = try await world.storage.usage.standing(world.practice.id, now: world.clock.now)
        #expect(standing.isReached && standing.used == 3)
        try await Self.limit(world, 100)
        try await world.drain(channel)
        #expect(channel.sent.count == 5)
    }

    @Test func aWindowOfOneStopsAtTheLimitToo() async throws {
        let world = try await World()
        try await world.book(4)
        try await Self.limit(world, 2)
        try world.set(World.morning)
        let channel = ScriptedChannel(window: 1)
        try await world.drain(channel)
        #expect(channel.sent.count == 2)
    }

    @Test func aNewMonthBeginsAnew() async throws {
        let world = try await World()
        try await world.book(2)
        try await Self.limit(world, 2)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel())
        try await world.book(1, start: "2027-04-10T10:30:00+02:00")
        try world.set("2027-04-09T07:00:00+02:00")
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        let months = try await world.storage.usage.months(world.practice.id, now: world.clock.now)
        #expect(months.map(\.month) == [202704, 202703])
        #expect(months.map(\.segments) == [1, 2])
    }

    @Test func fourFifthsOfTheLimitAreNear() {
        #expect(!UsageStanding(limit: 10, used: 7).isNear)
        #expect(UsageStanding(limit: 10, used: 8).isNear)
        #expect(!UsageStanding(limit: 10, used: 9).isReached)
        #expect(UsageStanding(limit: 10, used: 10).isReached)
        #expect(!UsageStanding(limit: nil, used: 10).isNear)
    }

    @Test func whatSurelyDidNotLeaveIsNotCountedAndOneUnknownCountsAgainstTheLimit() async throws {
        let world = try await World()
        try await world.book(2)
        try world.set(World.morning)
        let channel = ScriptedChannel { message, _ in
            message.id.rawValue == 1 ? .refused(.undeliverable, detail: "") : .unknown(detail: "")
        }
        try await world.drain(channel)
        #expect(try await world.storage.usage.months(world.practice.id, now: world.clock.now).isEmpty)
        #expect(try await world.storage.usage.standing(world.practice.id, now: world.clock.now).used == 1)
    }

    @Test func anAnswersPriceIsKeptAndAddedUpByLocation() async throws {
        let world = try await World()
        try await world.book(3)
        try world.set(World.morning)
        let channel = ScriptedChannel { message, _ in
            let price = message.id.rawValue == 3 ? nil : Price(decimal: "0.075", currency: "EUR")
            return .accepted(ScriptedChannel.reference(message), price: price)
        }
        try await world.drain(channel)
        let lines = try await world.storage.usage.months(world.practice.id, now: world.clock.now)
        #expect(lines.map(\.locationID) == [world.location.id, world.location.id])
        #expect(lines.map(\.segments).reduce(0, +) == 3)
        let priced = try #require(lines.first { $0.price != nil })
        #expect(priced.price == Price(micros: 150_000, currency: "EUR") && priced.priced == 2)
    }

    @Test func aPriceThatComesWithAReceiptIsAddedOnce() async throws {
        let world = try await World()
        try await world.book(1)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel())
        let receipt = DeliveryReceipt(
            reference: ProviderReference(raw: "p1"),
            status: .delivered,
            detail: "",
            raw: "",
            price: Price(decimal: "-0.09", currency: "usd")
        )
        for _ in 0..<2 {
            let received = ReceivedReceipt(provider: Identifier(1), receipt: receipt, at: world.clock.now)
            try await world.storage.inbox.store([received])
        }
        let lines = try await world.storage.usage.months(world.practice.id, now: world.clock.now)
        let priced = lines.filter { $0.messages > 0 }
        #expect(priced.map(\.price) == [Price(micros: 90_000, currency: "USD")])
        #expect(priced.map(\.segments) == [1])
    }

    @Test func whatEvidenceSettlesIsCountedAndCanBePriced() async throws {
        let world = try await World()
        try await world.book(1)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "") })
        let receipt = DeliveryReceipt(
            reference: ProviderReference(raw: "p9"),
            status: .delivered,
            detail: "",
            raw: "",
            evidence: ReceiptEvidence(recipient: "+436641234500", sender: "")
        )
        let received = ReceivedReceipt(provider: Identifier(1), receipt: receipt, at: world.clock.now)
        try await world.storage.inbox.store([received])
        world.clock.set(world.clock.now + 15)
        await world.rescue()
        #expect(try await world.log().map(\.state.status) == [.delivered])
        #expect(try await world.storage.usage.standing(world.practice.id, now: world.clock.now).used == 1)
        let priced = DeliveryReceipt(
            reference: ProviderReference(raw: "p9"),
            status: .delivered,
            detail: "",
            raw: "",
            price: Price(decimal: "0.05", currency: "EUR")
        )
        try await world.storage.inbox.store([
            ReceivedReceipt(provider: Identifier(1), receipt: priced, at: world.clock.now)
        ])
        let lines = try await world.storage.usage.months(world.practice.id, now: world.clock.now)
        #expect(lines.filter { $0.messages > 0 }.map(\.price) == [Price(micros: 50_000, currency: "EUR")])
    }

    @Test func anAcceptanceThatIsNotedTwiceIsCountedOnce() async throws {
        let world = try await World()
        try await world.book(1)
        try world.set(World.morning)
        let attempt = try #require(try await world.start().first)
        let reference = ProviderReference(raw: "p1")
        let late = LateAnswer(message: attempt.message.id, attempt: 1, outcome: .accepted(reference))
        let outcome = AttemptOutcome(
            attempt,
            provider: Identifier(1),
            outcome: .accepted(reference),
            next: .settle(.submitted),
            at: world.clock.now
        )
        try await world.storage.queue.note([outcome])
        try await world.storage.queue.note([outcome])
        try await world.storage.queue.note(late, from: Identifier(1), jitter: 0.5, at: world.clock.now)
        let lines = try await world.storage.usage.months(world.practice.id, now: world.clock.now)
        #expect(lines.map(\.messages) == [1])
    }
}
