import Domain
import Foundation
import Storage
import Testing

/// Appointments that are planned together: each has reminders and a verdict of its own.
struct SeriesTests {
    private func book(
        _ world: World,
        _ patient: Patient,
        start: String = "2027-03-08T10:30",
        weeks: String = "1",
        count: String = "5",
        kind: String? = nil
    ) async throws -> Booking {
        try await world.storage.appointments.book(
            world.practice.id,
            BookingDraft(
                AppointmentDraft(patientID: patient.id.description, start: start, reminderKind: kind),
                series: SeriesDraft(weeksApart: weeks, count: count)
            ),
            now: world.now
        )
    }

    private func later(
        _ world: World,
        _ appointment: Appointment,
        answer: LateChangeAnswer = .unasked,
        now: Date? = nil,
        edit: @escaping @Sendable (inout AppointmentDraft) -> Void
    ) async throws -> [AppointmentOutcome] {
        try await world.storage.appointments.changeLater(
            appointment.id,
            world.practice.id,
            answer: answer,
            now: now ?? world.now,
            edit: edit
        )
    }

    /// `2027-03-08T10:30 booked sms`, one for each of the series.
    private func lines(_ world: World, _ booking: Booking) async throws -> [String] {
        let id = try #require(booking.outcomes.first?.appointment.seriesID)
        return try await world.storage.appointments.series(id, world.practice.id).map {
            "\($0.wallStart.iso) \($0.status.rawValue) \($0.reminderKind.rawValue)"
        }
    }

