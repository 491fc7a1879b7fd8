import Database
import Domain
import Foundation
import Storage
import Testing

struct SettingsTests {
    @Test func `SMS without any sender is refused`() async throws {
        let world = try await World(practice: {
            $0.smsEnabled = false; $0.senderID = ""
        })
        let turnOn: () async throws -> Void = {
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.smsEnabled = true }
        }
        #expect(try await codes(turnOn) == ["senderId sender.missing"])
        _ = try await world.storage.locations.change(world.location.id, world.practice.id, now: world.now) {
            $0.senderID = "Praxis"
        }
        #expect(try await codes(turnOn).isEmpty)
        #expect(
            try await codes {
                let draft = LocationDraft(name: "Zweite")
                _ = try await world.storage.locations.create(world.practice.id, draft, now: world.now)
            } == ["senderId sender.missing"]
        )
    }

    @Test func `Every field of the practice is checked`() async throws {
        let world = try await World()
        let found = try await codes {
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) {
                $0.name = String(repeating: "x", count: 201)
                $0.timeZone = "Wien"
                $0.country = "ZZ"
                $0.smsSendTime = "06:00"
                $0.latestSendTime = "23:00"
                $0.language = "fr"
            }
        }
        #expect(
            found == [
                "name field.too_long", "timeZone field.invalid", "country field.invalid",
                "smsSendTime send_time.not_offered", "latestSendTime send_time.not_offered", "language field.invalid",
            ]
        )
    }

    @Test func `A new send time moves the reminders that have not left`() async throws {
        let world = try await World()
        let patient = try await world.patient(kind: "both")
        let first = try await world.book(patient).appointment
        let left = try await world.book(patient, start: "2027-03-09T10:30", kind: "sms").appointment
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE reminders SET state = 'started' WHERE appointment_id = $1",
                left.id.rawValue
            )
        }
        let practice = try await world.storage.practices.change(world.practice.id, now: world.now) {
            $0.smsSendTime = "09:00"
        }
        #expect(practice.smsSendTime == .nine)
        #expect(
            try await world.standings(first).map(\.reminder.dueAt) == [
                try world.instant("2027-03-07T09:00:00+01:00"), try world.instant("2027-03-07T07:00:00+01:00"),
            ]
        )
        #expect(
            try await world.standings(left).map(\.reminder.dueAt) == [
                try world.instant("2027-03-08T07:00:00+01:00")
            ]
        )
    }

    @Test(arguments: ["channel_off", "practice_paused", "no_provider"])
    func `What waited for a reason is looked at again when it has passed`(_ reason: String) async throws {
        let world = try await World(practice: { $0.smsEnabled = reason != "channel_off" })
        let patient = try await world.patient(kind: "none")
        let appointment = try await world.book(patient).appointment
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                    time_zone, due_at, latest_at, next_at, state, reason)
                VALUES ($1, $2, $3, 'sms', 'reminder', 1, '2027-03-07', 'Europe/Vienna', 5, 9, 7, 'planned', $4)
                """,
                world.practice.id.rawValue,
                appointment.id.rawValue,
                patient.id.rawValue,
                reason
            )
        }
        switch reason {
        case "channel_off":
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.smsEnabled = true }
        case "practice_paused":
            _ = try await world.storage.practices.setPaused(world.practice.id, true, now: world.now)
            #expect(try await world.count("SELECT next_at FROM reminders") == 7)
            _ = try await world.storage.practices.setPaused(world.practice.id, false, now: world.now)
        default:
            _ = try await world.storage.providers.add(ProviderDraft(name: "sim", kind: "simulator"), now: world.now)
        }
        #expect(try await world.count("SELECT next_at FROM reminders WHERE reason IS NULL") == 5)
    }

    @Test func `A location or practitioner in use stays`() async throws {
        let world = try await World()
        let practitioner = try await world.storage.practitioners.create(
            world.practice.id,
            PractitionerDraft(name: "Dr. Berger", email: "b@example.org"),
            now: world.now
        )
        let appointment = try await world.book(try await world.patient()).appointment
        _ = try await world.change(appointment) { $0.practitionerID = practitioner.id.description }
        #expect(
            try await codes {
                try await world.storage.locations.delete(world.location.id, world.practice.id)
            } == ["id record.in_use"]
        )
        #expect(
            try await codes {
                try await world.storage.practitioners.delete(practitioner.id, world.practice.id)
            } == ["id record.in_use"]
        )
        let owner = try await world.storage.practitioners.create(
            world.practice.id,
            PractitionerDraft(name: "Eva"),
            now: world.now
        )
        var mailbox = MailboxDraft()
        mailbox.address = "eva@example.at"
        mailbox.smtp = "smtp://127.0.0.1:2525"
        mailbox.practitionerID = owner.id.description
        _ = try await world.storage.mailboxes.add(mailbox, practice: world.practice.id, now: world.now)
        #expect(
            try await codes {
                try await world.storage.practitioners.delete(owner.id, world.practice.id)
            } == ["id record.in_use"]
        )
        let spare = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        try await world.storage.locations.delete(spare.id, world.practice.id)
        #expect(try await world.storage.locations.all(world.practice.id) == [world.location])
    }

    @Test(
        arguments: [
            (nil, 100, []), (10, 7, []), (10, 8, [.limitNear]), (10, 10, [.limitReached]), (0, 0, [.limitReached]),
        ] as [(Int?, Int, [PracticeWarning])]
    )
    func `The month's limit is warned of from four fifths on`(
        limit: Int?,
        used: Int,
        expected: [PracticeWarning]
    ) async throws {
        let world = try await World { $0.senderID = "00436641234567" }
        let (practice, location) = (world.practice.id.rawValue, world.location.id.rawValue)
        try await world.driver.write { transaction in
            try transaction.execute("UPDATE practices SET sms_monthly_limit = $1 WHERE id = $2", limit, practice)
            try transaction.execute(
                "INSERT INTO usage VALUES ($1, 202703, $2, '', $3, $3, 0, 0)",
                practice,
                location,
                used
            )
        }
        let warnings = try await world.storage.forecast.warnings(world.practice.id, now: world.now).map(\.code)
        #expect(warnings.filter { [.limitNear, .limitReached].contains($0) } == expected)
        let next = try await world.storage.forecast.warnings(world.practice.id, now: world.now + 31 * 86_400)
            .map(\.code)
        #expect(!next.contains(.limitNear) && next.contains(.limitReached) == (limit == 0))
    }

    @Test func `The forecast tells what goes out, what does not, and what has no reminder`() async throws {
        let world = try await World()
        _ = try await world.storage.providers.add(ProviderDraft(name: "sim", kind: "simulator"), now: world.now)
        let patient = try await world.patient(kind: "both")
        _ = try await world.book(patient)
        _ = try await world.book(patient, start: "2027-03-02T10:30")
        _ = try await world.book(patient, start: "2027-03-30T10:30")
        let lines = try await world.storage.forecast.of(world.practice.id, days: 14, now: world.now)
        #expect(lines.map(\.channel) == [nil, .sms, .email])
        #expect(lines.map(\.reason) == [nil, nil, .noMailbox])
        #expect(lines.map(\.shortfall) == [[.reminderTooLate], [], []])
        #expect(
            try await world.storage.forecast.warnings(world.practice.id, now: world.now).map(\.code)
                == [.emailWithoutMailbox, .senderUnregistered]
        )
    }

    @Test func `The agenda shows a day with all that belongs to it`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let appointment = try await world.book(patient).appointment
        let from = try world.instant("2027-03-08T00:00:00+01:00")
        let span = AgendaSpan(world.practice.id, from: from, to: from + 86_400)
        let rows = try await world.storage.appointments.agenda(span, now: world.now, limit: 100)
        #expect(rows.map(\.appointment) == [appointment])
        #expect(rows.map(\.patient) == [patient])
        #expect(rows.map(\.location) == [world.location])
        #expect(rows.first?.reminders.count == 1)
    }

    @Test func `A form is offered what is possible`() async throws {
        let world = try await World()
        let patient = try await world.patient(mobile: "")
        let offer = try await world.storage.appointments.offer(
            world.practice.id,
            patientID: patient.id,
            locationID: world.location.id,
            start: try world.instant("2027-03-02T10:30:00+01:00"),
            now: world.now
        )
        #expect(offer.obstacles[.sms]?.map(\.code) == [.reminderNoMobile, .reminderTooLate])
        #expect(offer.obstacles[.email]?.map(\.code) == [.reminderTooLate])
        #expect(offer.dueAt[.sms] == (try world.instant("2027-03-01T07:00:00+01:00")))
        let empty = try await world.storage.appointments.offer(world.practice.id, now: world.now)
        #expect(empty.obstacles == [.sms: [], .email: []])
    }

    @Test func `The only location stays while it alone has a sender for the SMS that are on`() async throws {
        let world = try await World(practice: {
            $0.smsEnabled = false; $0.senderID = ""
        })
        _ = try await world.storage.locations.change(world.location.id, world.practice.id, now: world.now) {
            $0.senderID = "Praxis"
        }
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.smsEnabled = true }
        let delete: () async throws -> Void = {
            try await world.storage.locations.delete(world.location.id, world.practice.id)
        }
        #expect(try await codes(delete) == ["senderId sender.missing"])
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.smsEnabled = false }
        #expect(try await codes(delete).isEmpty)
    }

    @Test func `A change that touches neither sender nor switch is not refused for a missing sender`() async throws {
        let world = try await World()
        try await world.driver.write { transaction in
            _ = try transaction.execute("UPDATE practices SET sender = NULL")
        }
        let practice = try await world.storage.practices.change(world.practice.id, now: world.now) {
            $0.name = "Praxis am Eck"
        }
        #expect(practice.name == "Praxis am Eck")
    }

    @Test func `The name of a provider is taken once`() async throws {
        let world = try await World()
        _ = try await world.storage.providers.add(ProviderDraft(name: "sim", kind: "simulator"), now: world.now)
        #expect(
            try await codes {
                _ = try await world.storage.providers.add(ProviderDraft(name: "sim", kind: "simulator"), now: world.now)
            } == ["name name.taken"]
        )
    }
}
