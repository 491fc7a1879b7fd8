import Database
import Domain
import Foundation
import Storage
import Testing

/// What becomes of reminders that an attempt was made for, when their appointment gets another patient.
struct NewPatientTests {
    private func tried(_ world: World, outcome: String) async throws -> (Appointment, message: Message.ID) {
        let appointment = try await world.book(try await world.patient()).appointment
        let reminder = try #require(try await world.standings(appointment).first).reminder
        let message = try await world.attempt(
            reminder,
            at: world.now,
            outcome: outcome,
            settled: false,
            says: "2027-03-08T10:30"
        )
        return (appointment, message)
    }

    @Test(arguments: ["unreachable", "account_refused"])
    func `A message that surely was not sent stays with whom it was for, the new patient gets their own`(
        _ outcome: String
    ) async throws {
        let world = try await World()
        let (appointment, message) = try await tried(world, outcome: outcome)
        let other = try await world.patient("Maier")
        _ = try await world.change(appointment) { $0.patientID = other.id.description }
        #expect(try await world.lines(appointment) == ["sms reminder 1 planned", "sms reminder 0 skipped moved"])
        let reminders = try await world.standings(appointment).map(\.reminder)
        #expect(reminders.map(\.patientID) == [other.id, appointment.patientID])
        #expect(reminders.map(\.messageID) == [nil, message])
        let row = try await world.storage.messages.find(message, world.practice.id)
        #expect(row.patientName == "Huber, Anna")
        try await world.storage.patients.delete(
            appointment.patientID,
            world.practice.id,
            knowing: .everything,
            now: world.now
        )
        let erased = try await world.storage.messages.find(message, world.practice.id)
        #expect(erased.message.recipient.isEmpty)
    }

    @Test func `A message that may have been sent stays with whom it was for, and is not sent again`() async throws {
        let world = try await World()
        let (appointment, message) = try await tried(world, outcome: "unknown")
        let other = try await world.patient("Maier")
        _ = try await world.change(appointment, answer: .acknowledged(sendCorrection: false)) {
            $0.patientID = other.id.description
        }
        let standing = try #require(try await world.standings(appointment).first)
        #expect(standing.reminder.patientID == appointment.patientID)
        #expect(standing.reminder.messageID == message)
        #expect(standing.reason == .moved)
    }

    @Test func `A new place changes nothing about the message`() async throws {
        let world = try await World()
        let (appointment, message) = try await tried(world, outcome: "unreachable")
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Zweite"),
            now: world.now
        )
        _ = try await world.change(appointment) { $0.locationID = place.id.description }
        #expect(try await world.standings(appointment).map(\.reminder.messageID) == [message])
    }

    @Test func `An appointment that is booked again for another patient does not take the message along`()
        async throws
    {
        let world = try await World()
        let (appointment, message) = try await tried(world, outcome: "unreachable")
        let other = try await world.patient("Maier")
        _ = try await world.storage.appointments.cancel(appointment.id, world.practice.id, now: world.now)
        _ = try await world.change(appointment) {
            $0.status = "booked"
            $0.patientID = other.id.description
        }
        let reminders = try await world.standings(appointment).map(\.reminder)
        #expect(reminders.map(\.patientID) == [other.id, appointment.patientID])
        #expect(reminders.map(\.messageID) == [nil, message])
        #expect(reminders.map(\.state) == [.planned, .skipped])
    }

    @Test func `A row that cannot be read holds up none beside it`() async throws {
        let world = try await World()
        let provider = try await world.storage.providers.add(
            ProviderDraft(name: "sim", kind: "simulator"),
            now: world.now
        )
        let patient = try await world.patient()
        let broken = try await world.book(patient).appointment
        _ = try await world.book(patient, start: "2027-03-08T14:00")
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE appointments SET time_zone = 'Mars/Olympus' WHERE id = $1",
                broken.id.rawValue
            )
        }
        let due = try world.instant("2027-03-07T07:00:00+01:00")
        let batch = try await world.storage.queue.startDue(
            .all(.sms),
            by: Carrier(provider.id),
            limit: 10,
            worker: "t",
            now: due
        )
        #expect(batch.looked == 2 && batch.attempts.count == 1)
        #expect(batch.unreadable.count == 1)
        let next = try await world.storage.queue.startDue(
            .all(.sms),
            by: Carrier(provider.id),
            limit: 10,
            worker: "t",
            now: due
        )
        #expect(next.looked == 0, "it is looked at again later")
    }
}
