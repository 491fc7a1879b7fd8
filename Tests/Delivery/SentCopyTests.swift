import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Copies of e-mails in the mailbox's Sent folder: kept once, tried for long, and never a reason to send again.
@Suite struct SentCopyTests {
    private static func sent(
        _ mailbox: ScriptedMailbox,
        count: Int = 1,
        edit: @escaping @Sendable (inout MailboxDraft) -> Void = { _ in }
    ) async throws -> World {
        let world = try await World()
        let box = try await world.mailbox("praxis@example.at")
        _ = try await world.storage.mailboxes.change(
            box.id,
            of: world.practice.id,
            now: world.clock.now,
            edit: { edit(&$0) }
        )
        for number in 0..<count { try await world.bookMail(to: "anna\(number)@example.org") }
        try world.set(World.morning)
        try await world.drain(mailbox)
        return world
    }

    @Test func whatLeftIsCopiedByteByByteAndItsBytesAreForgottenThen() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox)
        let before = try await world.mailRows()
        #expect(before.map(\.copy) == ["wanted"] && before.first?.bytes == mailbox.mails.first?.bytes)
        await world.copy(over: mailbox)
        #expect(mailbox.copies == mailbox.mails && mailbox.calls.suffix(1) == ["copy"])
        let after = try await world.mailRows()
        #expect(after.map(\.copy) == ["kept"] && after.first?.bytes == nil)
        await world.copy(over: mailbox)
        #expect(mailbox.copies.count == 1)
    }

    @Test func whereTheServerKeepsCopiesByItselfNothingIsKeptOnceItLeft() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox) { $0.options[MailboxOption.sentCopy] = "server" }
        #expect(try await world.mailRows().map { $0.copy == "none" && $0.bytes == nil } == [true])
        await world.copy(over: mailbox)
        #expect(mailbox.copies.isEmpty)
    }

    @Test func whatWasRefusedIsForgottenAtOnce() async throws {
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .refused(.providerRefused, detail: "5.1.1") } }
        let world = try await Self.sent(mailbox)
        #expect(try await world.mailRows().map { $0.copy == "none" && $0.bytes == nil } == [true])
    }

    @Test func whatIsTriedAgainIsWrittenAnewUnderTheSameName() async throws {
        let mailbox = ScriptedMailbox { script in
            script.send = { mail, attempt in
                attempt == 1 ? .deferred(detail: "4.7.1") : .accepted(ProviderReference(raw: mail.name))
            }
        }
        let world = try await Self.sent(mailbox)
        try world.set("2027-03-01T07:05:00+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 2 && Set(mailbox.mails.map(\.name)).count == 1)
        #expect(try await world.log().map(\.possiblyTwice) == [false])
        await world.copy(over: mailbox)
        #expect(mailbox.copies == [mailbox.mails[1]])
    }

    @Test func aCopyThatFailsIsTriedAgainLaterAndLookedForFirstAndTheMailIsNotSentAgain() async throws {
        let mailbox = ScriptedMailbox { $0.copy = { _, isAgain in isAgain ? .kept : .failed(detail: "no room") } }
        let world = try await Self.sent(mailbox)
        await world.copy(over: mailbox)
        let failed = try #require(try await world.mailRows().first)
        #expect(failed.copy == "wanted" && failed.detail == "no room" && failed.bytes != nil)
        await world.copy(over: mailbox)
        #expect(mailbox.calls.filter { $0.hasPrefix("copy") } == ["copy"], "not before its time")
        world.clock.set(world.clock.now + 76)
        await world.copy(over: mailbox)
        #expect(mailbox.calls.filter { $0.hasPrefix("copy") } == ["copy", "copy again"])
        let kept = try #require(try await world.mailRows().first)
        #expect(kept.copy == "kept" && kept.detail.isEmpty)
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 1)
    }

    @Test func afterThreeDaysACopyIsGivenUpWithItsReason() async throws {
        let mailbox = ScriptedMailbox { $0.copy = { _, _ in .failed(detail: "no Sent folder") } }
        let world = try await Self.sent(mailbox)
        for _ in 0..<40 {
            await world.copy(over: mailbox)
            world.clock.set(world.clock.now + 3600 * 7)
        }
        let row = try #require(try await world.mailRows().first)
        #expect(row.copy == "failed" && row.bytes == nil && row.detail == "no Sent folder")
        #expect((10...20).contains(mailbox.calls.filter { $0.hasPrefix("copy") }.count))
        #expect(try await world.log().map(\.state.status) == [.submitted])
    }

    @Test func oneCopyThatNeverWorksDoesNotHoldUpTheOthers() async throws {
        let mailbox = ScriptedMailbox { script in
            script.copy = { mail, _ in
                mail.recipient.value == "anna0@example.org" ? .failed(detail: "too large") : .kept
            }
        }
        let world = try await Self.sent(mailbox, count: 3)
        for _ in 0..<3 {
            await world.copy(over: mailbox)
            world.clock.set(world.clock.now + 61)
        }
        #expect(try await world.mailRows().map(\.copy).sorted() == ["kept", "kept", "wanted"])
    }

    @Test func aCopierThatDiedLeavesACopyThatIsLookedForFirst() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox)
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        #expect(try await world.storage.copies.take(box.id, limit: 5, now: world.clock.now).count == 1)
        #expect(try await world.storage.copies.take(box.id, limit: 5, now: world.clock.now).isEmpty, "taken once")
        world.clock.set(world.clock.now + 601)
        await world.copy(over: mailbox)
        #expect(mailbox.calls.filter { $0.hasPrefix("copy") } == ["copy again"])
    }

    @Test func workThatEndsByItselfKeepsTheCopiesBeforeItEnds() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox, count: 25)
        await SentCopier(world: world.environment(mailbox)).drain(seconds: 30)
        #expect(mailbox.copies.count == 25)
        #expect(try await world.mailRows().allSatisfy { $0.copy == "kept" })
    }

    @Test func afterSevenDaysNoBytesAreLeftWhateverBecameOfThem() async throws {
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .unknown(detail: "time-out") } }
        let world = try await Self.sent(mailbox)
        #expect(try await world.mailRows().map { $0.bytes == nil } == [false])
        world.clock.set(world.clock.now + 7 * 86_400 + 1)
        await Cleaner(world: world.environment(mailbox)).round()
        #expect(try await world.mailRows().map { $0.copy == "none" && $0.bytes == nil } == [true])
    }

    @Test func aMailDoesNotCountAsAnSMS() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox)
        #expect(try await world.storage.usage.months(world.practice.id, now: world.clock.now).isEmpty)
    }

    @Test func theLogTellsSubjectAndCopy() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox)
        let page = try await world.storage.messages.list(world.practice.id, MessageFilter(channel: .email))
        let line = try #require(page.items.first?.mail)
        #expect(line.copy == .wanted && !line.subject.isEmpty)
        #expect(try await world.storage.messages.list(world.practice.id, MessageFilter(channel: .sms)).items.isEmpty)
        #expect(try await world.storage.counts(now: world.clock.now).waitingCopies == 1)
    }

    @Test func erasingThePatientTakesTheMailAway() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.sent(mailbox)
        let patient = try #require(try await world.storage.patients.list(world.practice.id).items.first)
        try await world.storage.patients.delete(
            patient.id,
            world.practice.id,
            knowing: .everything,
            now: world.clock.now
        )
        let row = try #require(try await world.mailRows().first)
        #expect(row.copy == "none" && row.bytes == nil)
        let line = try #require(try await world.storage.messages.list(world.practice.id).items.first)
        #expect(line.mail?.subject == "" && line.message.text.isEmpty && line.message.recipient.isEmpty)
        await world.copy(over: mailbox)
        #expect(mailbox.copies.isEmpty)
    }
}
