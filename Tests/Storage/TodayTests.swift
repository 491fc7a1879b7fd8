import Database
import Domain
import Foundation
import Storage
import TestDatabase
import Testing

/// What the start page counts.
@Suite struct TodayTests {
    private let day = LocalDate(iso: "2027-03-01")

    private func reminder(_ world: World, _ kind: String, start: String = "2027-03-02T10:30") async throws -> Reminder {
        let patient = try await world.patient(kind: kind)
        let appointment = try await world.book(patient, start: start, now: world.now - 5 * 86_400).appointment
        return try #require(try await world.standings(appointment).first?.reminder)
    }

    private func message(
        _ world: World,
        _ status: String?,
        _ kind: String = "sms",
        unclear: Bool = false,
        settled: Bool = true,
        at moment: Date? = nil
    ) async throws {
        let id = try await world.attempt(
            try await reminder(world, kind),
            at: moment ?? world.now - 3 * 3600,
            outcome: nil,
            settled: settled
        )
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE messages SET status = $1, unclear = $2 WHERE id = $3",
                status,
                unclear,
                id.rawValue
            )
        }
    }

    private func counts(_ world: World, _ day: LocalDate? = nil, now: Date? = nil) async throws -> DayCounts {
        try await world.storage.today.counts(
            world.practice.id,
            try #require(day ?? self.day),
            in: world.practice.timeZone,
            now: now ?? world.now
        )
    }

    @Test func messagesOfBothChannelsAreToldApartByWhatBecameOfThem() async throws {
        let world = try await World()
        for status in ["delivered", "delivered", "submitted", "undeliverable", "expired"] {
            try await message(world, status)
        }
        try await message(world, nil, unclear: true)
        try await message(world, "service_unreachable", settled: false)
        try await message(world, "submitted", "email")
        try await message(world, "bounced", "email")
        let counts = try await counts(world)
        var sms = DayTally()
        (sms.delivered, sms.handedOver, sms.failed, sms.unclear, sms.retried) = (2, 1, 2, 1, 1)
        var email = DayTally()
        (email.handedOver, email.failed) = (1, 1)
        #expect(counts.sms == sms && counts.email == email)
        #expect(counts.sent == 9 && counts.waiting == 0 && counts.later == 0)
    }

    @Test func whatIsDueWaitsAndWhatIsNotComesLater() async throws {
        let world = try await World()
        _ = try await reminder(world, "sms")
        let stopped = try await reminder(world, "email")
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE reminders SET reason = 'no_mailbox' WHERE id = $1",
                stopped.id.rawValue
            )
        }
        let early = try world.instant("2027-03-01T06:59:59+01:00")
        let before = try await counts(world, now: early)
        #expect(before.later == 2 && before.waiting == 0)
        #expect(before.laterFrom == (try world.instant("2027-03-01T07:00:00+01:00")))
        let after = try await counts(world)
        #expect(after.later == 0 && after.waiting == 2 && after.stopped == 1)
    }

    @Test func aReminderWhoseStandInGoesIsCountedOnce() async throws {
        let world = try await World()
        try await message(world, "bounced", "both")
        try await world.driver.write { transaction in
            try transaction.script(
                """
                UPDATE reminders SET stands_in_for = (SELECT reminder_id FROM messages), state = 'planned', reason = NULL
                WHERE id NOT IN (SELECT reminder_id FROM messages)
                """
            )
        }
        let replaced = try await counts(world)
        #expect(replaced.failed == 0 && replaced.others.failed == 1)
        try await world.driver.write { try $0.script("UPDATE reminders SET state = 'skipped' WHERE stands_in_for > 0") }
        #expect(try await counts(world).failed == 1, "nothing goes instead")
    }

    @Test func correctionsCostAndAreNoReminders() async throws {
        let world = try await World()
        try await message(world, "delivered")
        try await world.driver.write { transaction in
            try transaction.script("UPDATE reminders SET purpose = 'correction'")
            try transaction.script("UPDATE messages SET price = 75000, currency = 'EUR'")
        }
        let counts = try await counts(world)
        #expect(counts.sent == 0 && counts.messages == 1 && counts.others.delivered == 1)
        #expect(counts.prices == [Price(micros: 75_000, currency: "EUR")])
    }

    /// The clocks go forward on 28 March 2027 and back on 31 October.
    @Test(arguments: [
        ("2027-03-28", "2027-03-28T00:00:00+01:00", "2027-03-28T23:59:59+02:00"),
        ("2027-10-31", "2027-10-31T00:00:00+02:00", "2027-10-31T23:59:59+01:00"),
    ])
    func aDayWithAnotherNumberOfHoursHoldsAllOfItsMessagesAndNoOthers(
        iso: String,
        first: String,
        last: String
    ) async throws {
        let world = try await World()
        let (first, last) = (try world.instant(first), try world.instant(last))
        for moment in [first - 1, first, last, last + 1] { try await message(world, "delivered", at: moment) }
        let day: LocalDate = try #require(LocalDate(iso: iso))
        let counts = try await counts(world, day, now: last)
        #expect(counts.sms.delivered == 2)
    }

    @Test func theNextSendingIsOfTheFirstDayThatHasAny() async throws {
        let world = try await World()
        _ = try await reminder(world, "sms", start: "2027-03-05T10:30")
        _ = try await reminder(world, "email", start: "2027-03-05T10:30")
        _ = try await reminder(world, "sms", start: "2027-03-08T10:30")
        let today = world.storage.today
        let first = try #require(day)
        let next = try #require(try await today.next(world.practice.id, from: first))
        #expect(next.day.iso == "2027-03-04" && next.planned == [.sms: 1, .email: 1])
        #expect(next.dueAt == (try world.instant("2027-03-04T07:00:00+01:00")))
        let after = try #require(LocalDate(iso: "2027-03-05"))
        #expect(try await today.next(world.practice.id, from: after)?.planned == [.sms: 1])
        #expect(try await today.next(world.practice.id, from: after.adding(days: 30)) == nil)
    }

    @Test func whatFailedStandsBeforeWhatIsOpenAndWhatArrived() async throws {
        let world = try await World()
        try await message(world, "submitted")
        try await message(world, "delivered")
        try await message(world, "undeliverable")
        try await message(world, nil, unclear: true)
        let lines = try await world.storage.today.lines(
            world.practice.id,
            try #require(day),
            in: world.practice.timeZone,
            limit: 3
        )
        #expect(lines.map(\.message.state.status) == [.undeliverable, nil, .submitted])
        #expect(lines.first?.patientName == "Huber, Anna")
    }

    @Test(.enabled(if: TestDatabase.engine == .sqlite, "EXPLAIN QUERY PLAN is SQLite's"))
    func noNumberOfTheDayCostsALookAtEveryRow() async throws {
        let world = try await World()
        for statement in [
            """
            SELECT m.channel, COUNT(*) FROM messages m JOIN reminders r ON r.id = m.reminder_id
            LEFT JOIN reminders o ON o.appointment_id = r.appointment_id AND o.stands_in_for = r.id
            WHERE m.practice_id = 1 AND m.created_at >= 2 AND m.created_at < 3 GROUP BY m.channel
            """,
            """
            SELECT COUNT(*) FROM reminders r
            WHERE r.practice_id = 1 AND r.channel = 'sms' AND r.day = 'd' AND r.state = 'planned'
                AND r.purpose = 'reminder' AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.reminder_id = r.id)
            """,
            """
            SELECT DISTINCT a.id, a.start_at FROM appointments a
            JOIN reminders r ON r.appointment_id = a.id LEFT JOIN messages m ON m.reminder_id = r.id
            WHERE a.practice_id = 1 AND a.start_at > 2 AND a.start_at < 3 AND a.status IN ('booked', 'cancelled')
                AND ((r.state = 'skipped' AND r.reason IN ('too_late_to_send', 'no_mobile', 'no_email'))
                    OR (r.state = 'planned' AND r.due_at <= 2)
                    OR m.unclear = 1 OR m.status NOT IN ('submitted', 'delivered'))
            ORDER BY a.start_at, a.id LIMIT 4
            """,
        ] {
            let plan = try await world.driver.read { transaction in
                try transaction.query("EXPLAIN QUERY PLAN " + statement).map { try $0.text(3) }
            }
            for table in ["a", "m", "r", "o"] {
                #expect(!plan.contains("SCAN \(table)"), "\(statement): \(plan)")
            }
        }
    }

    @Test func providersThatAreAllIllAreWarnedOf() async throws {
        let world = try await World()
        func isWarned() async throws -> Bool {
            try await world.storage.forecast.warnings(world.practice.id, now: world.now)
                .contains { $0.code == .providerInTrouble }
        }
        #expect(try await !isWarned())
        var ids: [Provider.ID] = []
        for name in ["eins", "zwei"] {
            ids.append(
                try await world.storage.providers.add(ProviderDraft(name: name, kind: "simulator"), now: world.now).id
            )
        }
        try await world.storage.health.note(.resting, of: ids[0], at: world.now)
        #expect(try await !isWarned(), "another one carries")
        try await world.storage.health.note(.silent, of: ids[1], at: world.now)
        #expect(try await isWarned())
        try await world.storage.health.note(.silent, of: ids[1], at: world.now - 3600)
        #expect(try await !isWarned(), "that is long ago")
    }
}
