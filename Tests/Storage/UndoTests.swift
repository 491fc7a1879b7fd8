import Database
import Domain
import Foundation
import Storage
import Testing

struct UndoTests {
    private func undo(
        _ world: World,
        _ appointment: Appointment,
        answer: LateChangeAnswer = .unasked,
        after seconds: Double = 5
    ) async throws -> Appointment {
        try await world.storage.appointments.undo(
            appointment.id,
            world.practice.id,
            answer: answer,
            now: world.now + seconds
        )[0].appointment
    }

    private func change(
        _ world: World,
        _ appointment: Appointment,
        answer: LateChangeAnswer = .unasked,
        now: Date? = nil,
        edit: @escaping @Sendable (inout AppointmentDraft) -> Void
    ) async throws -> Appointment {
        try await world.storage.appointments.change(
            appointment.id,
            world.practice.id,
            answer: answer,
            undoable: true,
            now: now ?? world.now,
            edit: edit
        ).appointment
    }

    /// What was before but for the version.
    private func expectRestored(_ appointment: Appointment, _ old: Appointment, version: Int64 = 3) {
        var expected = old
        expected.version = version
        #expect(appointment == expected)
    }

    @Test(arguments: ["2027-03-02T08:00", "2027-03-20T08:00"])
    func `A move that is taken back leaves no trace, and its reminder goes as it would have`(_ start: String)
        async throws
    {
        let world = try await World()
        let old = try await world.book(try await world.patient(kind: "both")).appointment
        let before = try await world.standings(old)
        let moved = try await change(world, old) { $0.start = start }
        expectRestored(try await undo(world, moved), old)
        #expect(try await world.standings(old) == before)
    }

