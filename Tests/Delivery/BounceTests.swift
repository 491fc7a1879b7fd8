import Database
import Delivery
import Domain
import Foundation
import Storage
import Synchronization
import Testing

/// What comes back to the mailbox: it ends the message, once, and tells why.
@Suite struct BounceTests {
    private static func report(
        _ mail: OutgoingMail?,
        to recipient: String? = nil,
        _ reason: BounceReason = .unknownRecipient,
        isFinal: Bool = true,
        detail: String = "5.1.1 no such user"
    ) -> BounceReport {
        BounceReport(
            name: mail?.name,
            recipient: recipient.flatMap { EmailAddress(stored: $0) },
            reason: reason,
            isFinal: isFinal,
            detail: detail
        )
    }

    /// One e-mail left at 07:00; the mailbox tells the reports at the first reading after that, and from then on nothing.
    private static func world(_ mailbox: ScriptedMailbox, count: Int = 1) async throws -> World {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        for number in 0..<count { try await world.bookMail(to: "Anna\(number)@example.org") }
        try world.set(World.morning)
        try await world.drain(mailbox)
        return world
    }

    private static func tell(_ mailbox: ScriptedMailbox, _ reports: [BounceReport]) {
        mailbox.change { script in
            script.news = { position in
                let next = (position?.next ?? 10) + 1
                let isFirst = position?.next == 10
                return .success(
                    MailboxNews(position: MailboxPosition(validity: 1, next: next), reports: isFirst ? reports : [])
                )
            }
        }
    }

