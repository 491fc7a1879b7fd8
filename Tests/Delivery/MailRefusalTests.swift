import Delivery
import Domain
import Foundation
import Storage
import Testing

/// A server that refuses the recipient at once says the same as one that sends the e-mail back.
@Suite struct MailRefusalTests {
    @Test(
        arguments: [
            ("550 5.1.1 no such user", .unknownRecipient, true), ("550 5.1.10 no such domain", .unknownDomain, true),
            ("552 5.2.2 full", .mailboxFull, false), ("550 no such user here", .refused, false),
        ] as [(String, BounceReason, Bool)]
    )
    func itsReasonIsKeptAndAnAddressAtFaultIsMarked(words: String, reason: BounceReason, isMarked: Bool) async throws {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        try world.set(World.morning)
        try await world.drain(ScriptedMailbox { $0.send = { _, _ in .refused(.bounced, detail: words) } })
        let message = try #require(try await world.log().first)
        #expect(message.state.status == .bounced && message.bounce == reason)
        let patient = try #require(try await world.storage.patients.list(world.practice.id).items.first)
        #expect(patient.emailBounce == (isMarked ? EmailBounce(at: world.clock.now, reason: reason) : nil))
    }

    @Test func anotherRefusalSaysNothingOfTheAddress() async throws {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        try world.set(World.morning)
        let refusing = ScriptedMailbox { $0.send = { _, _ in .refused(.providerRefused, detail: "554 5.7.1 spam") } }
        try await world.drain(refusing)
        #expect(try await world.log().map(\.bounce) == [nil])
        #expect(try await world.storage.patients.list(world.practice.id).items.map(\.emailBounce) == [nil])
    }
}
