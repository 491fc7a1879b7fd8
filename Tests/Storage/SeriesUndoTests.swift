import Domain
import Foundation
import Storage
import Testing

/// Several that were changed at once are taken back at once.
struct SeriesUndoTests {
    private func series(_ world: World) async throws -> [Appointment] {
        let patient = try await world.patient()
        let draft = AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30")
        let booking = BookingDraft(draft, series: SeriesDraft(weeksApart: "1", count: "4"))
        return try await world.storage.appointments.book(world.practice.id, booking, now: world.now).outcomes
            .map(\.appointment)
    }

    private func cancelLater(_ world: World, _ first: Appointment) async throws -> [Appointment] {
        try await world.storage.appointments.cancelLater(
            first.id,
            world.practice.id,
            undoable: true,
            now: world.now
        ).map(\.appointment)
    }

    @Test func `A cancelled series is taken back at once, with each one's reminder`() async throws {
        let world = try await World()
        let all = try await series(world)
        let cancelled = try await cancelLater(world, all[1])
        let undoable = try await world.storage.appointments.undoable(all[1].id, world.practice.id, now: world.now)
        let others = Array(cancelled.dropFirst())
        #expect(undoable == AppointmentUndo(deed: .cancelled, appointment: cancelled[0], others: others))
        let outcomes = try await world.storage.appointments.undo(all[1].id, world.practice.id, now: world.now)
        for (appointment, old) in zip(outcomes.map(\.appointment), all.dropFirst()) {
            var expected = old
            expected.version = 3
            #expect(appointment == expected)
        }
        #expect(outcomes.count == 3)
        for old in all { #expect(try await world.lines(old) == ["sms reminder 1 planned"]) }
    }

    @Test func `A changed series is taken back at once, but for what stood there already`() async throws {
        let world = try await World()
        let (appointments, practice) = (world.storage.appointments, world.practice.id)
        let doctor = try await world.storage.practitioners.create(
            practice,
            PractitionerDraft(name: "Ada"),
            now: world.now
        )
        let all = try await series(world)
        _ = try await world.change(all[2]) { $0.practitionerID = doctor.id.description }
        _ = try await appointments.changeLater(all[1].id, practice, undoable: true, now: world.now) {
            $0.practitionerID = doctor.id.description
        }
        let outcomes = try await appointments.undo(all[1].id, practice, now: world.now)
        #expect(outcomes.map(\.appointment.id) == [all[1].id, all[3].id])
        let id = try #require(all[0].seriesID)
        #expect(try await appointments.series(id, practice).map(\.practitionerID) == [nil, nil, doctor.id, nil])
    }

    @Test func `A moved series is taken back at once, with each one's reminder`() async throws {
        let world = try await World()
        let (appointments, practice) = (world.storage.appointments, world.practice.id)
        let all = try await series(world)
        let moved = try await appointments.changeLater(all[0].id, practice, undoable: true, now: world.now) {
            $0.start = "2027-03-09T11:30"
        }
        #expect(moved.map(\.appointment.wallStart.iso).last == "2027-03-30T11:30")
        let restored = try await appointments.undo(all[0].id, practice, now: world.now).map(\.appointment)
        #expect(restored.map(\.start) == all.map(\.start))
        for old in all { #expect(try await world.lines(old) == ["sms reminder 1 planned"]) }
    }

    @Test(arguments: [false, true])
    func `A series is taken back as a whole or not at all`(_ isUndoable: Bool) async throws {
        let world = try await World()
        let (appointments, practice) = (world.storage.appointments, world.practice.id)
        let all = try await series(world)
        _ = try await cancelLater(world, all[0])
        // Somebody else's, who may take it back alone.
        let revived = try await appointments.change(all[2].id, practice, undoable: isUndoable, now: world.now + 1) {
            $0.status = "booked"
            $0.start = "2027-03-23T15:00"
        }.appointment
        #expect(try await appointments.undoable(all[0].id, practice, now: world.now + 2) == nil)
        await #expect(throws: StorageError.stale) {
            _ = try await appointments.undo(all[0].id, practice, now: world.now + 2)
        }
        #expect(try await appointments.find(all[0].id, practice).status == .cancelled)
        #expect(try await appointments.find(all[2].id, practice) == revived)
    }

    @Test func `A new series is left alone once somebody moved one of it`() async throws {
        let world = try await World()
        let all = try await series(world)
        let (appointments, practice) = (world.storage.appointments, world.practice.id)
        let moved = try await appointments.change(all[1].id, practice, undoable: true, now: world.now) {
            $0.start = "2027-03-16T15:00"
        }.appointment
        await #expect(throws: StorageError.stale) {
            _ = try await appointments.undo(all[0].id, practice, now: world.now)
        }
        let now = try await appointments.series(#require(all[0].seriesID), practice)
        #expect(now.map(\.status) == Array(repeating: .booked, count: 4))
        #expect(now[1] == moved)
    }

    @Test func `A new series that is taken back is cancelled`() async throws {
        let world = try await World()
        let all = try await series(world)
        let outcomes = try await world.storage.appointments.undo(all[0].id, world.practice.id, now: world.now)
        #expect(outcomes.map(\.appointment.status) == Array(repeating: .cancelled, count: 4))
    }
}
