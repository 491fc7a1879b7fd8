import Delivery
import Domain
import Foundation
import Storage
import Testing

/// One test SMS through a provider, step by step.
@Suite struct TrialTests {
    private static func ask(_ world: World) async throws -> Trial {
        try await world.storage.trials.ask(
            Identifier(1),
            to: "0664 1234500",
            from: "Praxis",
            country: .austria,
            now: world.clock.now
        )
    }

    private static func end(_ world: World, _ channel: any MessageChannel) async throws -> Trial {
        await TrialRunner(world: world.environment(channel)).runAll()
        return try #require(try await world.storage.trials.latest(Identifier(1)))
    }

    @Test func aTrialThatIsDeliveredWentThroughEachStepAndKeepsNoNumber() async throws {
        let world = try await World()
        #expect(try await Self.ask(world).step == .waiting)
        let channel = ReportingChannel(.delivered)
        let trial = try await Self.end(world, channel)
        #expect(trial.step == .delivered && trial.recipient.isEmpty)
        #expect(trial.boundAt != nil && trial.acceptedAt != nil && trial.endedAt != nil)
        #expect(try await world.log().isEmpty, "it is no message of the log")
    }

    @Test(arguments: [
        (SendOutcome.unreachable(detail: "no connection"), "not reached: no connection"),
        (.accountRefused(detail: "401"), "the account is refused: 401"),
        (.refused(.providerRefused, detail: "RINVSRCADR"), "refused: RINVSRCADR"),
        (.throttled(detail: "429"), "takes no more at present: 429"),
        (.unknown(detail: "time-out"), "no answer: time-out"),
    ])
    func aTrialThatFailsSaysWhy(outcome: SendOutcome, detail: String) async throws {
        let world = try await World()
        _ = try await Self.ask(world)
        let trial = try await Self.end(world, ScriptedChannel { _, _ in outcome })
        #expect(trial.step == .failed && trial.detail == detail)
        #expect(trial.boundAt != nil && trial.acceptedAt == nil)
    }

    @Test func aReceiptThatSaysNoEndsTheTrialAsFailed() async throws {
        let world = try await World()
        _ = try await Self.ask(world)
        let trial = try await Self.end(world, ReportingChannel(.undeliverable))
        #expect(trial.step == .failed && trial.detail == "receipt: undeliverable")
    }

    @Test func oneTrialOfAProviderAtATimeIsEnough() async throws {
        let world = try await World()
        let first = try await Self.ask(world)
        #expect(try await Self.ask(world).id == first.id)
    }

    @Test func aTrialThatWasInterruptedEndsAsFailed() async throws {
        let world = try await World()
        _ = try await Self.ask(world)
        _ = try await world.storage.trials.take(now: world.clock.now)
        world.clock.set(world.clock.now + 601)
        #expect(try await world.storage.trials.take(now: world.clock.now) == nil)
        let trial = try #require(try await world.storage.trials.latest(Identifier(1)))
        #expect(trial.step == .failed && trial.detail == "interrupted" && trial.recipient.isEmpty)
    }

    @Test(arguments: [
        ("", "Praxis", ["to"]), ("01 2345678", "Praxis", ["to"]), ("0664 1234500", "Gr\u{FC}n", ["from"]),
    ])
    func whatCannotBeTriedIsRefused(number: String, sender: String, fields: [String]) async throws {
        let world = try await World()
        let refusal = await #expect(throws: ProblemList.self) {
            _ = try await world.storage.trials.ask(
                Identifier(1),
                to: number,
                from: sender,
                country: .austria,
                now: world.clock.now
            )
        }
        #expect(Set(refusal?.problems.map(\.field) ?? []) == Set(fields))
    }
}

/// A provider that accepts and reports one status, through the connection.
private final class ReportingChannel: MessageChannel {
    let window = 1
    let rate: Double? = nil
    let isBound = true
    let reportsDelivery = true
    private let status: MessageStatus
    private let accepted = AsyncStream.makeStream(of: ProviderReference.self)

    init(_ status: MessageStatus) { self.status = status }

    func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        for await reference in accepted.stream {
            let receipt = DeliveryReceipt(reference: reference, status: status, detail: "", raw: "")
            _ = await report(.receipts([receipt]))
        }
    }

    func send(_ message: OutgoingMessage) async -> SendOutcome {
        let reference = ProviderReference(raw: "t" + (message.sms?.reference ?? ""))
        accepted.continuation.yield(reference)
        return .accepted(reference)
    }
}