    @Test func `Inside 48 hours the reminder that a move dropped comes back with the undo`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(), start: "2027-03-03T11:00").appointment
        let later = try world.instant("2027-03-01T18:00:00+01:00")
        let moved = try await change(world, old, now: later) { $0.start = "2027-03-03T15:00" }
        #expect(moved.reminderKind == .none)
        let back = try await world.storage.appointments.undo(old.id, world.practice.id, now: later + 10)[0].appointment
        expectRestored(back, old)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `End, practitioner and location are taken back too`() async throws {
        let world = try await World()
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        let other = try await world.storage.practitioners.create(
            world.practice.id,
            PractitionerDraft(name: "Eva"),
            now: world.now
        )
        let old = try await world.storage.appointments.create(
            world.practice.id,
            AppointmentDraft(
                patientID: try await world.patient().id.description,
                locationID: world.location.id.description,
                start: "2027-03-08T10:30"
            ),
            now: world.now
        ).appointment
        let changed = try await change(world, old) {
            $0.end = "2027-03-08T13:00"
            $0.locationID = place.id.description
            $0.practitionerID = other.id.description
        }
        expectRestored(try await undo(world, changed), old)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `A cancellation that is taken back plans the reminder again`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let cancelled = try await world.storage.appointments.cancel(
            old.id,
            world.practice.id,
            undoable: true,
            now: world.now
        )
        let undoable = try await world.storage.appointments.undoable(old.id, world.practice.id, now: world.now)
        #expect(undoable == AppointmentUndo(deed: .cancelled, appointment: cancelled))
        expectRestored(try await undo(world, cancelled), old)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `An attempt that failed while its appointment was cancelled is made again`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let state = { (state: String, reason: String?) in
            try await world.driver.write { transaction in
                _ = try transaction.execute("UPDATE reminders SET state = $1, reason = $2", state, reason)
            }
        }
        try await state("started", nil)
        let cancelled = try await change(world, old) { $0.status = "cancelled" }
        // The provider was not reached; who looked again found nothing to remind of.
        try await state("skipped", "cancelled")
        expectRestored(try await undo(world, cancelled), old)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `What was planned meanwhile for another reason stays`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(kind: "both")).appointment
        let changed = try await change(world, old) { $0.end = "2027-03-08T12:30" }
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                    time_zone, due_at, latest_at, next_at, state)
                SELECT practice_id, appointment_id, patient_id, channel, 'confirmation', generation, day, time_zone,
                    due_at, latest_at, next_at, 'planned' FROM reminders WHERE channel = 'sms'
                """
            )
        }
        expectRestored(try await undo(world, changed), old)
        #expect(try await world.count("SELECT COUNT(*) FROM reminders WHERE purpose = 'confirmation'") == 1)
    }

    @Test func `A new appointment that is taken back is cancelled`() async throws {
        let world = try await World()
        let draft = AppointmentDraft(patientID: try await world.patient().id.description, start: "2027-03-08T10:30")
        let new = try await world.storage.appointments.create(
            world.practice.id,
            draft,
            undoable: true,
            now: world.now
        ).appointment
        #expect(try await undo(world, new).status == .cancelled)
        #expect(try await world.lines(new) == ["sms reminder 1 skipped cancelled"])
    }

    @Test func `A correction that has not left goes with the move that wanted it`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let at = try world.instant("2027-03-07T07:00:00+01:00")
        try await world.attempt(
            try #require(try await world.standings(old).first).reminder,
            at: at,
            outcome: "accepted"
        )
        let answer = LateChangeAnswer.acknowledged(sendCorrection: true)
        _ = try await change(world, old, answer: answer, now: at + 60) { $0.start = "2027-03-08T15:00" }
        #expect(try await world.lines(old).last == "sms correction 2 planned")
        let back = try await world.storage.appointments.undo(old.id, world.practice.id, now: at + 70)[0].appointment
        expectRestored(back, old)
        #expect(try await world.lines(old) == ["sms reminder 1 settled"])
    }

    @Test func `Once the correction was begun, the undo is a change that asks`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let at = try world.instant("2027-03-07T07:00:00+01:00")
        try await world.attempt(
            try #require(try await world.standings(old).first).reminder,
            at: at,
            outcome: "accepted"
        )
        let answer = LateChangeAnswer.acknowledged(sendCorrection: true)
        _ = try await change(world, old, answer: answer, now: at + 60) { $0.start = "2027-03-08T15:00" }
        let correction = try #require(try await world.standings(old).last).reminder
        try await world.attempt(correction, at: at + 61, outcome: nil, says: "2027-03-08T15:00")
        let warning = await #expect(throws: LateChange.self) {
            _ = try await world.storage.appointments.undo(old.id, world.practice.id, now: at + 70)
        }
        #expect(warning?.brief == Warned(sentAt: at + 61, channels: [.sms]))
        #expect(warning?.messages.map(\.news) == [.change])
        let back = try await world.storage.appointments.undo(
            old.id,
            world.practice.id,
            answer: answer,
            now: at + 80
        )[0].appointment
        #expect(back.start == old.start)
        #expect(back.generation == 3)
        #expect(try await world.lines(old).last == "sms correction 3 planned")
    }

    @Test func `It is too late after half a minute, after another change, and a second time`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let moved = try await change(world, old) { $0.start = "2027-03-10T09:00" }
        await #expect(throws: StorageError.stale) { _ = try await undo(world, moved, after: 30) }
        _ = try await undo(world, moved, after: 29)
        await #expect(throws: StorageError.stale) { _ = try await undo(world, moved) }
        _ = try await change(world, old) { $0.start = "2027-03-10T09:00" }
        _ = try await world.change(old) { $0.end = "2027-03-10T11:00" }
        await #expect(throws: StorageError.stale) { _ = try await undo(world, old) }
        #expect(try await world.storage.appointments.undoable(old.id, world.practice.id, now: world.now) == nil)
    }

    @Test func `Another patient is no mistake of the hand, and what another practice has is not found`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let other = try await world.patient("Maier")
        let changed = try await change(world, old) { $0.patientID = other.id.description }
        await #expect(throws: StorageError.stale) { _ = try await undo(world, changed) }
        let practice = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        await #expect(throws: StorageError.notFound) {
            _ = try await world.storage.appointments.undo(old.id, practice.id, now: world.now)
        }
    }

    @Test func `What is over is not kept`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        _ = try await change(world, old) { $0.start = "2027-03-10T09:00" }
        let second = try await world.book(try await world.patient("Maier"), start: "2027-03-11T09:00").appointment
        _ = try await change(world, second, now: world.now + 60) { $0.start = "2027-03-12T09:00" }
        #expect(try await world.count("SELECT COUNT(*) FROM undos") == 1)
    }
}
