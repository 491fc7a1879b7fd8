import Delivery
import Domain
import Foundation
import Storage
import Testing

/// One receipt that is not as it should be does not keep the others out.
@Suite struct PoisonTests {
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
