import Database
import Domain
import Foundation
import Storage
import TestDatabase
import Testing

/// Who is to be called, because a reminder did not and will not arrive, and who was.
@Suite struct CallListTests {
    /// Appointments of 2 March are reminded of on 1 March at 07:00; it is 10:00 then.
    private struct House {
        let world: World
        var saved: Date { world.now - 4 * 86_400 }

        init() async throws {
            world = try await World()
            _ = try await world.storage.providers.add(ProviderDraft(name: "p", kind: "simulator"), now: world.now)
        }

        func book(
            _ name: String = "Huber",
            kind: String = "sms",
            start: String = "2027-03-02T10:30"
        ) async throws -> Appointment {
            let patient = try await world.patient(name, kind: kind)
            return try await world.book(patient, start: start, now: saved).appointment
        }

        /// Writes what the engine writes for the reminder of a channel.
        @discardableResult
        func message(
            _ appointment: Appointment,
            _ status: String?,
            _ channel: Channel = .sms,
            unclear: Bool = false,
            settled: Bool = true
        ) async throws -> Message.ID {
            let standing = try #require(
                try await world.standings(appointment, now: saved).first { $0.reminder.channel == channel }
            )
            let id = try await world.attempt(standing.reminder, at: world.now - 10_800, outcome: nil, settled: settled)
            try await world.driver.write { transaction in
                _ = try transaction.execute(
                    "UPDATE messages SET status = $1, unclear = $2 WHERE id = $3",
                    status,
                    unclear,
                    id.rawValue
                )
            }
            return id
        }

        func skip(_ appointment: Appointment, _ reason: SkipReason) async throws {
            try await world.driver.write { transaction in
                _ = try transaction.execute(
                    "UPDATE reminders SET state = 'skipped', reason = $1 WHERE appointment_id = $2",
                    reason.rawValue,
                    appointment.id.rawValue
                )
            }
        }

        func list(now: Date? = nil) async throws -> [CallEntry] {
            try await world.storage.calls.list(world.practice.id, now: now ?? world.now)
        }

