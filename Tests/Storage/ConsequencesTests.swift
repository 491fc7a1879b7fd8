import Domain
import Foundation
import Storage
import Testing

struct ConsequencesTests {
    private func consequences(
        _ world: World,
        _ appointment: Appointment,
        now: Date? = nil,
        answer: LateChangeAnswer = .unasked,
        edit: @escaping @Sendable (inout AppointmentDraft) -> Void
    ) async throws -> ChangeConsequences? {
        do {
            _ = try await world.storage.appointments.change(
                appointment.id,
                world.practice.id,
                answer: answer,
                asking: true,
                now: now ?? world.now,
                edit: edit
            )
            return nil
        } catch let question as ChangeQuestion {
            #expect(question.consequences.count == 1)
            #expect(try await world.storage.appointments.find(appointment.id, world.practice.id) == appointment)
            return question.consequences.first
        }
    }

    @Test func `A move into the last 48 hours would drop the reminder, and nothing is saved by asking`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(kind: "both")).appointment
        let told = try #require(try await consequences(world, old) { $0.start = "2027-03-03T09:59" })
        #expect(told.dropped == [.sms, .email])
        #expect(told.notices.map(\.code) == [.reminderTooLate])
        #expect(told.late == nil)
        #expect(told.appointment.reminderKind == .none)
        #expect(try await world.lines(old) == ["sms reminder 1 planned", "email reminder 1 planned"])
        #expect(try await consequences(world, old, answer: .heard) { $0.start = "2027-03-03T09:59" } == nil)
        #expect(try await world.lines(old) == ["sms reminder 1 skipped moved", "email reminder 1 skipped moved"])
    }

    @Test func `A reminder that somebody took away is not asked about`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(kind: "both")).appointment
        let told = try await consequences(world, old) { ($0.reminderKind, $0.isKindChosen) = ("sms", true) }
        #expect(told == nil)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `Another patient without a number is asked about, unless the number comes along`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let other = try await world.patient("Maier", mobile: "", kind: "sms")
        let told = try #require(try await consequences(world, old) { $0.patientID = other.id.description })
        #expect(told.dropped == [.sms])
        #expect(told.notices.map(\.code) == [.reminderNoMobile])
        let outcome = try await world.storage.appointments.change(
            old.id,
            world.practice.id,
            contact: ContactDraft(mobile: "0664 7654300"),
            asking: true,
            now: world.now,
            edit: { $0.patientID = other.id.description }
        )
        #expect(outcome.appointment.reminderKind == .sms)
    }

    @Test func `Of a series one question is asked for all of it`() async throws {
        let world = try await World()
        let booking = try await world.storage.appointments.book(
            world.practice.id,
            BookingDraft(
                AppointmentDraft(patientID: try await world.patient().id.description, start: "2027-03-04T10:30"),
                series: SeriesDraft(weeksApart: "1", count: "3")
            ),
            now: world.now
        )
        let all = booking.outcomes.map(\.appointment)
        do {
            _ = try await world.storage.appointments.changeLater(
                all[0].id,
                world.practice.id,
                asking: true,
                now: world.now,
                edit: { $0.start = "2027-03-02T10:30" }
            )
            Issue.record("nothing was asked")
        } catch let question as ChangeQuestion {
            #expect(question.consequences.map(\.appointment.id) == [all[0].id])
            #expect(question.consequences.map(\.dropped) == [[.sms]])
        }
        #expect(try await world.lines(all[2]) == ["sms reminder 1 planned"])
    }

    @Test(arguments: ["2027-03-03T10:00", "2027-03-09T10:30"])
    func `Exactly 48 hours and more drop nothing`(_ start: String) async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        #expect(try await consequences(world, old) { $0.start = start } == nil)
        #expect(try await world.storage.appointments.find(old.id, world.practice.id).wallStart.iso == start)
    }

    @Test func `After the reminder went out a move asks when and how it went, and drops nothing twice`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let at = try world.instant("2027-03-07T07:00:00+01:00")
        try await world.attempt(
            try #require(try await world.standings(old).first).reminder,
            at: at,
            outcome: "accepted"
        )
        for answer in [LateChangeAnswer.unasked, .heard] {
            let told = try #require(
                try await consequences(world, old, now: at + 7_200, answer: answer) { $0.start = "2027-03-08T15:00" }
            )
            #expect(told.late?.brief == Warned(sentAt: at, channels: [.sms]))
            #expect(told.informed == [old.patientID])
            #expect(told.dropped.isEmpty)
        }
    }

    @Test func `Nobody is asked about what somebody else changed meanwhile`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        _ = try await world.change(old) { $0.start = "2027-03-09T10:30" }
        await #expect(throws: StorageError.stale) {
            _ = try await world.storage.appointments.change(
                old.id,
                world.practice.id,
                expecting: old.version,
                asking: true,
                now: world.now
            ) { $0.start = "2027-03-02T10:30" }
        }
    }

    @Test func `A move before today is refused before anything is asked`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        #expect(
            try await codes { _ = try await consequences(world, old) { $0.start = "2027-02-28T10:30" } }
                == ["start appointment.in_past"]
        )
    }

    @Test func `A new end asks nothing, and neither does a cancellation whose reminder is still to go`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        #expect(try await consequences(world, old) { $0.end = "2027-03-08T12:00" } == nil)
        #expect(try await consequences(world, old) { $0.status = "cancelled" } == nil)
    }

    @Test func `What is wrong is refused, and another practice's appointment is not found`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        #expect(
            try await codes { _ = try await consequences(world, old) { $0.end = "2027-03-08T10:00" } }
                == ["end appointment.end_before_start"]
        )
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        await #expect(throws: StorageError.notFound) {
            _ = try await world.storage.appointments.change(old.id, other.id, asking: true, now: world.now) { _ in }
        }
    }
}
