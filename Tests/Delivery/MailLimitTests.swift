import Database
import Delivery
import Domain
import Foundation
import Storage
import Synchronization
import Testing

/// What a mailbox may send in an hour or a day: by its options, or as its server says.
@Suite struct MailLimitTests {
    /// - Parameter limits: options of the mailbox.
    private static func world(_ count: Int, _ limits: [String: String] = [:]) async throws -> World {
        let world = try await World(overdueLimit: 100_000)
        let box = try await world.mailbox("praxis@example.at")
        _ = try await world.storage.mailboxes.change(
            box.id,
            of: world.practice.id,
            now: world.clock.now,
            edit: { $0.options = limits }
        )
        for number in 0..<count { try await world.bookMail(to: "anna\(number)@example.org") }
        try world.set(World.morning)
        return world
    }

    /// A server that takes so many from one full hour to the next, and says so.
    private static func server(_ perHour: Int, _ world: World) -> ScriptedMailbox {
        let counter = HourCounter(perHour)
        return ScriptedMailbox { script in
            script.send = { [clock = world.clock] mail, _ in
                counter.take(at: clock.now)
                    ? .accepted(ProviderReference(raw: mail.name)) : .limited(.hour, detail: "4.7.0 too many")
            }
        }
    }

    @Test func noMoreLeaveInAnHourThanTheOptionSays() async throws {
        let world = try await Self.world(7, [MailboxOption.perHour: "3"])
        let mailbox = ScriptedMailbox()
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 3)
        try world.set("2027-03-01T07:59:59+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 3)
        // Room that comes back is gathered for a minute.
        try world.set("2027-03-01T08:01:00+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 6)
        try world.set("2027-03-01T09:01:01+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 7)
        #expect(try await world.log().allSatisfy { $0.state.status == .submitted && $0.attempts == 1 })
    }

    @Test func theDaysLimitHoldsBesideTheHours() async throws {
        let world = try await Self.world(5, [MailboxOption.perHour: "3", MailboxOption.perDay: "4"])
        let mailbox = ScriptedMailbox()
        for time in [World.morning, "2027-03-01T08:00:01+01:00", "2027-03-01T10:00:00+01:00"] {
            try world.set(time)
            try await world.drain(mailbox)
        }
        #expect(mailbox.mails.count == 4)
    }

    @Test func whatFindsNoRoomBeforeItsLatestTimeSaysSo() async throws {
        let world = try await Self.world(3, [MailboxOption.perDay: "1"])
        let mailbox = ScriptedMailbox()
        try await world.drain(mailbox)
        // By now it is on record when the one left that has to grow old.
        try world.set("2027-03-01T07:02:00+01:00")
        try await world.drain(mailbox)
        let planned = try await Self.reasons(world)
        #expect(planned == ["planned", "planned", "started"], "those that wait have no reason against them")
        try world.set("2027-03-01T20:00:01+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 1)
        #expect(try await Self.reasons(world) == ["skipped too_late_to_send", "skipped too_late_to_send", "started"])
    }

    private static func reasons(_ world: World) async throws -> [String] {
        try await world.driver.read { transaction in
            try transaction.query("SELECT state, COALESCE(reason, '') FROM reminders")
                .map { [try $0.text(0), try $0.text(1)].filter { !$0.isEmpty }.joined(separator: " ") }.sorted()
        }
    }

    @Test func whatAServerTakesInAnHourIsLearnedAndKeptTo() async throws {
        let world = try await Self.world(30)
        let mailbox = Self.server(10, world)
        try await world.drain(mailbox)
        let refused = mailbox.mails.count - 10
        #expect((1...mailbox.window).contains(refused), "no more than were on their way")
        #expect(try await world.log().filter { $0.state.status == .submitted }.count == 10)
        let learned = try await Self.learned(world)
        #expect(learned == 10)
        try world.set("2027-03-01T08:00:01+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 20 + refused, "as many as last time, and not one try more")
        try world.set("2027-03-01T09:00:02+01:00")
        try await world.drain(mailbox)
        #expect(try await world.log().filter { $0.state.status == .submitted }.count == 30)
    }

    private static func learned(_ world: World) async throws -> Int64? {
        try await world.driver.read {
            try $0.query("SELECT learned_hour FROM mailboxes").first?.optionalInteger(0)
        }
    }

    @Test func whereTheAccountWasUsedUpByOthersNothingIsLearnedAndItIsTriedAgain() async throws {
        let world = try await Self.world(2)
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .limited(.hour, detail: "4.7.0") } }
        try await world.drain(mailbox)
        let tried = mailbox.mails.count
        #expect(try await Self.learned(world) == nil && (1...2).contains(tried))
        try world.set("2027-03-01T07:14:59+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == tried)
        mailbox.change { $0.send = ScriptedMailbox.Script().send }
        try world.set("2027-03-01T07:15:01+01:00")
        try await world.drain(mailbox)
        #expect(try await world.log().map(\.state.status) == [.submitted, .submitted])
    }

    @Test func oneThatWasLearnedTooLowForOthersUsedTheAccountIsOutgrown() async throws {
        let world = try await Self.world(30)
        let mailbox = Self.server(1, world)
        try await world.drain(mailbox)
        #expect(try await Self.learned(world) == 1)
        mailbox.change { $0.send = ScriptedMailbox.Script().send }
        for hour in 8...19 {
            try world.set("2027-03-01T\(hour < 10 ? "0" : "")\(hour):00:30+01:00")
            try await world.drain(mailbox)
        }
        #expect(try await world.log().filter { $0.state.status == .submitted }.count > 13, "not one an hour for ever")
    }

    @Test func aChangeOfTheMailboxLooksAtOnce() async throws {
        let world = try await Self.world(2, [MailboxOption.perHour: "1"])
        let mailbox = ScriptedMailbox()
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 1)
        let box = try #require(try await world.storage.mailboxes.all(of: world.practice.id).first)
        _ = try await world.storage.mailboxes.change(
            box.id,
            of: world.practice.id,
            now: world.clock.now,
            edit: { $0.options = [:] }
        )
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 2)
    }

    @Test func twoThousandAreSentAtThePaceThatTheServerAllows() async throws {
        let world = try await Self.world(0)
        let mailbox = Self.server(400, world)
        try world.set(World.saved)
        try await world.book(2000, asMailsOf: "anna@example.org")
        try world.set(World.morning)
        var hours = 0
        while try await world.storage.queue.nextDue() != nil, hours < 12 {
            try await world.drain(mailbox)
            hours += 1
            world.clock.set(world.clock.now + 3601)
        }
        #expect(hours == 5)
        #expect(mailbox.mails.count - 2000 <= mailbox.window)
        #expect(Set(mailbox.mails.map(\.name)).count == 2000)
    }

    @Test func aRecipientThatIsPutOffDoesNotRestTheMailbox() async throws {
        let world = try await Self.world(20)
        let mailbox = ScriptedMailbox { script in
            script.send = { mail, _ in
                mail.recipient.value == "anna19@example.org"
                    ? .accepted(ProviderReference(raw: mail.name)) : .deferred(detail: "4.7.1 greylisted")
            }
        }
        try await world.drain(mailbox)
        #expect(mailbox.mails.count == 20)
        #expect(try await world.log().filter { $0.state.status == .submitted }.count == 1)
    }

    @Test func oneMailboxThatMaySendNoMoreDoesNotHoldUpAnother() async throws {
        let world = try await Self.world(3, [MailboxOption.perHour: "1"])
        var draft = PractitionerDraft()
        draft.name = "Eva"
        let eva = try await world.storage.practitioners.create(world.practice.id, draft, now: world.clock.now)
        try await world.mailbox("eva@example.at", of: eva.id)
        try world.set(World.saved)
        for number in 0..<3 { try await world.bookMail(to: "eva\(number)@example.org", practitioner: eva.id) }
        try world.set(World.morning)
        let (common, own) = (ScriptedMailbox(), ScriptedMailbox())
        try await world.drain(common, ["eva@example.at": own])
        #expect(common.mails.count == 1 && own.mails.count == 3)
    }

    @Test func aFewMailboxesSendAtTheSameTimeAndAllHaveTheirTurn() async throws {
        let world = try await World()
        var people: [Practitioner] = []
        for number in 0..<6 {
            var draft = PractitionerDraft()
            draft.name = "Person \(number)"
            people.append(
                try await world.storage.practitioners.create(world.practice.id, draft, now: world.clock.now)
            )
        }
        for (number, person) in people.enumerated() {
            try await world.mailbox("person\(number)@example.at", of: person.id)
            for _ in 0..<3 { try await world.bookMail(practitioner: person.id) }
        }
        try world.set(World.morning)
        let sending = Peak()
        let mailbox = ScriptedMailbox(window: 1) { script in
            script.send = { mail, _ in
                sending.begin()
                try? await Task.sleep(for: .milliseconds(30))
                sending.end()
                return .accepted(ProviderReference(raw: mail.name))
            }
        }
        let environment = world.environment(mailbox, mailboxesAtOnce: 2)
        try await Dispatcher(world: environment, extent: .untilDrained(receiptSeconds: 0)).run()
        #expect(mailbox.mails.count == 18 && sending.most == 2)
    }
}

/// How many were in it at the same time, at most.
private final class Peak: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func begin() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }

    func end() { state.withLock { $0.now -= 1 } }
}

