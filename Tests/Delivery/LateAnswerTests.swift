import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Answers that come after the session has given up waiting for them.
@Suite struct LateAnswerTests {
    @Test(arguments: [
        (SendOutcome.accepted(ProviderReference(raw: "late")), Message.State(status: .submitted)),
        (.refused(.providerRefused, detail: ""), Message.State(status: .providerRefused)),
        (.throttled(detail: ""), Message.State(status: .serviceUnreachable)),
    ])
    func anAnswerThatComesBeforeItsTimeOutIsNotedCounts(outcome: SendOutcome, state: Message.State) async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let attempt = try #require(try await world.start(worker: "slow").first)
        let late = LateAnswer(message: attempt.message.id, attempt: attempt.number, outcome: outcome)
        try await world.storage.queue.note(late, from: Identifier(1), jitter: 0.5, at: world.clock.now)
        try await world.storage.queue.note([
            AttemptOutcome(
                attempt,
                provider: Identifier(1),
                outcome: .unknown(detail: "time-out"),
                next: .awaitEvidence,
                at: world.clock.now
            )
        ])
        #expect(try await world.log().map(\.state) == [state])
    }

    @Test func aLateNotNowForWhatWaitsToBeSentOnceMoreDoesNotLoseIt() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "time-out") })
        let message = try #require(try await world.log().first).id
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        let late = LateAnswer(message: message, attempt: 1, outcome: .throttled(detail: ""))
        try await world.storage.queue.note(late, from: Identifier(1), jitter: 0.5, at: world.clock.now)
        try await world.storage.rescue.bound(Identifier(1), at: world.clock.now)
        let channel = ScriptedChannel()
        for time in ["2027-03-01T08:10:00+01:00", "2027-03-01T09:10:00+01:00", "2027-03-01T10:30:00+01:00"] {
            try world.set(time)
            await world.rescue()
            try await world.drain(channel)
        }
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.possiblyTwice) == [false])
    }

    @Test func anAnswerInAnotherProvidersNameSettlesNothing() async throws {
        let world = try await World()
        let draft = ProviderDraft(name: "stranger", kind: "simulator", priority: "200")
        let stranger = try await world.storage.providers.add(draft, now: world.clock.now)
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "time-out") })
        let message = try #require(try await world.log().first).id
        let claim = LateAnswer(message: message, attempt: 1, outcome: .accepted(ProviderReference(raw: "forged")))
        try await world.storage.queue.note(claim, from: stranger.id, jitter: 0.5, at: world.clock.now)
        #expect(try await world.log().map(\.state) == [Message.State(unclear: true)])
    }
}
