import Database
import Domain
import Foundation
import Logging
import Storage
import Synchronization
import Testing

@testable import Delivery

/// One receipt or outcome that is not as it should be does not keep the others out.
@Suite struct PoisonTests {
    @Test func anOutcomeThatTheDatabaseRefusesDoesNotKeepTheOthersOut() async throws {
        let world = try await World()
        try await world.book(3)
        try world.set(World.morning)
        // What refuses the second of two: any condition of the schema would do.
        try await world.driver.write(.guarded) {
            try $0.script("CREATE UNIQUE INDEX no_twins ON messages (provider_message_id)")
        }
        let outcomes = zip(try await world.start(), ["a", "a", "b"]).map { attempt, id in
            AttemptOutcome(
                attempt,
                provider: Identifier(1),
                outcome: .accepted(ProviderReference(raw: id)),
                next: .settle(.submitted),
                at: world.clock.now
            )
        }
        let notes = OutcomeNotes(
            world.storage.queue,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            pause: .milliseconds(1)
        )
        let noted = Mutex<[Message.ID]>([])
        await notes.note(outcomes) {
            true
        } onNoted: { some in
            noted.withLock { $0 += some.map(\.message) }
        }
        #expect(noted.withLock { Set($0) } == Set(outcomes.map(\.message)))
        let log = try await world.log()
        #expect(log.compactMap(\.providerMessageID).sorted() == ["a", "b"])
        #expect(log.map(\.state.status).filter { $0 == nil }.count == 1)
    }

    @Test func aReceiptWithAnEndlessIdDoesNotFailItsBatch() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .accepted(ProviderReference(raw: "p1")) })
        var state: UInt64 = 1
        let endless = String(
            (0..<20_000).map { _ -> Character in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Character(Unicode.Scalar(UInt8(97 + (state >> 33) % 26)))
            }
        )
        try await world.storage.inbox.store(
            [endless, "p1"].map { id in
                ReceivedReceipt(
                    provider: Identifier(1),
                    receipt: DeliveryReceipt(
                        reference: ProviderReference(raw: id),
                        status: .delivered,
                        detail: "",
                        raw: ""
                    ),
                    at: world.clock.now
                )
            }
        )
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }
}