/// Counts what a server took since the last full hour.
private final class HourCounter: Sendable {
    private let most: Int
    private let state = Mutex((hour: 0, count: 0))

    init(_ most: Int) { self.most = most }

    func take(at now: Date) -> Bool {
        let hour = Int(now.timeIntervalSince1970 / 3600)
        return state.withLock { state in
            if state.hour != hour { state = (hour, 0) }
            guard state.count < most else { return false }
            state.count += 1
            return true
        }
    }
}

extension World {
    /// Many appointments of one patient whose reminders are e-mails, written at once.
    func book(_ count: Int, asMailsOf address: String) async throws {
        let first = try await bookMail(to: address)
        _ = try await driver.write { transaction in
            try transaction.execute(
                """
                INSERT INTO appointments (practice_id, patient_id, location_id, start_at, end_at, start_wall, time_zone,
                    utc_offset, status, reminder_kind, shortfall, generation, version, created_at, changed_at)
                SELECT practice_id, patient_id, location_id, start_at, end_at, start_wall, time_zone, utc_offset, status,
                    reminder_kind, shortfall, generation, version, created_at, changed_at
                FROM appointments WHERE id = $1
                """,
                each: (1..<count).map { _ in [.integer(first.id.rawValue)] }
            )
        }
        try await run(
            """
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,
                due_at, latest_at, next_at, state, turn, calling_code)
            SELECT r.practice_id, a.id, r.patient_id, r.channel, r.purpose, r.generation, r.day, r.time_zone, r.due_at,
                r.latest_at, r.next_at, 'planned', a.id, 0
            FROM reminders r, appointments a WHERE r.appointment_id = \(first.id) AND a.id > \(first.id)
            """
        )
    }
}
