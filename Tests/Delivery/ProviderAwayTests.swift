import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Unknown outcomes of a provider that stays away for longer than evidence is awaited.
@Suite struct ProviderAwayTests {
    @Test func whatWasTriedAgainWhileTheProviderWasAwayStillWaitsForWhatItBrings() async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel { message, attempt in
            switch attempt {
            case 1: .unknown(detail: "reset")
            case 2: .unreachable(detail: "away")
            default: .accepted(ScriptedChannel.reference(message))
            }
        }
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        try world.set("2027-03-01T08:10:00+01:00")
        try await world.storage.rescue.bound(Identifier(1), at: world.clock.now)
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count <= 2, "the receipts that it kept come first")
        try world.set("2027-03-01T09:10:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(try await world.log().map(\.state.status) == [.submitted])
    }
}
