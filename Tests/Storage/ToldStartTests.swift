import Domain
import Foundation
import Storage
import Testing

/// What a change follows from is what the last message told, not what the appointment says by now.
struct ToldStartTests {
    private static let correct = LateChangeAnswer.acknowledged(sendCorrection: true)
    private static let silent = LateChangeAnswer.acknowledged(sendCorrection: false)

    /// An appointment on 8 March at 10:30 whose SMS left on the 7th at 07:00; it is 22:00 that day, so that corrections
    /// wait for the morning.
    private func told(_ world: World) async throws -> (appointment: Appointment, night: Date) {
        let appointment = try await world.book(try await world.patient()).appointment
        let reminder = try #require(try await world.standings(appointment).first).reminder
        let at = try world.instant("2027-03-07T07:00:00+01:00")
        try await world.attempt(reminder, at: at, outcome: "accepted", says: "2027-03-08T10:30")
        return (appointment, try world.instant("2027-03-07T22:00:00+01:00"))
    }

    /// The newest correction has left and told this.
    private func leave(_ world: World, _ appointment: Appointment, at: Date, says: String) async throws {
        let correction = try #require(try await world.standings(appointment).last).reminder
        #expect(correction.purpose == .correction && correction.state == .planned)
        try await world.attempt(correction, at: at, outcome: "accepted", says: says)
    }

    @Test func `After a silent move the correction names the start that the patient knows`() async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        _ = try await world.change(appointment, answer: Self.silent, now: night) { $0.start = "2027-03-08T11:00" }
        _ = try await world.change(appointment, answer: Self.correct, now: night) { $0.start = "2027-03-08T15:00" }
        let correction = try #require(try await world.standings(appointment).last).reminder
        #expect(correction.toldStart == appointment.wallStart)
        #expect(correction.latestAt == (try world.instant("2027-03-08T11:00:00+01:00")))
    }

    @Test func `After a correction the next one names the start that the first one told`() async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        _ = try await world.change(appointment, answer: Self.correct, now: night) { $0.start = "2027-03-08T11:00" }
        try await leave(world, appointment, at: night + 60, says: "2027-03-08T11:00")
        _ = try await world.change(appointment, answer: Self.silent, now: night + 120) { $0.start = "2027-03-08T12:00" }
        _ = try await world.change(appointment, answer: Self.correct, now: night + 180) {
            $0.status = "cancelled"
        }
        let correction = try #require(try await world.standings(appointment).last).reminder
        #expect(correction.toldStart?.iso == "2027-03-08T11:00")
    }

    @Test func `Who was told that the appointment is off is neither warned of nor told again`() async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        let other = try await world.patient("Maier")
        _ = try await world.change(appointment, answer: Self.correct, now: night) {
            $0.patientID = other.id.description
        }
        try await leave(world, appointment, at: night + 60, says: "")
        #expect(
            try await world.storage.appointments.lateChange(of: appointment.id, world.practice.id, now: night) == nil
        )
        let lines = try await world.lines(appointment)
        let cancelled = try await world.storage.appointments.cancel(appointment.id, world.practice.id, now: night + 120)
        #expect(cancelled.status == .cancelled)
        #expect(try await world.lines(appointment) == lines)
    }

    @Test func `A patient who gets the appointment back after a cancellation was told is told that it takes place`()
        async throws
    {
        let world = try await World()
        let (appointment, night) = try await told(world)
        let other = try await world.patient("Maier")
        _ = try await world.change(appointment, answer: Self.correct, now: night) {
            $0.patientID = other.id.description
        }
        try await leave(world, appointment, at: night + 60, says: "")
        let warning = await #expect(throws: LateChange.self) {
            _ = try await world.change(appointment, now: night + 120) {
                $0.patientID = appointment.patientID.description
            }
        }
        #expect(warning?.brief == Warned(sentAt: night + 60, channels: [.sms]))
        #expect(warning?.messages.map(\.news) == [.cancellation])
    }

    @Test(arguments: [true, false])
    func `A move back to what was told takes the waiting correction away`(_ asks: Bool) async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        _ = try await world.change(appointment, answer: Self.correct, now: night) { $0.start = "2027-03-08T11:00" }
        #expect(try await world.lines(appointment).last == "sms correction 2 planned")
        _ = try await world.change(appointment, answer: asks ? Self.correct : Self.silent, now: night + 60) {
            $0.start = "2027-03-08T10:30"
        }
        #expect(
            try await world.lines(appointment) == ["sms reminder 1 settled", "sms correction 2 skipped moved"]
        )
        _ = try await world.change(appointment, answer: Self.correct, now: night + 120) {
            $0.start = "2027-03-08T12:00"
        }
        #expect(try await world.lines(appointment).last == "sms correction 4 planned")
    }

    @Test func `A move elsewhere, or to another place, keeps the waiting correction`() async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        _ = try await world.change(appointment, answer: Self.correct, now: night) { $0.start = "2027-03-08T11:00" }
        _ = try await world.change(appointment, answer: Self.silent, now: night) { $0.start = "2027-03-08T12:00" }
        _ = try await world.change(appointment, answer: Self.silent, now: night) {
            $0.start = "2027-03-08T10:30"
            $0.locationID = place.id.description
        }
        #expect(try await world.lines(appointment).last == "sms correction 2 planned")
    }

    @Test func `A patient who gets the appointment back needs no cancellation that still waits`() async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        let other = try await world.patient("Maier")
        _ = try await world.change(appointment, answer: Self.correct, now: night) {
            $0.patientID = other.id.description
        }
        _ = try await world.change(appointment, answer: Self.correct, now: night + 60) {
            $0.patientID = appointment.patientID.description
        }
        #expect(
            try await world.lines(appointment) == ["sms reminder 1 settled", "sms correction 1 skipped moved"]
        )
    }

    @Test func `An appointment that takes place after a cancellation was told warns, and is told again`() async throws {
        let world = try await World()
        let (appointment, night) = try await told(world)
        let store = world.storage.appointments
        _ = try await store.cancel(appointment.id, world.practice.id, answer: Self.correct, now: night)
        try await leave(world, appointment, at: night + 60, says: "")
        let asked = try await store.lateChange(of: appointment.id, world.practice.id, now: night + 120)
        #expect(asked?.brief == Warned(sentAt: night + 60, channels: [.sms]))
        let warning = await #expect(throws: LateChange.self) {
            _ = try await world.change(appointment, now: night + 120) { $0.status = "booked" }
        }
        #expect(warning == asked)
        _ = try await world.change(appointment, answer: Self.correct, now: night + 120) { $0.status = "booked" }
        #expect(
            try await world.lines(appointment) == [
                "sms reminder 1 settled", "sms correction 1 settled", "sms correction 2 planned",
            ]
        )
        let correction = try #require(try await world.standings(appointment).last).reminder
        #expect(correction.toldStart == appointment.wallStart)
        #expect(correction.patientID == appointment.patientID)
    }

    @Test func `A cancellation that still waits is dropped when the appointment takes place, without a warning`()
        async throws
    {
        let world = try await World()
        let (appointment, night) = try await told(world)
        _ = try await world.storage.appointments.cancel(
            appointment.id,
            world.practice.id,
            answer: Self.correct,
            now: night
        )
        _ = try await world.change(appointment, now: night + 60) { $0.status = "booked" }
        #expect(
            try await world.lines(appointment) == ["sms reminder 1 settled", "sms correction 1 skipped moved"]
        )
    }
}
