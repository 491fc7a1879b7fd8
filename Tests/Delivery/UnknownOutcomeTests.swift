import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Unknown outcomes: never sent again at once, once more after the evidence window, marked.
@Suite struct UnknownOutcomeTests {
    private static let unknown: ScriptedChannel.Script = { _, _ in .unknown(detail: "time-out") }

    @Test func anUnknownOutcomeIsUnclearAndNotSentAgainAtOnce() async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel(script: Self.unknown)
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set("2027-03-01T07:59:00+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.state) == [Message.State(status: nil, unclear: true)])
    }

    @Test func afterTheEvidenceWindowItIsSentOnceMoreAndMarked() async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel { message, attempt in
            attempt == 1 ? .unknown(detail: "") : .accepted(ScriptedChannel.reference(message))
        }
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 2)
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: .submitted))
        #expect(message.possiblyTwice)
    }

    @Test func aSecondUnknownIsTheLastAndALateReceiptStillCounts() async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel(script: Self.unknown)
        for time in [
            World.morning, "2027-03-01T08:00:01+01:00", "2027-03-01T09:00:03+01:00", "2027-03-01T10:00:05+01:00",
        ] {
            try world.set(time)
            await world.rescue()
            try await world.drain(channel)
        }
        #expect(channel.sent.count == 2)
        #expect(try await world.log().map(\.state) == [Message.State(status: .providerError, presumed: true)])
    }

    @Test func aPracticeThatWantsNoSecondMessageGetsNone() async throws {
        let world = try await World()
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) {
            $0.resendsUnknown = false
        }
        try await world.book()
        let channel = ScriptedChannel(script: Self.unknown)
        for time in [World.morning, "2027-03-01T08:00:01+01:00"] {
            try world.set(time)
            await world.rescue()
            try await world.drain(channel)
        }
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.state.status) == [.providerError])
    }

    @Test func anAttemptWhoseWorkerDiedIsUnknown() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try world.set(World.morning)
        let started = try await world.start(worker: "dead")
        #expect(started.count == 1)
        try world.set("2027-03-01T07:00:29+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State()])
        try world.set("2027-03-01T07:00:31+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: nil, unclear: true)])
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await world.standing(appointment).reminder.state == .started)
    }

    @Test func aLateAcceptanceSettlesAnUnknownAndTakesBackItsResend() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let started = try await world.start(worker: "slow")
        for time in ["2027-03-01T08:10:00+01:00", "2027-03-01T09:10:01+01:00"] {
            try world.set(time)
            await world.rescue()
        }
        let attempt = try #require(started.first)
        let outcome = SendOutcome.accepted(ProviderReference(raw: "late"))
        try await world.storage.queue.note([
            AttemptOutcome(
                attempt,
                provider: Identifier(1),
                outcome: outcome,
                next: .settle(.submitted),
                at: world.clock.now
            )
        ])
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await world.log().map(\.state.status) == [.submitted])
    }

    @Test func anUnknownWhoseAppointmentIsCancelledIsNotSentAgainAndDoesNotStayUnclear() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel(script: Self.unknown)
        try world.set(World.morning)
        try await world.drain(channel)
        _ = try await world.storage.appointments.cancel(
            appointment.id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: world.clock.now
        )
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: .providerError, presumed: true))
        #expect(!message.possiblyTwice)
        #expect(try await world.standing(appointment).reminder.reason == .cancelled)
    }

    @Test func anUnknownThatIsCancelledWhileItsResendWaitsDoesNotStayUnclear() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel(script: Self.unknown)
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        _ = try await world.storage.appointments.cancel(
            appointment.id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: world.clock.now
        )
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.state) == [Message.State(status: .providerError, presumed: true)])
        #expect(try await world.standing(appointment).reminder.state == .skipped)
    }

    @Test func attemptsThatNeverLeftAreTakenBackAndThoseOnTheirWayAreNot() async throws {
        let world = try await World()
        try await world.book(3)
        try world.set(World.morning)
        let started = try await world.start(worker: "mine")
        let leaving = try #require(started.first).message.attemptName
        let count = try await world.storage.queue.recall(
            worker: "mine",
            provider: Identifier(1),
            butFor: [leaving],
            at: world.clock.now
        )
        #expect(count == 2)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(Set(channel.sent.map(\.id)) == Set(started.dropFirst().map(\.message.id)))
        #expect(try await world.log().allSatisfy { !$0.possiblyTwice })
    }

    @Test func anAnswerThatComesBeforeItsUnknownIsNotedStands() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let attempt = try #require(try await world.start().first)
        let late = LateAnswer(message: attempt.message.id, attempt: 1, outcome: .accepted(ProviderReference(raw: "x")))
        try await world.storage.queue.note(late, from: Identifier(1), jitter: 0.5, at: world.clock.now)
        try await world.storage.queue.note([
            AttemptOutcome(
                attempt,
                provider: Identifier(1),
                outcome: .unknown(detail: ""),
                next: .awaitEvidence,
                at: world.clock.now
            )
        ])
        #expect(try await world.log().map(\.state) == [Message.State(status: .submitted)])
    }

    @Test func aResendThatSurelyDidNotLeaveMarksNothing() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel(script: Self.unknown))
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        try await world.drain(ScriptedChannel { _, _ in .unreachable(detail: "") })
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: nil, unclear: true))
        #expect(!message.possiblyTwice && message.attempts == 2)
    }

    @Test func aSecondSendingIsMarkedEvenAfterTheFirstWasGivenUp() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try world.set(World.morning)
        try await world.drain(ScriptedChannel(script: Self.unknown))
        try await world.driver.write { transaction in
            try transaction.execute("UPDATE messages SET status = 'provider_error', unclear = 0, presumed = 1")
            try transaction.execute(
                "UPDATE reminders SET state = 'planned' WHERE appointment_id = $1",
                appointment.id.rawValue
            )
        }
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.possiblyTwice) == [true])
    }

    @Test func aLateRefusalIsFinalAlsoForWhatWaitsToBeSentAgain() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel(script: Self.unknown))
        let message = try #require(try await world.log().first)
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        let refusal = SendOutcome.refused(.undeliverable, detail: "")
        let late = LateAnswer(message: message.id, attempt: 1, outcome: refusal)
        try await world.storage.queue.note(late, from: Identifier(1), jitter: 0.5, at: world.clock.now)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await world.log().map(\.state) == [Message.State(status: .undeliverable)])
    }
}
