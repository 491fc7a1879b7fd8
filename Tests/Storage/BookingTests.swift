import Domain
import Foundation
import Storage
import Testing

struct BookingTests {
    @Test func `An appointment takes over the preferred kind and its reminder is due on the day before`() async throws {
        let world = try await World()
        let outcome = try await world.book(try await world.patient(kind: "both"))
        #expect(outcome.appointment.reminderKind == .both)
        #expect(outcome.notices.isEmpty)
        let standings = try await world.standings(outcome.appointment)
        let due = try world.instant("2027-03-07T07:00:00+01:00")
        #expect(standings.map(\.reminder.dueAt) == [due, due])
        #expect(
            standings.map(\.reminder.latestAt)
                == Array(repeating: try world.instant("2027-03-07T20:00:00+01:00"), count: 2)
        )
        #expect(outcome.appointment.end.timeIntervalSince(outcome.appointment.start) == 3_600)
        #expect(
            try await world.storage.appointments.find(outcome.appointment.id, world.practice.id) == outcome.appointment
        )
    }

    @Test func `The reason of a planned reminder is what stands against it now`() async throws {
        let world = try await World()
        let appointment = try await world.book(try await world.patient(kind: "both")).appointment
        #expect(try await world.standings(appointment).map(\.reason) == [.noProvider, .noMailbox])
        _ = try await world.storage.providers.add(ProviderDraft(name: "sim", kind: "simulator"), now: world.now)
        #expect(try await world.standings(appointment).map(\.reason) == [nil, .noMailbox])
        #expect(try await world.standings(appointment).map(\.stateWord) == ["planned", "planned"])
        _ = try await world.storage.practices.setPaused(world.practice.id, true, now: world.now)
        #expect(try await world.standings(appointment).map(\.reason) == [.practicePaused, .practicePaused])
    }

    @Test func `An e-mail has nothing against it where a mailbox carries it`() async throws {
        let world = try await World()
        var draft = PractitionerDraft()
        draft.name = "Eva"
        let eva = try await world.storage.practitioners.create(world.practice.id, draft, now: world.now)
        let patient = try await world.patient(kind: "email")
        let appointment = try await world.book(patient).appointment
        func reasons() async throws -> [SkipReason?] { try await world.standings(appointment).map(\.reason) }
        #expect(try await reasons() == [.noMailbox])
        var mailbox = MailboxDraft()
        mailbox.address = "eva@example.at"
        mailbox.smtp = "smtp://127.0.0.1:2525"
        mailbox.practitionerID = eva.id.description
        _ = try await world.storage.mailboxes.add(mailbox, practice: world.practice.id, now: world.now)
        #expect(try await reasons() == [.noMailbox], "it is Eva's alone")
        _ = try await world.storage.appointments.change(appointment.id, world.practice.id, now: world.now) {
            $0.practitionerID = eva.id.description
        }
        #expect(try await reasons() == [nil])
    }

    @Test(arguments: [
        ("2027-03-03T10:00:00+01:00", []), ("2027-03-03T09:59:59+01:00", ["reminderKind reminder.too_late"]),
    ])
    func `Exactly 48 hours are enough for an explicit kind`(_ start: String, _ expected: [String]) async throws {
        let world = try await World()
        let patient = try await world.patient()
        #expect(try await codes { _ = try await world.book(patient, start: start, kind: "sms") } == expected)
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == (expected.isEmpty ? 1 : 0))
    }

    @Test func `An inherited kind that is not possible leaves what remains and says why`() async throws {
        let world = try await World(practice: { $0.emailEnabled = false })
        let outcome = try await world.book(try await world.patient(kind: "both"))
        #expect(outcome.appointment.reminderKind == .sms)
        #expect(outcome.appointment.shortfall == [.reminderChannelOff])
        #expect(outcome.notices.map(\.code) == [.reminderChannelOff])
        #expect(try await world.lines(outcome.appointment) == ["sms reminder 1 planned"])
    }

    @Test func `A start before today is refused to people and taken from imports`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let draft = AppointmentDraft(patientID: patient.id.description, start: "2027-02-28T23:59")
        #expect(
            try await codes {
                _ = try await world.storage.appointments.create(world.practice.id, draft, now: world.now)
            } == ["start appointment.in_past"]
        )
        let imported = try await world.storage.appointments.create(
            world.practice.id,
            draft,
            origin: .imported,
            now: world.now
        )
        #expect(imported.appointment.reminderKind == .none)
        #expect(try await codes { _ = try await world.book(patient, start: "2027-03-01T07:00") }.isEmpty)
    }

    @Test func `All faults are reported at once`() async throws {
        let world = try await World()
        let draft = AppointmentDraft(patientID: "77", locationID: "x", start: "morgen", status: "maybe")
        #expect(
            try await codes {
                _ = try await world.storage.appointments.create(world.practice.id, draft, now: world.now)
            } == [
                "patientId reference.unknown", "locationId reference.unknown", "start field.invalid",
                "status field.invalid",
            ]
        )
    }

    @Test func `Nothing of another practice is found`() async throws {
        let world = try await World()
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let patient = try await world.patient()
        let appointment = try await world.book(patient).appointment
        await #expect(throws: StorageError.notFound) {
            _ = try await world.storage.appointments.find(appointment.id, other.id)
        }
        await #expect(throws: StorageError.notFound) {
            _ = try await world.storage.patients.find(patient.id, other.id)
        }
        let draft = AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30")
        #expect(
            try await codes {
                _ = try await world.storage.appointments.create(other.id, draft, now: world.now)
            } == ["patientId reference.unknown", "locationId field.required"]
        )
    }

    @Test func `A wall time is read in the zone of the location`() async throws {
        let world = try await World(location: { $0.timeZone = "America/New_York" })
        let appointment = try await world.book(try await world.patient()).appointment
        #expect(appointment.start == (try world.instant("2027-03-08T10:30:00-05:00")))
        #expect(appointment.wallStart.iso == "2027-03-08T10:30")
        let due = try await world.standings(appointment).map(\.reminder.dueAt)
        #expect(due == [try world.instant("2027-03-07T07:00:00-05:00")])
    }

    @Test func `An external id belongs to one appointment of the practice`() async throws {
        let world = try await World()
        let draft = AppointmentDraft(
            patientID: try await world.patient().id.description,
            start: "2027-03-08T10:30",
            externalID: "A1"
        )
        _ = try await world.storage.appointments.create(world.practice.id, draft, now: world.now)
        #expect(
            try await codes {
                _ = try await world.storage.appointments.create(world.practice.id, draft, now: world.now)
            } == ["externalId external_id.taken"]
        )
    }

    @Test func `Pages of appointments follow each other by start without a gap or a repetition`() async throws {
        let world = try await World()
        let patient = try await world.patient(kind: "none")
        for day in ["12", "10", "10", "11", "09"] { _ = try await world.book(patient, start: "2027-03-\(day)T10:30") }
        var seen: [String] = []
        var request = PageRequest(limit: 2)
        repeat {
            let page = try await world.storage.appointments.list(world.practice.id, AppointmentFilter(), request)
            seen += page.items.map { "\($0.wallStart.date.day)-\($0.id)" }
            request.cursor = page.next
        } while request.cursor != nil
        #expect(seen == ["9-5", "10-2", "10-3", "11-4", "12-1"])
        #expect(
            try await codes {
                let bad = PageRequest(cursor: "@@")
                _ = try await world.storage.appointments.list(world.practice.id, AppointmentFilter(), bad)
            } == ["cursor field.invalid"]
        )
    }
}