    @Test func upToWhereTheMailboxIsFilledIsKnownBeforeTheFirstMailLeaves() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        #expect(mailbox.calls == ["news", "send"])
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        #expect(try await world.storage.bounces.position(of: box.id) == MailboxPosition(validity: 1, next: 10))
        // What comes back before anybody looks the next time is new.
        Self.tell(mailbox, [Self.report(mailbox.mails[0])])
        await world.read(mailbox)
        #expect(try await world.log().map(\.state.status) == [.bounced])
    }

    @Test func aBounceEndsTheMessageWithItsReasonAndMarksTheAddress() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        Self.tell(mailbox, [Self.report(mailbox.mails[0])])
        #expect(await world.read(mailbox) == 1)
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: .bounced) && message.bounce == .unknownRecipient)
        let receipts = try await world.storage.messages.receipts(of: message.id, world.practice.id)
        #expect(receipts.map(\.status) == [.bounced] && receipts.map(\.detail) == ["5.1.1 no such user"])
        let patient = try #require(try await world.storage.patients.list(world.practice.id).items.first)
        #expect(patient.emailBounce == EmailBounce(at: world.clock.now, reason: .unknownRecipient))
        #expect(try await world.mailRows().map(\.copy) == ["wanted"], "what came back has left")
    }

    @Test func anotherAddressTakesTheMarkAwayAndALaterReportAboutTheOldOneDoesNotBringItBack() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox, count: 2)
        let patients = try await world.storage.patients.list(world.practice.id).items
        let (first, second) = (patients[1], patients[0])
        Self.tell(mailbox, [Self.report(mailbox.mails.first { $0.recipient.value == "Anna0@example.org" })])
        await world.read(mailbox)
        let changed = try await world.storage.patients.change(first.id, world.practice.id, now: world.clock.now) {
            $0.email = "neu@example.org"
        }
        #expect(changed.emailBounce == nil)
        _ = try await world.storage.patients.change(second.id, world.practice.id, now: world.clock.now) {
            $0.email = "auch.neu@example.org"
        }
        mailbox.change { script in
            let report = Self.report(mailbox.mails.first { $0.recipient.value == "Anna1@example.org" })
            script.news = { _ in
                .success(MailboxNews(position: MailboxPosition(validity: 1, next: 99), reports: [report]))
            }
        }
        world.clock.set(world.clock.now + 301)
        await world.read(mailbox)
        #expect(try await world.log().map(\.state.status) == [.bounced, .bounced])
        #expect(try await world.storage.patients.find(second.id, world.practice.id).emailBounce == nil)
    }

    @Test(arguments: [BounceReason.mailboxFull, .refused, .notReached, .tooLarge, .other])
    func whatIsNotTheAddressesFaultDoesNotMarkIt(reason: BounceReason) async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        Self.tell(mailbox, [Self.report(mailbox.mails[0], reason)])
        await world.read(mailbox)
        #expect(try await world.log().map(\.bounce) == [reason])
        #expect(try await world.storage.patients.list(world.practice.id).items.map(\.emailBounce) == [nil])
    }

    @Test func aDelayIsTheHistorysAlone() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        let delay = Self.report(mailbox.mails[0], .notReached, isFinal: false, detail: "4.4.1 tried on")
        Self.tell(mailbox, [delay, delay])
        await world.read(mailbox)
        let message = try #require(try await world.log().first)
        #expect(message.state.status == .submitted && message.bounce == nil)
        let receipts = try await world.storage.messages.receipts(of: message.id, world.practice.id)
        #expect(receipts.map(\.detail) == ["4.4.1 tried on"])
    }

    @Test func theSameReportTwiceChangesNothing() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        let report = Self.report(mailbox.mails[0])
        Self.tell(mailbox, [report, Self.report(mailbox.mails[0], .mailboxFull, detail: "later")])
        await world.read(mailbox)
        let message = try #require(try await world.log().first)
        #expect(message.bounce == .unknownRecipient)
        #expect(try await world.storage.messages.receipts(of: message.id, world.practice.id).count == 1)
    }

    @Test func aReportWithoutANameIsTheOnlyMailsToThatRecipient() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox, count: 2)
        Self.tell(mailbox, [Self.report(nil, to: "anna1@EXAMPLE.org")])
        await world.read(mailbox)
        let log = try await world.log()
        #expect(Set(log.filter { $0.state.status == .bounced }.map(\.recipient)) == ["Anna1@example.org"])
    }

    @Test func whereTwoMailsCouldBeMeantOrNoneOfOursIsNothingHappens() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        for _ in 0..<2 { try await world.bookMail(to: "anna@example.org") }
        try world.set(World.morning)
        try await world.drain(mailbox)
        let foreign = BounceReport(
            name: "someone@else.example",
            recipient: EmailAddress(stored: "anna@example.org"),
            reason: .unknownRecipient,
            isFinal: true,
            detail: ""
        )
        Self.tell(mailbox, [Self.report(nil, to: "anna@example.org"), foreign, Self.report(nil)])
        await world.read(mailbox)
        #expect(try await world.log().map(\.state.status) == [.submitted, .submitted])
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        #expect(try await world.storage.bounces.position(of: box.id)?.next == 11, "it was read")
    }

    @Test func aBounceOfAnUnclearMailEndsItAndItIsNotSentOnceMore() async throws {
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .unknown(detail: "time-out") } }
        let world = try await Self.world(mailbox)
        Self.tell(mailbox, [Self.report(mailbox.mails[0])])
        await world.read(mailbox)
        #expect(try await world.log().map(\.state) == [Message.State(status: .bounced)])
        world.clock.set(world.clock.now + 7200)
        await world.rescue(mailbox)
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 1)
    }

    @Test func whatCannotBeReadIsSaidUntilItCan() async throws {
        let mailbox = ScriptedMailbox { $0.news = { _ in .failure(MailboxTrouble("wrong password")) } }
        let world = try await Self.world(mailbox)
        #expect(try await world.log().map(\.state.status) == [.submitted], "sending goes on")
        func trouble() async throws -> [String] {
            try await world.driver.read { transaction in
                try transaction.query("SELECT read_trouble FROM mailboxes").map { try $0.text(0) }
            }
        }
        #expect(try await trouble() == ["wrong password"])
        mailbox.change { $0.news = ScriptedMailbox.Script().news }
        await world.read(mailbox)
        #expect(try await trouble() == [""])
    }

    @Test func aMailboxIsReadOftenAfterItSentThenHourlyThenNotAtAll() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        let began = world.clock.now
        let steps: [(seconds: Double, readings: Int)] = [
            (0, 1), (200, 0), (301, 1), (602, 1), (49 * 3600, 1), (49 * 3600 + 600, 0), (50 * 3600 + 1, 1),
            (8 * 86_400, 0),
        ]
        for step in steps {
            world.clock.set(began + step.seconds)
            #expect(await world.read(mailbox) == step.readings, "after \(step.seconds) s")
        }
    }

    @Test func twoNodesDoNotReadTheSameMailboxAndApplyNoNewsTwice() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox)
        let (one, other) = (world.environment(mailbox), world.environment(mailbox))
        async let first = MailboxReader(world: one).round()
        async let second = MailboxReader(world: other).round()
        #expect(await first + second == 1)
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        let turn = ReadingTurn(mailbox: box, position: try await world.storage.bounces.position(of: box.id))
        let news = MailboxNews(position: MailboxPosition(validity: 1, next: 20), reports: [])
        #expect(try await world.storage.bounces.record(news, of: turn, now: world.clock.now) != nil)
        #expect(try await world.storage.bounces.record(news, of: turn, now: world.clock.now) == nil)
    }

    @Test func aNewMailboxIsReadOnceBeforeItSends() async throws {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        let mailbox = ScriptedMailbox()
        #expect(await world.read(mailbox) == 1)
        #expect(await world.read(mailbox) == 0)
        world.clock.set(world.clock.now + 7200)
        #expect(await world.read(mailbox) == 0)
    }

    @Test func moreNewsThanOneReadingGivesIsReadAtOnce() async throws {
        let mailbox = ScriptedMailbox()
        let world = try await Self.world(mailbox, count: 2)
        mailbox.change { script in
            script.news = { position in
                let next = position?.next ?? 10
                let place = Int(next) - 10
                return .success(
                    MailboxNews(
                        position: MailboxPosition(validity: 1, next: next + 1),
                        reports: place < 2 ? [Self.report(mailbox.mails[place])] : [],
                        hasMore: place < 2
                    )
                )
            }
        }
        await world.read(mailbox)
        #expect(try await world.log().map(\.state.status) == [.bounced, .bounced])
    }
}
