import Database
import Domain
import Foundation
import Storage
import Testing

@Suite struct LogTaskTests {
    /// A reminder of an appointment on that day, and a message of it that ended so.
    private func message(
        _ world: World,
        _ day: String,
        _ status: MessageStatus?,
        _ kind: String = "sms"
    ) async throws -> (Message.ID, Reminder) {
        let appointment = try await world.book(try await world.patient(), start: day + "T10:30", kind: kind).appointment
        let reminder = try #require(try await world.standings(appointment).first).reminder
        let id = try await world.attempt(reminder, at: world.now, outcome: status == nil ? "unknown" : "accepted")
        if let status { try await world.set(id, status) }
        return (id, reminder)
    }

    @Test func `Coming appointments come first, then what was ticked, then what is over`() async throws {
        let world = try await World()
        let (over, _) = try await message(world, "2027-03-04", .expired)
        let (ticked, reminder) = try await message(world, "2027-03-10", .undeliverable)
        let (later, _) = try await message(world, "2027-03-12", nil)
        let (next, _) = try await message(world, "2027-03-11", .undeliverable)
        _ = try await message(world, "2027-03-11", .delivered)
        _ = try await message(world, "2027-03-11", .submitted)
        // So near it is on the call list, which tells more.
        _ = try await message(world, "2027-03-08", .undeliverable)
        try await world.tick(reminder)
        let now = try world.instant("2027-03-05T12:00:00+01:00")
        let tasks = try await world.storage.messages.tasks(world.practice.id, now: now)
        #expect(tasks.map(\.row.message.id) == [next, later, ticked, over])
        #expect(tasks.map(\.isComing) == [true, true, true, false])
        #expect(tasks.map { $0.row.call != nil } == [false, false, true, false])
        let weeks = try world.instant("2027-05-05T12:00:00+02:00")
        #expect(
            try await world.storage.messages.tasks(world.practice.id, now: weeks).map(\.row.message.id).first == later
        )
    }

    @Test func `What needs nobody is no task`() async throws {
        let world = try await World()
        let (_, cancelled) = try await message(world, "2027-03-08", .undeliverable)
        let (_, both) = try await message(world, "2027-03-09", .bounced, "both")
        let now = world.now + 3_600
        #expect(try await world.storage.messages.tasks(world.practice.id, now: now).count == 2)
        // The other channel's message arrived.
        let standings = try await world.storage.reminders.of(both.appointmentID, world.practice.id, now: now)
        let other = try #require(standings.last { $0.reminder.id != both.id }).reminder
        let arrived = try await world.attempt(other, at: world.now, outcome: "accepted")
        try await world.set(arrived, .delivered)
        #expect(try await world.storage.messages.tasks(world.practice.id, now: now).count == 1)
        let appointment = try await world.storage.appointments.find(cancelled.appointmentID, world.practice.id)
        _ = try await world.change(appointment, answer: .acknowledged(sendCorrection: false), now: now) {
            $0.status = Appointment.Status.cancelled.rawValue
        }
        #expect(try await world.storage.messages.tasks(world.practice.id, now: now).isEmpty)
    }
}

extension World {
    func set(_ message: Message.ID, _ status: MessageStatus) async throws {
        _ = try await driver.write {
            try $0.execute(
                "UPDATE messages SET status = $1, unclear = 0 WHERE id = $2",
                status.rawValue,
                message.rawValue
            )
        }
    }

    /// Somebody has called about it.
    func tick(_ reminder: Reminder) async throws {
        _ = try await driver.write {
            try $0.execute(
                "INSERT INTO calls (reminder_id, practice_id, at, actor, note) VALUES ($1, $2, 1, 'a@example.org', '')",
                reminder.id.rawValue,
                reminder.practiceID.rawValue
            )
        }
    }
}
