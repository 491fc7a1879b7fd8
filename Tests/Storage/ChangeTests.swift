import Domain
import Foundation
import Storage
import Testing

struct ChangeTests {
    @Test func `A moved start skips the old reminder and plans a new one`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let outcome = try await world.change(old) { $0.start = "2027-03-10T09:00" }
        #expect(outcome.appointment.generation == 2)
        #expect(outcome.appointment.version == 2)
        #expect(outcome.appointment.end == outcome.appointment.start + 3_600)
        #expect(try await world.lines(old) == ["sms reminder 1 skipped moved", "sms reminder 2 planned"])
    }

    @Test func `A move into the last 48 hours drops the reminder, says so, and a move out of them brings it back`()
        async throws
    {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let near = try await world.change(old) { $0.start = "2027-03-02T10:30" }
        #expect(near.appointment.reminderKind == .none)
        #expect(near.notices.map(\.code) == [.reminderTooLate])
        #expect(near.appointment.shortfall == [.reminderTooLate])
        let far = try await world.change(near.appointment) { $0.start = "2027-03-09T10:30" }
        #expect(far.appointment.reminderKind == .sms)
        #expect(far.appointment.shortfall.isEmpty)
        #expect(try await world.lines(old) == ["sms reminder 1 skipped moved", "sms reminder 3 planned"])
    }

    @Test func `An explicit new kind inside 48 hours is refused and nothing is changed`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(), start: "2027-03-02T10:30", kind: "none").appointment
        #expect(
            try await codes { _ = try await world.change(old) { $0.reminderKind = "sms" } }
                == ["reminderKind reminder.too_late"]
        )
        #expect(try await world.storage.appointments.find(old.id, world.practice.id) == old)
    }

    @Test func `A changed kind adds and removes reminders`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let both = try await world.change(old) { $0.reminderKind = "both" }.appointment
        #expect(try await world.lines(old) == ["sms reminder 1 planned", "email reminder 1 planned"])
        _ = try await world.change(both) { $0.reminderKind = "email" }
        #expect(try await world.lines(old) == ["email reminder 1 planned"])
    }

    @Test func `A kind can be dropped inside 48 hours`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let later = try world.instant("2027-03-07T06:00:00+01:00")
        let outcome = try await world.change(old, now: later) { $0.reminderKind = "none" }
        #expect(outcome.appointment.reminderKind == .none)
        #expect(try await world.lines(old).isEmpty)
    }

    @Test func `A cancelled appointment skips its reminder, and is planned again when it is booked again in time`()
        async throws
    {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let cancelled = try await world.storage.appointments.cancel(old.id, world.practice.id, now: world.now)
        #expect(cancelled.status == .cancelled)
        #expect(try await world.lines(old) == ["sms reminder 1 skipped cancelled"])
        let again = try await world.change(cancelled) { $0.status = "booked" }
        #expect(again.notices.isEmpty)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `An appointment that is booked again too late has no reminder any more and says so`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let cancelled = try await world.storage.appointments.cancel(old.id, world.practice.id, now: world.now)
        let later = try world.instant("2027-03-07T06:00:00+01:00")
        let again = try await world.change(cancelled, now: later) { $0.status = "booked" }
        #expect(again.appointment.reminderKind == .none)
        #expect(again.notices.map(\.code) == [.reminderTooLate])
        #expect(try await world.lines(old) == ["sms reminder 1 skipped cancelled"])
    }

    @Test func `Planned reminders follow a new patient, less what that patient cannot get`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient(kind: "both")).appointment
        let other = try await world.patient("Maier", mobile: "", kind: "none")
        let outcome = try await world.change(old) { $0.patientID = other.id.description }
        #expect(outcome.appointment.reminderKind == .email)
        #expect(outcome.notices.map(\.code) == [.reminderNoMobile])
        let standings = try await world.standings(old)
        #expect(standings.map(\.reminder.channel) == [.email])
        #expect(standings.map(\.reminder.patientID) == [other.id])
    }

    @Test func `A new location keeps the instants and the zone`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let draft = LocationDraft(name: "Lissabon", timeZone: "Europe/Lisbon")
        let place = try await world.storage.locations.create(world.practice.id, draft, now: world.now)
        let wall = old.wallStart.iso
        let new = try await world.change(old) {
            $0.locationID = place.id.description
            $0.start = wall
        }.appointment
        #expect(new.start == old.start)
        #expect(new.timeZone == old.timeZone)
        #expect(new.generation == 1)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `A new location in another zone without a new start keeps wall time, zone and offset`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        let draft = LocationDraft(name: "Lissabon", timeZone: "Europe/Lisbon")
        let place = try await world.storage.locations.create(world.practice.id, draft, now: world.now)
        let new = try await world.change(old) { $0.locationID = place.id.description }.appointment
        #expect(new.locationID == place.id)
        #expect(new.wallStart == old.wallStart)
        #expect(new.timeZone == old.timeZone)
        #expect(new.start == old.start && new.end == old.end)
        #expect(try await world.lines(old) == ["sms reminder 1 planned"])
    }

    @Test func `Another version is stale, and nothing changed is no new version`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        await #expect(throws: StorageError.stale) {
            _ = try await world.storage.appointments.change(old.id, world.practice.id, expecting: 9, now: world.now) {
                $0.status = "arrived"
            }
        }
        #expect(try await world.change(old) { _ in }.appointment.version == 1)
    }

    @Test func `Changing a patient never touches appointments that exist`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let old = try await world.book(patient).appointment
        _ = try await world.storage.patients.change(patient.id, world.practice.id, now: world.now) {
            $0.reminderKind = "none"
            $0.mobile = ""
            $0.smsConsent = "withdrawn"
        }
        #expect(try await world.storage.appointments.find(old.id, world.practice.id) == old)
        let standings = try await world.standings(old)
        #expect(standings.map(\.reminder.state) == [.planned])
        #expect(standings.map(\.reason) == [.consentWithdrawn])
    }

    @Test func `An end before the start is refused`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        #expect(
            try await codes { _ = try await world.change(old) { $0.end = "2027-03-08T10:30" } }
                == ["end appointment.end_before_start"]
        )
    }

    @Test func `Nobody moves an appointment to a day before today; what is imported may lie there`() async throws {
        let world = try await World()
        let old = try await world.book(try await world.patient()).appointment
        #expect(
            try await codes { _ = try await world.change(old) { $0.start = "2021-03-08T10:30" } }
                == ["start appointment.in_past"]
        )
        let earlier = try await world.change(old) { $0.start = "2027-03-01T07:00" }.appointment
        #expect(earlier.wallStart.iso == "2027-03-01T07:00")
        // What lies in the past by now can be changed otherwise.
        let day = world.now + 86_400
        #expect(try await world.change(old, now: day) { $0.status = "arrived" }.appointment.status == .arrived)
        let imported = try await world.storage.appointments.change(
            old.id,
            world.practice.id,
            origin: .imported,
            now: day
        ) { $0.start = "2021-03-08T10:30" }
        #expect(imported.appointment.wallStart.iso == "2021-03-08T10:30")
    }
}