    @Test func `A series keeps the time on the wall over a change of the clocks, each with its own reminder`()
        async throws
    {
        let world = try await World()
        let booking = try await book(world, try await world.patient())
        let appointments = booking.outcomes.map(\.appointment)
        #expect(
            appointments.map(\.wallStart.iso) == [
                "2027-03-08T10:30", "2027-03-15T10:30", "2027-03-22T10:30", "2027-03-29T10:30", "2027-04-05T10:30",
            ]
        )
        #expect(appointments[3].start == (try world.instant("2027-03-29T10:30:00+02:00")))
        #expect(appointments.allSatisfy { $0.wallEnd.clock == "11:30" })
        #expect(Set(appointments.map(\.seriesID)).count == 1 && appointments[0].seriesID != nil)
        let due = try await world.standings(appointments[3]).map(\.reminder.dueAt)
        #expect(due == [try world.instant("2027-03-28T07:00:00+02:00")])
        #expect(try await world.count("SELECT COUNT(*) FROM reminders") == 5)
    }

    @Test(arguments: [nil, "sms"] as [String?])
    func `One that is too near goes without its reminder and says so, the others have theirs`(
        _ kind: String?
    ) async throws {
        let world = try await World()
        let booking = try await book(
            world,
            try await world.patient(),
            start: "2027-03-02T10:30",
            count: "3",
            kind: kind
        )
        #expect(booking.outcomes.map(\.appointment.reminderKind) == [.none, .sms, .sms])
        #expect(booking.outcomes.map { $0.notices.map(\.code) } == [[.reminderTooLate], [], []])
        #expect(booking.outcomes[0].appointment.shortfall == [.reminderTooLate])
    }

    @Test func `A kind that is impossible for all is refused, and nothing is kept`() async throws {
        let world = try await World()
        let patient = try await world.patient(mobile: "")
        let broken = try await codes { _ = try await book(world, patient, kind: "sms") }
        #expect(broken == ["reminderKind reminder.no_mobile"])
        #expect(try await world.count("SELECT COUNT(*) FROM series") == 0)
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 0)
    }

    @Test(
        arguments: [
            ("1", "1", ["times field.invalid"]), ("1", "53", ["times field.invalid"]),
            ("1", "", ["times field.invalid"]),
            ("0", "4", ["weeksApart field.invalid"]), ("13", "x", ["weeksApart field.invalid", "times field.invalid"]),
        ]
    )
    func `A series has two to fifty-two appointments, one to twelve weeks apart`(
        _ weeks: String,
        _ count: String,
        _ expected: [String]
    ) async throws {
        let world = try await World()
        let patient = try await world.patient()
        #expect(try await codes { _ = try await book(world, patient, weeks: weeks, count: count) } == expected)
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 0)
    }

    @Test func `Fifty-two are planned in one go, and moved in one go`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), count: "52")
        #expect(booking.outcomes.count == 52)
        let moved = try await later(world, booking.outcomes[0].appointment) { $0.start = "2027-03-09T09:00" }
        #expect(moved.count == 52 && moved.allSatisfy { $0.appointment.wallStart.clock == "09:00" })
    }

    @Test func `This and all later move by days and time; those before, begun or cancelled stay`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient())
        let all = booking.outcomes.map(\.appointment)
        _ = try await world.storage.appointments.cancel(all[3].id, world.practice.id, now: world.now)
        _ = try await world.change(all[4]) { $0.start = "2027-04-05T14:00" }
        let outcomes = try await later(world, all[1]) { $0.start = "2027-03-16T09:15" }
        #expect(outcomes.map(\.appointment.id) == [all[1].id, all[2].id, all[4].id])
        #expect(
            try await lines(world, booking) == [
                "2027-03-08T10:30 booked sms", "2027-03-16T09:15 booked sms", "2027-03-23T09:15 booked sms",
                "2027-03-29T10:30 cancelled sms", "2027-04-06T12:45 booked sms",
            ]
        )
        #expect(try await world.lines(all[2]) == ["sms reminder 1 skipped moved", "sms reminder 2 planned"])
        let end = try await world.storage.appointments.find(all[4].id, world.practice.id).wallEnd
        #expect(end.iso == "2027-04-06T13:45")
    }

    @Test(arguments: ["2027-03-21T02:30", "2027-03-28T02:30"])
    func `A time over which the clocks jump on one day is moved for all from the time that the series has`(
        _ first: String
    ) async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), start: first, count: "3")
        let clocks = booking.outcomes.map(\.appointment.wallStart.clock)
        #expect(clocks == (first.contains("28") ? ["03:30", "02:30", "02:30"] : ["02:30", "03:30", "02:30"]))
        let day = String(first.prefix(11))
        let moved = try await later(world, booking.outcomes[0].appointment) { $0.start = day + "09:00" }
        #expect(moved.map(\.appointment.wallStart.clock) == ["09:00", "09:00", "09:00"])
        #expect(moved.allSatisfy { $0.appointment.end.timeIntervalSince($0.appointment.start) == 3_600 })
        let back = try await later(world, moved[0].appointment) { $0.start = day + "02:30" }
        #expect(back.map(\.appointment.wallStart.clock) == clocks)
    }

    @Test func `Only this one leaves the others alone`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), count: "3")
        _ = try await world.change(booking.outcomes[1].appointment) { $0.start = "2027-03-17T08:00" }
        #expect(
            try await lines(world, booking) == [
                "2027-03-08T10:30 booked sms", "2027-03-17T08:00 booked sms", "2027-03-22T10:30 booked sms",
            ]
        )
    }

    @Test func `A move brings each its own verdict`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), count: "3")
        let now = try world.instant("2027-03-06T12:00:00+01:00")
        let outcomes = try await later(world, booking.outcomes[0].appointment, now: now) {
            $0.start = "2027-03-08T09:00"
        }
        #expect(outcomes.map { $0.notices.map(\.code) } == [[.reminderTooLate], [], []])
        #expect(outcomes.map(\.appointment.reminderKind) == [.none, .sms, .sms])
    }

    @Test func `A kind that was chosen reaches all later ones, also where it is the one that the first has`()
        async throws
    {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), start: "2027-03-02T10:30", count: "3")
        let kinds = try await later(world, booking.outcomes[0].appointment) {
            $0.start = "2027-03-04T10:30"
            ($0.reminderKind, $0.isKindChosen) = ("none", true)
        }
        #expect(kinds.map(\.appointment.reminderKind) == [.none, .none, .none])
        #expect(kinds.allSatisfy { $0.appointment.shortfall.isEmpty })
    }

    @Test func `Only what was edited reaches the later ones`() async throws {
        let world = try await World()
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        let booking = try await world.storage.appointments.book(
            world.practice.id,
            BookingDraft(
                AppointmentDraft(
                    patientID: try await world.patient(kind: "both").id.description,
                    locationID: world.location.id.description,
                    start: "2027-03-08T10:30"
                ),
                series: SeriesDraft(weeksApart: "2", count: "3")
            ),
            now: world.now
        )
        let all = booking.outcomes.map(\.appointment)
        _ = try await world.change(all[1]) { $0.reminderKind = "none" }
        _ = try await later(world, all[0]) { $0.locationID = place.id.description }
        let moved = try await world.storage.appointments.series(#require(all[0].seriesID), world.practice.id)
        #expect(moved.allSatisfy { $0.locationID == place.id })
        #expect(moved.map(\.reminderKind) == [.both, .none, .both])
        #expect(moved.map(\.start) == all.map(\.start))
        _ = try await later(world, all[0]) { $0.reminderKind = "email" }
        let changed = try await world.storage.appointments.series(#require(all[0].seriesID), world.practice.id)
        #expect(changed.map(\.reminderKind) == [.email, .email, .email])
    }

    @Test func `A problem of a later one names its start, and nothing is changed`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), count: "3")
        let all = booking.outcomes.map(\.appointment)
        // The last one ends with its begin plus a minute, so that a shorter one would end before it begins.
        _ = try await world.change(all[2]) { $0.end = "2027-03-22T10:31" }
        do {
            _ = try await later(world, all[0]) {
                $0.start = "2027-03-08T12:00"
                $0.end = "2027-03-08T12:30"
            }
            Issue.record("nothing was refused")
        } catch let list as ProblemList {
            #expect(list.problems.map(\.code) == [.appointmentEndBeforeStart])
            #expect(list.problems.first?.arguments["appointment"] == "2027-03-22T10:30")
        }
        #expect(try await lines(world, booking).first == "2027-03-08T10:30 booked sms")
    }

    @Test func `This and all later are cancelled after one question, or none of them`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), count: "4")
        let all = booking.outcomes.map(\.appointment)
        let at = try world.instant("2027-03-14T07:00:00+01:00")
        let reminder = try #require(try await world.standings(all[1]).first).reminder
        try await world.attempt(reminder, at: at, outcome: "accepted", says: "2027-03-15T10:30")
        let store = world.storage.appointments
        let asked = try await store.lateChangeOfLater(than: all[1].id, world.practice.id, now: at + 60)
        #expect(asked?.brief == Warned(sentAt: at, channels: [.sms]))
        #expect(try await store.lateChangeOfLater(than: all[2].id, world.practice.id, now: at + 60) == nil)
        let warning = await #expect(throws: LateChange.self) {
            _ = try await store.cancelLater(all[1].id, world.practice.id, now: at + 60)
        }
        #expect(warning == asked)
        #expect(try await lines(world, booking).allSatisfy { $0.contains("booked") })
        _ = try await store.cancelLater(
            all[1].id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: true),
            now: at + 60
        )
        #expect(try await lines(world, booking).map { $0.contains("cancelled") } == [false, true, true, true])
        #expect(try await world.lines(all[1]) == ["sms reminder 1 settled", "sms correction 1 planned"])
        #expect(try await world.lines(all[2]) == ["sms reminder 1 skipped cancelled"])
    }

    @Test func `Somebody else's change of the one that was opened is not overwritten`() async throws {
        let world = try await World()
        let all = try await book(world, try await world.patient(), count: "2").outcomes.map(\.appointment)
        _ = try await world.change(all[0]) { $0.end = "2027-03-08T12:00" }
        await #expect(throws: StorageError.stale) {
            _ = try await world.storage.appointments.changeLater(
                all[0].id,
                world.practice.id,
                expecting: all[0].version,
                now: world.now,
                edit: { $0.start = "2027-03-09T10:30" }
            )
        }
    }

    @Test func `A series of another practice is not there`() async throws {
        let world = try await World()
        let booking = try await book(world, try await world.patient(), count: "2")
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let id = try #require(booking.outcomes.first?.appointment.seriesID)
        #expect(try await world.storage.appointments.series(id, other.id).isEmpty)
        await #expect(throws: StorageError.notFound) {
            _ = try await world.storage.appointments.cancelLater(
                booking.outcomes[0].appointment.id,
                other.id,
                now: world.now
            )
        }
    }
}
