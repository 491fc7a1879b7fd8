import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Letters to people of the practice, by its own mailbox: each once.
@Suite struct LetterTests {
    private struct House {
        let world: World
        let mailbox: ScriptedMailbox
        let user: User

        init(_ script: ScriptedMailbox.Script = .init(), mailbox address: String? = "praxis@example.at") async throws {
            world = try await World()
            mailbox = ScriptedMailbox(script)
            if let address { _ = try await world.mailbox(address) }
            user = try await world.storage.users.create(
                world.practice.id,
                email: "eva@example.org",
                role: "admin",
                password: "ein-gutes-wort",
                now: world.clock.now
            )
        }

        func ask() async throws -> Bool {
            try await world.storage.letters.askPasswordReset(user, now: world.clock.now)
        }

        func send() async { await LetterSender(world: world.environment(mailbox)).round() }

        /// `sent`, `open`, or why it was given up.
        func fates() async throws -> [String] {
            try await world.driver.read { transaction in
                try transaction.query("SELECT sent_at, ended_at, detail FROM letters ORDER BY id").map { row in
                    row.isNull(1) ? "open" : row.isNull(0) ? try row.text(2) : "sent"
                }
            }
        }

        func words() async throws -> Int64 {
            try await world.driver.read { try $0.query("SELECT COUNT(*) FROM password_resets")[0].integer(0) }
        }
    }

    @Test func aLetterLeavesByThePracticesOwnMailboxOnceAndIsNoMessageOfTheLog() async throws {
        let house = try await House()
        #expect(try await house.ask())
        #expect(try await house.ask(), "a second wish finds the first on its way")
        await house.send()
        await house.send()
        #expect(house.mailbox.mails.map(\.recipient.value) == ["eva@example.org"])
        #expect(house.mailbox.calls == ["sign in", "send"], "no copy: it holds the way to a new password")
        #expect(try await house.fates() == ["sent"])
        #expect(try await house.world.log().isEmpty)
        #expect(try await house.words() == 1)
    }

    @Test func ofTwoNodesOneSends() async throws {
        let house = try await House(
            .init(send: { mail, _ in
                try? await Task.sleep(for: .milliseconds(20))
                return .accepted(ProviderReference(raw: mail.name))
            })
        )
        #expect(try await house.ask())
        let nodes = [0, 1].map { _ in LetterSender(world: house.world.environment(house.mailbox)) }
        await withDiscardingTaskGroup { group in
            for node in nodes { group.addTask { await node.round() } }
        }
        #expect(house.mailbox.mails.count == 1)
    }

    @Test func withoutAMailboxOfThePracticesOwnNoneIsTaken() async throws {
        let house = try await House(mailbox: nil)
        #expect(try await !house.ask())
        let practitioner = try await house.world.storage.practitioners.create(
            house.world.practice.id,
            PractitionerDraft(name: "Eva Berger"),
            now: house.world.clock.now
        )
        _ = try await house.world.mailbox("eva@example.at", of: practitioner.id)
        #expect(try await !house.ask(), "a practitioner's is not the practice's")
        let box = try await house.world.mailbox("praxis@example.at")
        #expect(try await house.ask())
        _ = try await house.world.storage.mailboxes.change(
            box.id,
            of: house.world.practice.id,
            now: house.world.clock.now,
            edit: { $0.isEnabled = false }
        )
        await house.send()
        #expect(house.mailbox.mails.isEmpty)
        #expect(try await house.fates() == ["open"], "it may be switched on again in time")
    }

    @Test func whatDidNotLeaveIsTriedAgainAtGrowingPausesUntilItIsTooLate() async throws {
        let house = try await House(.init(signIn: .unreachable(detail: "no route")))
        let asked = house.world.clock.now
        #expect(try await house.ask())
        var tries = 0
        for second in stride(from: 0.0, through: 4_000, by: 10) {
            house.world.clock.set(asked + second)
            await house.send()
        }
        tries = house.mailbox.calls.count
        #expect((6...14).contains(tries), "\(tries)")
        #expect(try await house.fates() == ["not reached: no route"])
        #expect(try await house.words() == 0, "no word is made before the mailbox lets us in")
    }

    @Test(arguments: [
        (SendOutcome.refused(.providerRefused, detail: "550"), "refused: 550"),
        (.unknown(detail: "time-out"), "no answer: time-out"),
    ])
    func whatWasRefusedOrMayHaveLeftIsNotSentAgain(outcome: SendOutcome, fate: String) async throws {
        let house = try await House(.init(send: { _, _ in outcome }))
        #expect(try await house.ask())
        await house.send()
        house.world.clock.set(house.world.clock.now + 1_000)
        await house.send()
        #expect(house.mailbox.mails.count == 1)
        #expect(try await house.fates() == [fate])
    }

    @Test func aLetterThatFoundItsMailboxAgainLeavesAfterAll() async throws {
        let house = try await House(.init(signIn: .accountRefused(detail: "535")))
        #expect(try await house.ask())
        await house.send()
        house.mailbox.change { $0.signIn = nil }
        await house.send()
        #expect(house.mailbox.mails.isEmpty, "not before its pause is over")
        house.world.clock.set(house.world.clock.now + 60)
        await house.send()
        #expect(house.mailbox.mails.count == 1)
    }

    @Test func aNewAddressOfTheUserEndsALetterToTheOldOne() async throws {
        let house = try await House()
        #expect(try await house.ask())
        try await house.world.run("UPDATE users SET email = 'neu@example.org'")
        await house.send()
        #expect(house.mailbox.mails.isEmpty)
        #expect(try await house.fates() == ["the user has another address now"])
    }
}
