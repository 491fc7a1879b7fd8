import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Unknown outcomes that were given up: shown as failed, until a late receipt knows better.
@Suite struct GivenUpTests {
    @Test func aReceiptThatComesAfterAnUnknownWasGivenUpStillCorrectsIt() async throws {
        let world = try await World()
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) {
            $0.resendsUnknown = false
        }
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "reset") })
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .providerError, presumed: true)])
        try world.set("2027-03-01T10:00:00+01:00")
        let receipt = DeliveryReceipt(
            reference: ProviderReference(raw: "never seen"),
            status: .delivered,
            detail: "",
            raw: "",
            evidence: ReceiptEvidence(recipient: "+436641234500", sender: "Praxis")
        )
        try await world.storage.inbox.store([
            ReceivedReceipt(provider: Identifier(1), receipt: receipt, at: world.clock.now)
        ])
        try world.set("2027-03-01T10:00:11+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
    }

    @Test func anUnknownWhoseChannelIsTakenAwayDoesNotStayUnclear() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "reset") })
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        _ = try await world.storage.appointments.change(
            appointment.id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: world.clock.now
        ) { $0.reminderKind = "none" }
        try world.set("2027-03-01T09:00:02+01:00")
        await world.rescue()
        let unclear = try await world.driver.read {
            try $0.first("SELECT COUNT(*) FROM messages WHERE unclear = 1")?.integer(0)
        }
        #expect(unclear == 0)
    }
}
