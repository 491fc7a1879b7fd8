@testable import Delivery
import Domain
import Foundation
import Storage
import Testing

/// E-mails whose outcome is unknown: what the Sent folder tells, and what happens where it tells nothing.
@Suite struct MailEvidenceTests {
    private static func unknownFirst(_ lookUp: LookUp, polls: Bool = true) -> ScriptedMailbox {
        ScriptedMailbox { script in
            script.send = { mail, attempt in
                attempt == 1 ? .unknown(detail: "no answer") : .accepted(ProviderReference(raw: mail.name))
            }
            script.lookUp = { _ in lookUp }
            script.polling = polls ? Polling(first: 20) : nil
        }
    }

    private static func world(_ mailbox: ScriptedMailbox) async throws -> World {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        try world.set(World.morning)
        try await world.drain(mailbox)
        return world
    }

    private static func poll(_ world: World, _ mailbox: ScriptedMailbox) async throws {
        let environment = world.environment(mailbox)
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        let intake = LaneIntake(box.id, world: environment)
        await StatusPoller(provider: box.id, channel: mailbox, intake: intake, world: environment)
            .round(Polling(first: 20))
    }

    @Test func whatIsFoundInSentHasLeftAndNeedsNoCopy() async throws {
        let mailbox = Self.unknownFirst(.found(ProviderReference(raw: "found")))
        let world = try await Self.world(mailbox)
        #expect(try await world.log().map(\.state) == [Message.State(status: nil, unclear: true)])
        world.clock.set(world.clock.now + 21)
        try await Self.poll(world, mailbox)
        #expect(try await world.log().map(\.state) == [Message.State(status: .submitted)])
        #expect(try await world.mailRows().map { $0.copy == "kept" && $0.bytes == nil } == [true])
        world.clock.set(world.clock.now + 7200)
        await world.rescue(mailbox)
        try await world.drain(mailbox)
        await world.copy(over: mailbox)
        #expect(mailbox.mails.count == 1 && mailbox.copies.isEmpty)
    }

    @Test func whatIsAskedForIsItsMessageID() async throws {
        let mailbox = ScriptedMailbox { script in
            script.send = { _, _ in .unknown(detail: "no answer") }
            script.polling = Polling(first: 20)
            script.lookUp = { .found(ProviderReference(raw: $0.reference)) }
        }
        let world = try await Self.world(mailbox)
        world.clock.set(world.clock.now + 21)
        try await Self.poll(world, mailbox)
        #expect(try await world.log().map(\.providerMessageID) == [mailbox.mails[0].name])
    }

    @Test func whatTheServerWouldHaveAndHasNotSurelyDidNotLeaveAndIsSentUnmarked() async throws {
        let mailbox = Self.unknownFirst(.absent)
        let world = try await Self.world(mailbox)
        world.clock.set(world.clock.now + 60)
        try await Self.poll(world, mailbox)
        #expect(try await world.log().map(\.state.unclear) == [true], "too early to believe")
        world.clock.set(world.clock.now + 600)
        try await Self.poll(world, mailbox)
        #expect(try await world.log().map(\.state) == [Message.State(status: .serviceUnreachable)])
        world.clock.set(world.clock.now + 60)
        try await world.drain(mailbox)
        let message = try #require(try await world.log().first)
        #expect(mailbox.mails.count == 2 && message.state.status == .submitted && !message.possiblyTwice)
    }

    @Test func withoutEvidenceItIsSentOnceMoreUnderTheSameNameAndMarked() async throws {
        let mailbox = Self.unknownFirst(.notTold, polls: false)
        let world = try await Self.world(mailbox)
        try world.set("2027-03-01T08:00:01+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 1, "evidence is awaited from when the mailbox is open again")
        try world.set("2027-03-01T09:00:02+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 2 && Set(mailbox.mails.map(\.name)).count == 1)
        #expect(try await world.log().map(\.possiblyTwice) == [true])
        await world.copy(over: mailbox)
        #expect(mailbox.copies.count == 1)
    }

    @Test func nobodyIsAskedAboutWhatWasAccepted() async throws {
        let mailbox = ScriptedMailbox { $0.polling = Polling(first: 20) }
        let world = try await Self.world(mailbox)
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        #expect(try await world.storage.polls.nextDue(box.id) == nil)
    }

    @Test func afterARestartTheMailboxIsOpenedForWhatIsUnclearAndTheRestIsJudged() async throws {
        let mailbox = Self.unknownFirst(.notTold, polls: false)
        let world = try await Self.world(mailbox)
        // New processes: nothing of the old one is left but the tables.
        for time in ["2027-03-01T07:30:00+01:00", "2027-03-01T08:30:01+01:00"] {
            try world.set(time)
            let environment = world.environment(mailbox)
            try await Dispatcher(world: environment, extent: .untilDrained(receiptSeconds: 0)).run()
        }
        #expect(mailbox.mails.count == 2)
        #expect(try await world.log().map(\.possiblyTwice) == [true])
    }

    @Test func aMailboxThatIsSwitchedOffSendsNothingAndWhatIsUnclearHasAnEnd() async throws {
        let mailbox = Self.unknownFirst(.notTold, polls: false)
        let world = try await Self.world(mailbox)
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        _ = try await world.storage.mailboxes.change(
            box.id,
            of: world.practice.id,
            now: world.clock.now,
            edit: { $0.isEnabled = false }
        )
        try await world.bookMail(to: "berta@example.org")
        for time in ["2027-03-01T08:00:01+01:00", "2027-03-01T12:00:00+01:00", "2027-03-01T20:30:00+01:00"] {
            try world.set(time)
            await world.rescue(mailbox)
            try await world.drain(mailbox)
        }
        #expect(mailbox.mails.count == 1)
        #expect(try await world.log().map(\.state) == [Message.State(status: .providerError, presumed: true)])
        #expect(try await world.storage.queue.nextDue() == nil)
    }
}
