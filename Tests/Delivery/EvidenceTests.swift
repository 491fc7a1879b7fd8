import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// What a receipt says beside its id settles an outcome that is unknown.
@Suite struct EvidenceTests {
    private static let unknown: ScriptedChannel.Script = { _, _ in .unknown(detail: "") }

    private func evidence(
        of message: Message,
        id: String = "learnt",
        status: MessageStatus = .delivered,
        snippet: String? = nil,
        at now: Date
    ) -> ReceivedReceipt {
        ReceivedReceipt(
            provider: Identifier(1),
            receipt: DeliveryReceipt(
                reference: ProviderReference(raw: id),
                status: status,
                detail: "",
                raw: "",
                evidence: ReceiptEvidence(
                    recipient: message.recipient,
                    sender: message.sender,
                    snippet: snippet ?? String(message.text.prefix(20))
                )
            ),
            at: now
        )
    }

    private func unclear(_ count: Int = 1) async throws -> World {
        let world = try await World()
        try await world.book(count)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel(script: Self.unknown))
        return world
    }

    @Test func aReceiptOfAnIdThatWasNeverLearntSettlesTheUnknownAndNothingIsSentAgain() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        try await world.storage.inbox.store([evidence(of: message, at: world.clock.now)])
        try world.set("2027-03-01T07:00:11+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
        #expect(try await world.log().map(\.providerMessageID) == ["learnt"])
        try world.set("2027-03-01T09:00:00+01:00")
        await world.rescue()
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
    }

    @Test func evidenceThatCameLongAgoStillCounts() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        try await world.storage.inbox.store([evidence(of: message, at: world.clock.now)])
        try world.set("2027-03-01T12:00:00+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
    }

    @Test func aReceiptFindsAMessageThatWasGivenUp() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        try world.set("2027-03-01T20:00:01+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state.status) == [.providerError])
        try await world.storage.inbox.store([evidence(of: message, at: world.clock.now)])
        try world.set("2027-03-01T20:00:12+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
    }

    @Test func evidenceOfTheFirstAttemptCountsAfterASecondThatDidNotLeave() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        let early = evidence(of: message, at: world.clock.now)
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        try await world.drain(ScriptedChannel { _, _ in .unreachable(detail: "") })
        try await world.storage.inbox.store([early])
        try world.set("2027-03-01T08:00:12+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
    }

    @Test func anotherTextIsNoEvidence() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        try await world.storage.inbox.store([evidence(of: message, snippet: "Ihre Rechnung", at: world.clock.now)])
        try world.set("2027-03-01T07:00:11+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: nil, unclear: true)])
    }

    @Test func oneReceiptForTwoMessagesThatLookAlikeSettlesNeither() async throws {
        let world = try await unclear(2)
        let message = try #require(try await world.log().first)
        try await world.storage.inbox.store([evidence(of: message, at: world.clock.now)])
        try world.set("2027-03-01T07:00:11+01:00")
        await world.rescue()
        #expect(try await world.log().allSatisfy { $0.state.unclear })
        try await world.storage.inbox.store([evidence(of: message, id: "second", at: world.clock.now)])
        try world.set("2027-03-01T07:00:30+01:00")
        await world.rescue()
        #expect(try await world.log().allSatisfy { $0.state.status == .delivered })
    }

    @Test func evidenceIsAwaitedFromTheProvidersNextBindOn() async throws {
        let world = try await unclear()
        try world.set("2027-03-01T09:00:00+01:00")
        try await world.storage.rescue.bound(Identifier(1), at: world.clock.now)
        let channel = ScriptedChannel()
        try world.set("2027-03-01T09:59:59+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        // A later bind begins no new wait.
        try await world.storage.rescue.bound(Identifier(1), at: world.clock.now)
        try world.set("2027-03-01T10:00:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.possiblyTwice) == [true])
    }

    @Test func nothingIsJudgedWhoseProviderIsNotBoundHere() async throws {
        let world = try await unclear()
        let rescuer = Rescuer(world: world.environment(ScriptedChannel()))
        let channel = ScriptedChannel()
        try world.set("2027-03-01T12:00:00+01:00")
        await rescuer.round(judging: [])
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        await rescuer.round(judging: [Identifier(1)])
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
    }

    @Test func whatWasNeverJudgedEndsAfterItsLatestTime() async throws {
        let world = try await unclear()
        try world.set("2027-03-01T20:00:01+01:00")
        await Rescuer(world: world.environment(ScriptedChannel())).round(judging: [])
        #expect(try await world.log().map(\.state) == [Message.State(status: .providerError, presumed: true)])
    }

    @Test func aLongMessageIsDeliveredWhenAllItsPartsAre() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let parts = ProviderReference(
            raw: "a",
            furtherParts: [ProviderReference(raw: "b"), ProviderReference(raw: "c")]
        )
        try await world.drain(ScriptedChannel { _, _ in .accepted(parts) })
        try await world.markLong()
        for id in ["b", "a"] {
            try await world.report(id, .delivered)
            #expect(try await world.log().map(\.state.status) == [.submitted])
        }
        try await world.report("c", .delivered)
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test func partsWhoseReceiptsSpellTheirIdsInAnotherWayAreDeliveredToo() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let parts = ProviderReference(raw: "6aad5", furtherParts: [ProviderReference(raw: "6aad6")])
        try await world.drain(ScriptedChannel { _, _ in .accepted(parts) })
        try await world.markLong()
        for (raw, hexadecimal) in [("436949", "6aad5"), ("436950", "6aad6")] {
            try await world.report(ProviderReference(raw: raw, spellings: [raw, hexadecimal]), .delivered)
        }
        try world.set("2027-03-01T07:00:11+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test func anAcceptanceThatIsNotedTwiceForgetsNoPart() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let parts = ProviderReference(raw: "a", furtherParts: [ProviderReference(raw: "b")])
        let attempt = try #require(try await world.start().first)
        let accepted = AttemptOutcome(
            attempt,
            provider: Identifier(1),
            outcome: .accepted(parts),
            next: .settle(.submitted),
            at: world.clock.now
        )
        try await world.storage.queue.note([accepted])
        try await world.markLong()
        try await world.report("a", .delivered)
        // The commit took place, and its answer was lost.
        try await world.storage.queue.note([accepted])
        try await world.report("b", .delivered)
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test func nothingIsSentAgainWhileAReceiptThatMayBeEvidenceIsNotLookedAtYet() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        try world.set("2027-03-01T08:00:01+01:00")
        try await world.storage.inbox.store([evidence(of: message, at: world.clock.now)])
        try world.set("2027-03-01T08:00:05+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state.unclear) == [true])
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        try world.set("2027-03-01T08:00:12+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
    }

    @Test func aReceiptBringsNothingOfAnErasedPatientBack() async throws {
        let world = try await unclear()
        let message = try #require(try await world.log().first)
        let receipt = DeliveryReceipt(
            reference: ProviderReference(raw: "early"),
            status: .delivered,
            detail: "d",
            raw: "text:Terminerinnerung",
            evidence: nil
        )
        try await world.storage.inbox.store(
            [ReceivedReceipt(provider: Identifier(1), receipt: receipt, at: world.clock.now)]
        )
        let row = try #require(try await world.storage.messages.find(message.id, world.practice.id).patientID)
        try await world.storage.patients.delete(row, world.practice.id, knowing: .everything, now: world.clock.now)
        // The answer comes late, and takes the receipt that overtook it.
        let late = LateAnswer(
            message: message.id,
            attempt: 1,
            outcome: .accepted(ProviderReference(raw: "early"))
        )
        try await world.storage.queue.note(late, from: Identifier(1), jitter: 0, at: world.clock.now)
        let kept = try await world.driver.read { try $0.query("SELECT detail, raw, message_id FROM receipts") }
        #expect(kept.map(\.values) == [[.text(""), .text(""), .integer(message.id.rawValue)]])
    }

    @Test func onePartThatFailsIsTheFailureOfAll() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let parts = ProviderReference(raw: "a", furtherParts: [ProviderReference(raw: "b")])
        try await world.drain(ScriptedChannel { _, _ in .accepted(parts) })
        try await world.markLong()
        try await world.report("a", .delivered)
        try await world.report("b", .undeliverable)
        #expect(try await world.log().map(\.state.status) == [.undeliverable])
    }
}

extension World {
    /// Reminders are short; a message in parts is made by hand.
    fileprivate func markLong() async throws {
        try await driver.write { _ = try $0.execute("UPDATE messages SET segments = 3") }
    }

    fileprivate func report(_ id: String, _ status: MessageStatus) async throws {
        try await report(ProviderReference(raw: id), status)
    }

    fileprivate func report(_ reference: ProviderReference, _ status: MessageStatus) async throws {
        let receipt = DeliveryReceipt(reference: reference, status: status, detail: "", raw: "")
        try await storage.inbox.store([ReceivedReceipt(provider: Identifier(1), receipt: receipt, at: clock.now)])
    }
}