        func names() async throws -> [String] { try await list().map(\.patient.lastName) }
    }

    private static let badEnds = MessageStatus.allCases.filter { ![.submitted, .delivered].contains($0) }

    @Test(arguments: badEnds)
    func whoseMessageCameToABadEndIsCalled(status: MessageStatus) async throws {
        let house = try await House()
        try await house.message(house.book(), status.rawValue)
        let entry = try #require(try await house.list().first)
        guard case .failed(let message) = entry.missed.cause else {
            Issue.record("\(entry.missed.cause)")
            return
        }
        #expect(message.state.status == status && entry.patient.lastName == "Huber" && entry.tick == nil)
        #expect(try await house.world.storage.calls.openCount(house.world.practice.id, now: house.world.now) == 1)
    }

    @Test func nobodyIsCalledWhoseMessageArrivedIsOnItsWayOrIsTriedAgain() async throws {
        let house = try await House()
        try await house.message(house.book(), "delivered")
        try await house.message(house.book(), "submitted")
        try await house.message(house.book(), "service_unreachable", settled: false)
        _ = try await house.book(start: "2027-03-09T10:30")
        #expect(try await house.names().isEmpty)
    }

    @Test func whatIsUnclearIsCalledUntilItIsClear() async throws {
        let house = try await House()
        let message = try await house.message(house.book(), nil, unclear: true)
        let entry = try #require(try await house.list().first)
        guard case .unclear = entry.missed.cause else {
            Issue.record("\(entry.missed.cause)")
            return
        }
        try await house.world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE messages SET status = 'delivered', unclear = 0 WHERE id = $1",
                message.rawValue
            )
        }
        #expect(try await house.list().isEmpty)
    }

    @Test(arguments: [
        (SkipReason.tooLateToSend, true), (.noMobile, true), (.noEmail, true), (.consentWithdrawn, false),
        (.cancelled, false), (.moved, false),
    ])
    func whatWasNotSentIsCalledWhereTheReminderWasWanted(reason: SkipReason, isCalled: Bool) async throws {
        let house = try await House()
        try await house.skip(house.book(), reason)
        #expect(try await house.list().map(\.missed.cause) == (isCalled ? [.notSent(reason)] : []))
    }

    @Test func ofTwoChannelsOneThatArrivedIsEnough() async throws {
        let house = try await House()
        let both = try await house.book(kind: "both")
        try await house.message(both, "bounced", .email)
        #expect(try await house.names().isEmpty, "the SMS is about to leave")
        let message = try await house.message(both, "submitted", .sms)
        #expect(try await house.names().isEmpty, "news will come")
        try await house.world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE messages SET status = 'expired' WHERE id = $1",
                message.rawValue
            )
        }
        #expect(try await house.names() == ["Huber"])
    }

    @Test func theListGoesByTheAppointmentsThatAreStillToCome() async throws {
        let house = try await House()
        for (name, start) in [("Zweite", "2027-03-02T11:00"), ("Erste", "2027-03-02T08:00")] {
            try await house.message(house.book(name, start: start), "undeliverable")
        }
        #expect(try await house.names() == ["Erste", "Zweite"])
        let later = try house.world.instant("2027-03-02T08:00:00+01:00")
        #expect(try await house.list(now: later).map(\.patient.lastName) == ["Zweite"])
    }

    @Test func whoWasToldOfAnAppointmentThatIsNoneAnyMoreIsCalledWhereTheNewsDidNotArrive() async throws {
        let house = try await House()
        let appointment = try await house.book()
        try await house.message(appointment, "delivered")
        #expect(try await house.list().isEmpty)
        let world = house.world
        try await world.driver.write { transaction in
            try transaction.execute(
                "UPDATE appointments SET status = 'cancelled' WHERE id = $1",
                appointment.id.rawValue
            )
            let row = try transaction.first(
                """
                INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                    time_zone, due_at, latest_at, next_at, state, turn)
                SELECT practice_id, appointment_id, patient_id, channel, 'correction', generation, day, time_zone, due_at,
                    latest_at, next_at, 'settled', 0 FROM reminders WHERE appointment_id = $1 RETURNING id
                """,
                appointment.id.rawValue
            )
            try transaction.execute(
                """
                INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,
                    attempts, possibly_twice, created_at, reminder_id)
                VALUES ($1, 'sms', '', '', '', 1, 'undeliverable', 0, 0, 1, 0, 0, $2)
                """,
                world.practice.id.rawValue,
                try #require(row).integer(0)
            )
        }
        #expect(try await house.list().map(\.missed.reminder.purpose) == [.correction])
    }

    @Test func aTickNamesWhoAndWhatAndCanBeTakenBack() async throws {
        let house = try await House()
        let world = house.world
        try await house.message(house.book(), "undeliverable")
        let id = try #require(try await house.list().first).id
        let calls = world.storage.calls
        let user = try await world.storage.users.create(
            world.practice.id,
            email: "eva@example.org",
            role: "staff",
            password: "ein-gutes-wort",
            now: world.now
        )
        try await calls.tick(id, world.practice.id, by: Actor(user), note: " kommt\nsicher ", now: world.now)
        let again = try await calls.tick(
            id,
            world.practice.id,
            by: Actor(user),
            note: "kommt sicher",
            now: world.now + 1
        )
        #expect(again == nil, "pressed twice")
        let other = try await calls.tick(id, world.practice.id, by: .command, note: "zweimal", now: world.now + 1)
        #expect(other?.note == "kommt sicher" && other?.actor == "eva@example.org")
        let tick = try #require(try await house.list().first?.tick)
        #expect(tick.at == world.now && tick.actor == "eva@example.org" && tick.note == "kommt sicher")
        #expect(try await calls.openCount(world.practice.id, now: world.now) == 0)
        _ = try await calls.tick(id, world.practice.id, by: .command, note: "doch", isMore: true, now: world.now + 2)
        #expect(try await house.list().first?.tick?.note == "kommt sicher \u{B7} vortag: doch")
        #expect(try await calls.untick(id, world.practice.id, seen: tick.mark) != nil, "that is not what stands now")
        let mark = try #require(try await house.list().first?.tick).mark
        #expect(try await calls.untick(id, world.practice.id, seen: mark) == nil)
        #expect(try await calls.openCount(world.practice.id, now: world.now) == 1)
    }

    @Test func aTickIsRefusedWhereTheNoteIsTooLongOrThePracticeIsAnother() async throws {
        let house = try await House()
        let world = house.world
        try await house.message(house.book(), "undeliverable")
        let id = try #require(try await house.list().first).id
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let user = try await world.storage.users.create(
            other.id,
            email: "b@example.org",
            role: "staff",
            password: "ein-gutes-wort",
            now: world.now
        )
        let calls = world.storage.calls
        await #expect(throws: StorageError.self) {
            try await calls.tick(id, other.id, by: Actor(user), note: "", now: world.now)
        }
        await #expect(throws: StorageError.self) { try await calls.untick(id, other.id, seen: "") }
        let long = String(repeating: "a", count: CallStore.longestNote + 1)
        #expect(
            try await codes {
                try await calls.tick(id, world.practice.id, by: Actor(user), note: long, now: world.now)
            } == ["note field.too_long"]
        )
        #expect(try await calls.list(other.id, now: world.now).isEmpty)
    }

    @Test func theNoteGoesWithThePatientsData() async throws {
        let house = try await House()
        let world = house.world
        let appointment = try await house.book()
        try await house.message(appointment, "undeliverable")
        let id = try #require(try await house.list().first).id
        let user = try await world.storage.users.create(
            world.practice.id,
            email: "eva@example.org",
            role: "staff",
            password: "ein-gutes-wort",
            now: world.now
        )
        try await world.storage.calls.tick(id, world.practice.id, by: Actor(user), note: "bei der Oma", now: world.now)
        try await world.storage.patients.delete(
            appointment.patientID,
            world.practice.id,
            knowing: .everything,
            now: world.now
        )
        #expect(try await world.count("SELECT COUNT(*) FROM calls WHERE note <> ''") == 0)
    }
}
