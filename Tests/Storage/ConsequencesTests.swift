import Domain
import Foundation
import Storage
import Testing

struct ConsequencesTests {
    private func consequences(
        _ world: World,
        _ appointment: Appointment,
        now: Date? = nil,
        edit: @escaping @Sendable (inout AppointmentDraft) -> Void
    ) async throws -> ChangeConsequences {
        try await world.storage.appointments.consequences(
            of: appointment.id,
            world.practice.id,
            now: now ?? world.now,
            edit: edit
        )
    }

    @Test func `A move into the last 48 hours would drop the reminder, and nothing is saved by asking`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(kind: "both")).appointment
        let told = try await consequences(world, old) { $0.start = "2027-03-03T09:59" }
        #expect(told.dropped == [.sms, .email])
        #expect(told.notices.map(\.code) == [.reminderTooLate])
        #expect(told.late == nil && told.wantsAnswer)
        #expect(told.appointment.reminderKind == .none)
        #expect(try await world.storage.appointments.find(old.id, world.practice.id) == old)
        #expect(try await world.lines(old) == ["sms reminder 1 planned", "email reminder 1 planned"])
    }

    @Test(arguments: ["2027-03-03T10:00", "2027-03-09T10:30"])
    func `Exactly 48 hours and more drop nothing`(_ start: String) async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let told = try await consequences(world, old) { $0.start = start }
        #expect(!told.wantsAnswer)
        #expect(told.appointment.wallStart.iso == start)
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
        let told = try await consequences(world, old, now: at + 7_200) { $0.start = "2027-03-08T15:00" }
        #expect(told.late == LateChange(sentAt: at, channels: [.sms]))
        #expect(told.dropped.isEmpty)
    }

    @Test func `Nobody is asked about what somebody else changed meanwhile`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        _ = try await world.change(old) { $0.start = "2027-03-09T10:30" }
        await #expect(throws: StorageError.stale) {
            _ = try await world.storage.appointments.consequences(
                of: old.id,
                world.practice.id,
                expecting: old.version,
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
        #expect(!(try await consequences(world, old) { $0.end = "2027-03-08T12:00" }.wantsAnswer))
        #expect(!(try await consequences(world, old) { $0.status = "cancelled" }.wantsAnswer))
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
            _ = try await world.storage.appointments.consequences(of: old.id, other.id, now: world.now) { _ in }
        }
    }
}
