import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Receipts: on record before they are acknowledged, applied whenever they come.
@Suite struct ReceiptTests {
    private func receipt(_ reference: ProviderReference, _ status: MessageStatus, at now: Date) -> ReceivedReceipt {
        ReceivedReceipt(
            provider: Identifier(1),
            receipt: DeliveryReceipt(reference: reference, status: status, detail: "", raw: ""),
            at: now
        )
    }

    private func handedOver(_ id: ProviderReference = ProviderReference(raw: "p1")) async throws -> World {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .accepted(id) })
        return world
    }

    private func store(_ reference: ProviderReference, _ status: MessageStatus, in world: World) async throws {
        try await world.storage.inbox.store([receipt(reference, status, at: world.clock.now)])
    }

    private func unmatched(_ world: World) async throws -> Int64? {
        try await world.driver.read {
            try $0.first("SELECT COUNT(*) FROM receipts WHERE message_id IS NULL")?.integer(0)
        }
    }

    @Test(arguments: [MessageStatus.delivered, .undeliverable, .expired, .rejectedByRecipient])
    func aReceiptSettlesTheMessage(status: MessageStatus) async throws {
        let world = try await handedOver()
        try await store(ProviderReference(raw: "p1"), status, in: world)
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: status))
        #expect((message.deliveredAt != nil) == (status == .delivered))
    }

    @Test func aReceiptThatOvertakesItsAnswerIsKeptAndApplied() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let channel = ScriptedChannel { message, _ in
            let reference = ScriptedChannel.reference(message)
            let receipt = DeliveryReceipt(reference: reference, status: .delivered, detail: "", raw: "")
            try? await world.storage.inbox.store([
                ReceivedReceipt(provider: Identifier(1), receipt: receipt, at: world.clock.now)
            ])
            return .accepted(reference)
        }
        try await world.drain(channel)
        #expect(try await world.log().map(\.state.status) == [.delivered])
        #expect(try await unmatched(world) == 0)
    }

    @Test func aReceiptComesThroughTheChannelAndIsAcknowledgedOnceItIsOnRecord() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        let again = ScriptedChannel()
        let service = Dispatcher(world: world.environment(again))
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await service.run() }
            let isAcknowledged = await again.report(ProviderReference(raw: "p1"), .delivered)
            let log = try await world.log()
            #expect(isAcknowledged && log.map(\.state.status) == [.delivered])
            group.cancelAll()
        }
    }

    @Test func ofTwoReceiptsTheFirstFinalOneStands() async throws {
        let world = try await handedOver()
        try await store(ProviderReference(raw: "p1"), .delivered, in: world)
        try await store(ProviderReference(raw: "p1"), .undeliverable, in: world)
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test func undeliverableMayStillBecomeDelivered() async throws {
        let world = try await handedOver()
        try await store(ProviderReference(raw: "p1"), .undeliverable, in: world)
        try await store(ProviderReference(raw: "p1"), .delivered, in: world)
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test func anIdInAnotherBaseIsRecognisedAfterAMoment() async throws {
        let world = try await handedOver(ProviderReference(raw: "0000436949", spellings: ["436949", "6aad5"]))
        try await store(ProviderReference(raw: "6AAD5", spellings: ["6aad5", "436949"]), .delivered, in: world)
        #expect(try await world.log().map(\.state.status) == [.submitted])
        try world.set("2027-03-01T07:00:11+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test func anEarlyReceiptOfAnotherMessageIsNotTakenForThisOneByItsOtherSpelling() async throws {
        let world = try await World()
        try await world.book(2)
        try world.set(World.morning)
        // Decimal ids: 16 in hexadecimal is 10, and 10 read as hexadecimal is 16.
        let ten = ProviderReference(raw: "10", spellings: ["10", "16", "a"])
        let sixteen = ProviderReference(raw: "16", spellings: ["16", "22", "10"])
        let channel = ScriptedChannel(window: 1) { message, _ in
            if message.id.rawValue == 1 { try? await store(sixteen, .undeliverable, in: world) }
            return .accepted(message.id.rawValue == 1 ? ten : sixteen)
        }
        try await world.drain(channel)
        let log = try await world.log().sorted { $0.id < $1.id }
        #expect(log.map(\.state.status) == [.submitted, .undeliverable])
    }

    @Test func aReceiptFromBeforeTheAttemptSpeaksOfAnotherMessage() async throws {
        let world = try await World()
        try await world.book()
        try world.set("2027-03-01T06:00:00+01:00")
        try await store(ProviderReference(raw: "p1"), .delivered, in: world)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel())
        #expect(try await world.log().map(\.state.status) == [.submitted])
    }

    @Test func aForeignIdChangesNothingAndIsDroppedAfterSevenDays() async throws {
        let world = try await handedOver()
        try await store(ProviderReference(raw: "x"), .delivered, in: world)
        #expect(try await world.log().map(\.state.status) == [.submitted])
        #expect(try await unmatched(world) == 1)
        try world.set("2027-03-08T06:00:00+01:00")
        await Cleaner(world: world.environment(ScriptedChannel())).round()
        #expect(try await unmatched(world) == 1)
        try world.set("2027-03-08T08:00:00+01:00")
        await Cleaner(world: world.environment(ScriptedChannel())).round()
        #expect(try await unmatched(world) == 0)
    }

    @Test func withoutNewsByTheEndOfItsValidityItCountsAsExpiredAndALateReceiptCorrectsThat() async throws {
        let world = try await handedOver()
        try world.set("2027-03-01T21:00:00+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state.status) == [.submitted])
        try world.set("2027-03-01T21:15:01+01:00")
        await world.rescue()
        #expect(try await world.log().map(\.state) == [Message.State(status: .expired, presumed: true)])
        try await store(ProviderReference(raw: "p1"), .delivered, in: world)
        #expect(try await world.log().map(\.state) == [Message.State(status: .delivered)])
    }
}
