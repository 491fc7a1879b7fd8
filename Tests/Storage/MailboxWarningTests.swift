import Database
import Domain
import Foundation
import Storage
import Testing

@Suite struct MailboxWarningTests {
    /// What is wrong with a mailbox.
    enum Trouble: String, CaseIterable {
        case none, off, unread, resting
    }

    @discardableResult
    private func mailbox(_ world: World, _ address: String = "praxis@example.at") async throws -> Mailbox {
        var draft = MailboxDraft()
        draft.address = address
        draft.smtp = "smtps://smtp.example.at:465"
        return try await world.storage.mailboxes.add(draft, practice: world.practice.id, now: world.now)
    }

    private func warnings(_ world: World) async throws -> [ForecastWarning] {
        try await world.storage.forecast.warnings(world.practice.id, now: world.now)
            .filter { [.emailWithoutMailbox, .mailboxForSome, .mailboxInTrouble].contains($0.code) }
    }

    @Test(
        arguments: [
            (.none, []), (.off, [.emailWithoutMailbox]), (.unread, [.mailboxInTrouble]),
            (.resting, [.mailboxInTrouble]),
        ] as [(Trouble, [PracticeWarning])]
    )
    func `A mailbox that is well is nothing to warn of`(trouble: Trouble, expected: [PracticeWarning]) async throws {
        let world = try await World()
        let one = try await mailbox(world)
        try await mailbox(world, "eva@example.at")
        switch trouble {
        case .none: break
        case .off:
            for mailbox in try await world.storage.mailboxes.all(of: world.practice.id) {
                _ = try await world.storage.mailboxes.change(
                    mailbox.id,
                    of: world.practice.id,
                    now: world.now,
                    edit: { $0.isEnabled = false }
                )
            }
        case .unread:
            try await world.driver.write { transaction in
                _ = try transaction.execute(
                    "UPDATE mailboxes SET read_trouble = 'no' WHERE provider_id = $1",
                    one.id.rawValue
                )
            }
        case .resting: try await world.storage.health.note(.resting, of: one.id, detail: "no", at: world.now)
        }
        let found = try await warnings(world)
        #expect(found.map(\.code) == expected)
        #expect(
            found.flatMap(\.mailboxes).map(\.address.value)
                == (expected == [.mailboxInTrouble] ? ["praxis@example.at"] : [])
        )
    }

    @Test func `SMS that are off are no lack to whom e-mails are enough`() async throws {
        let world = try await World()
        let codes = { try await world.storage.forecast.warnings(world.practice.id, now: world.now).map(\.code) }
        let turn: @Sendable (Bool, Bool) async throws -> Void = { sms, email in
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) {
                $0.smsEnabled = sms
                $0.emailEnabled = email
            }
        }
        try await mailbox(world)
        try await turn(false, true)
        #expect(try await codes().isEmpty)
        try await turn(false, false)
        #expect(try await codes() == [.smsOff])
        try await turn(true, true)
        _ = try await world.book(try await world.patient())
        try await turn(false, true)
        #expect(try await codes() == [.smsOff], "one waits for it")
    }

    @Test func `Without e-mail nothing is said of mailboxes, and another practice's is none of ours`() async throws {
        let world = try await World { $0.emailEnabled = false }
        #expect(try await warnings(world).isEmpty)
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.emailEnabled = true }
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        var draft = MailboxDraft()
        draft.address = "andere@example.at"
        draft.smtp = "smtps://smtp.example.at:465"
        _ = try await world.storage.mailboxes.add(draft, practice: other.id, now: world.now)
        #expect(try await warnings(world).map(\.code) == [.emailWithoutMailbox])
        #expect(try await world.storage.mailboxes.standings(of: world.practice.id).isEmpty)
        #expect(try await world.storage.mailboxes.standings().count == 1)
    }

    @Test func `Where only a practitioner has a mailbox, a planned e-mail of anybody else is warned of`() async throws {
        let world = try await World()
        var person = PractitionerDraft()
        person.name = "Eva"
        let eva = try await world.storage.practitioners.create(world.practice.id, person, now: world.now)
        let mailbox = try await mailbox(world)
        let give: @Sendable (String) async throws -> Void = { owner in
            _ = try await world.storage.mailboxes.change(
                mailbox.id,
                of: world.practice.id,
                now: world.now,
                edit: { $0.practitionerID = owner }
            )
        }
        try await give(eva.id.description)
        #expect(try await warnings(world).isEmpty, "nothing is planned yet")
        let appointment = try await world.book(try await world.patient(kind: "email")).appointment
        #expect(try await warnings(world).map(\.code) == [.mailboxForSome])
        _ = try await world.change(appointment) { $0.practitionerID = eva.id.description }
        #expect(try await warnings(world).isEmpty, "it leaves by hers")
        _ = try await world.change(appointment) { $0.practitionerID = "" }
        try await give("")
        #expect(try await warnings(world).isEmpty, "the practice's carries all")
    }

    @Test func `A practitioner with a mailbox is not deleted before it is given away`() async throws {
        let world = try await World()
        var person = PractitionerDraft()
        person.name = "Eva"
        let eva = try await world.storage.practitioners.create(world.practice.id, person, now: world.now)
        let mailbox = try await mailbox(world)
        let give: @Sendable (String) async throws -> Void = { owner in
            _ = try await world.storage.mailboxes.change(
                mailbox.id,
                of: world.practice.id,
                now: world.now,
                edit: { $0.practitionerID = owner }
            )
        }
        try await give(eva.id.description)
        await #expect(throws: ProblemList(FieldProblem("id", .inUse, ["reason": "mailbox"]))) {
            try await world.storage.practitioners.delete(eva.id, world.practice.id)
        }
        try await give("")
        try await world.storage.practitioners.delete(eva.id, world.practice.id)
    }

    @Test func `How far a mailbox was read and what it learned is told`() async throws {
        let world = try await World()
        let mailbox = try await mailbox(world)
        #expect(try await world.storage.mailboxes.standings()[mailbox.id] == MailboxStanding())
        let now = world.now
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                """
                UPDATE mailboxes SET read_at = $1, read_trouble = 'full', held_until = $2, learned_hour = 50,
                    learned_day = 200
                """,
                Int64(now.timeIntervalSince1970 * 1_000),
                Int64(now.timeIntervalSince1970 * 1_000) + 60_000
            )
        }
        let expected = MailboxStanding(
            readAt: now,
            trouble: "full",
            heldUntil: now + 60,
            perHour: 50,
            perDay: 200
        )
        #expect(try await world.storage.mailboxes.standings()[mailbox.id] == expected)
    }
}
