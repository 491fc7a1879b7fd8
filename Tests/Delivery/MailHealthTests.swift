import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Trouble of a mailbox is known after the first try: its lane may be open for a moment only.
@Suite struct MailHealthTests {
    private static func state(_ world: World) async throws -> ProviderHealth? {
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        return try await world.storage.health.all()[box.id]
    }

    @Test func oneRefusalOfTheAccountIsToldAndTheFirstSuccessEndsIt() async throws {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .accountRefused(detail: "535 5.7.8") } }
        try world.set(World.morning)
        try await world.drain(mailbox)
        let troubled = try #require(try await Self.state(world))
        #expect(troubled.state == .resting && troubled.detail == "535 5.7.8")
        mailbox.change { $0.send = ScriptedMailbox.Script().send }
        try world.set("2027-03-01T07:15:00+01:00")
        try await world.drain(mailbox)
        #expect(try await Self.state(world)?.state == .well)
        #expect(try await world.log().map(\.state.status) == [.submitted])
    }

    @Test(arguments: [
        SendOutcome.deferred(detail: "4.2.2"), .refused(.providerRefused, detail: "5.1.1"), .limited(.day, detail: ""),
    ])
    func whatConcernsOneMessageOrTheHourIsNoTrouble(outcome: SendOutcome) async throws {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        try world.set(World.morning)
        try await world.drain(ScriptedMailbox { $0.send = { _, _ in outcome } })
        #expect(try await Self.state(world)?.state == .well)
    }
}
