import Domain
import Foundation
import Storage
import Testing

struct LateChangeTests {
    /// An appointment on 8 March whose SMS was attempted on the 7th at 07:00; it is 09:00 that day.
    private func sent(
        _ world: World,
        outcome: String? = "accepted",
        kind: String = "sms"
    ) async throws -> (appointment: Appointment, at: Date, later: Date) {
        let appointment = try await world.book(try await world.patient(kind: kind)).appointment
        let at = try world.instant("2027-03-07T07:00:00+01:00")
        let reminder = try #require(try await world.standings(appointment).first).reminder
        try await world.attempt(reminder, at: at, outcome: outcome)
        return (appointment, at, at + 7_200)
    }

    @Test(
        arguments: [
            (nil, true), ("accepted", true), ("unknown", true), ("unreachable", false), ("account_refused", false),
            ("refused", false),
        ] as [(String?, Bool)]
    )
    func `Only an attempt that may have sent warns`(_ outcome: String?, _ warns: Bool) async throws {
        let world = try await World()
        let (appointment, at, later) = try await sent(world, outcome: outcome)
        let expected = warns ? Warned(sentAt: at, channels: [.sms]) : nil
        let late = try await world.storage.appointments.lateChange(of: appointment.id, world.practice.id, now: later)
        #expect(late?.brief == expected)
        do {
            _ = try await world.storage.appointments.cancel(appointment.id, world.practice.id, now: later)
            #expect(!warns)
        } catch let warning as LateChange {
            #expect(warning.brief == expected)
        }
    }

    @Test(arguments: ["start", "location", "patient", "status", "end", "externalId"])
    func `Start, location, patient and a cancellation warn, other changes do not`(_ field: String) async throws {
        let world = try await World()
        let (appointment, _, later) = try await sent(world)
        let other = try await world.patient("Maier")
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        var warned = false
        do {
            _ = try await world.change(appointment, now: later) {
                switch field {
                case "start": $0.start = "2027-03-08T11:00"
                case "location": $0.locationID = place.id.description
                case "patient": $0.patientID = other.id.description
                case "status": $0.status = "cancelled"
                case "end": $0.end = "2027-03-08T12:00"
                default: $0.externalID = "x"
                }
            }
        } catch is LateChange { warned = true }
        #expect(warned == (field != "end" && field != "externalId"))
    }

    @Test func `After the start nothing warns`() async throws {
        let world = try await World()
        let (appointment, _, _) = try await sent(world)
        let outcome = try await world.change(appointment, now: appointment.start) { $0.status = "no_show" }
        #expect(outcome.appointment.status == .noShow)
        _ = try await world.storage.appointments.cancel(appointment.id, world.practice.id, now: appointment.start)
    }

    @Test func `A correction goes to who was told, by the channel that was used, about the old start`() async throws {
        let world = try await World()
        let (appointment, _, later) = try await sent(world, kind: "both")
        let outcome = try await world.change(appointment, answer: .acknowledged(sendCorrection: true), now: later) {
            $0.start = "2027-03-08T15:00"
        }
        #expect(outcome.notices.map(\.code) == [.reminderTooLate])
        #expect(
            try await world.lines(appointment) == [
                "sms reminder 1 settled", "email reminder 1 skipped moved", "sms correction 2 planned",
            ]
        )
        let correction = try #require(try await world.standings(appointment).last).reminder
        #expect(correction.toldStart == appointment.wallStart)
        #expect(correction.dueAt == later)
        #expect(correction.patientID == appointment.patientID)
    }

    @Test func `Without a correction the change is just saved`() async throws {
        let world = try await World()
        let (appointment, _, later) = try await sent(world)
        _ = try await world.storage.appointments.cancel(
            appointment.id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: later
        )
        #expect(try await world.lines(appointment) == ["sms reminder 1 settled"])
    }

    @Test func `A correction that still waits is enough, a sent one is followed by another`() async throws {
        let world = try await World()
        let (appointment, _, later) = try await sent(world)
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        let answer = LateChangeAnswer.acknowledged(sendCorrection: true)
        let moved = try await world.change(appointment, answer: answer, now: later) {
            $0.locationID = place.id.description
        }.appointment
        #expect(try await world.lines(appointment).last == "sms correction 1 planned")
        let cancelled = try await world.change(moved, answer: answer, now: later) { $0.status = "cancelled" }
        #expect(cancelled.appointment.generation == 1)
        #expect(try await world.lines(appointment).count == 2)

        let correction = try #require(try await world.standings(appointment).last).reminder
        try await world.attempt(correction, at: later + 60, outcome: "accepted")
        let again = try await world.change(cancelled.appointment, answer: answer, now: later + 120) {
            $0.status = "booked"
            $0.locationID = appointment.locationID.description
        }
        #expect(again.appointment.generation == 1)
        #expect(try await world.lines(appointment).last == "sms correction 2 planned")
    }

    @Test func `The patient who lost the appointment is told, not the new one`() async throws {
        let world = try await World()
        let (appointment, _, later) = try await sent(world)
        let other = try await world.patient("Maier")
        _ = try await world.change(appointment, answer: .acknowledged(sendCorrection: true), now: later) {
            $0.patientID = other.id.description
        }
        let correction = try #require(try await world.standings(appointment).last).reminder
        #expect(correction.purpose == .correction)
        #expect(correction.patientID == appointment.patientID)
    }
}
