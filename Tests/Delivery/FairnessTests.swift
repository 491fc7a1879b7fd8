import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// A slow provider holds up nobody else, and loses nothing of its own.
@Suite struct FairnessTests {
    /// A second practice with a provider of its own, and one reminder due at seven.
    private func neighbour(of world: World) async throws -> Practice {
        var draft = PracticeDraft()
        draft.name = "Nachbarin"
        draft.senderID = "Nachbarin"
        draft.smsEnabled = true
        let practice = try await world.storage.practices.create(draft, now: world.clock.now)
        var place = LocationDraft()
        place.name = "Nebenan"
        _ = try await world.storage.locations.create(practice.id, place, now: world.clock.now)
        var person = PatientDraft()
        person.lastName = "Moser"
        person.mobile = "+436641234500"
        person.reminderKind = "sms"
        let patient = try await world.storage.patients.create(practice.id, person, now: world.clock.now)
        var appointment = AppointmentDraft()
        appointment.patientID = patient.id.description
        appointment.start = "2027-03-02T10:30:00+01:00"
        _ = try await world.storage.appointments.create(practice.id, appointment, now: world.clock.now)
        _ = try await world.storage.providers.add(
            ProviderDraft(name: "fast", kind: "simulator"),
            practice: practice.id,
            now: world.clock.now
        )
        return practice
    }

    @Test func whatASlowProviderCannotTakeOnStaysFreeAndTheOthersGoOn() async throws {
        let world = try await World()
        try await world.book(40)
        _ = try await neighbour(of: world)
        try world.set(World.morning)
        // The clock stands, so that a rate of one a second lets exactly one message leave.
        let slow = ScriptedChannel(rate: 1)
        let fast = ScriptedChannel()
        let dispatcher = Dispatcher(world: world.environment(slow, ["fast": fast]))
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await dispatcher.run() }
            for _ in 0..<2000 where fast.sent.isEmpty || slow.sent.isEmpty {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(fast.sent.count == 1)
            let free = try await world.driver.read { transaction in
                try transaction.first("SELECT COUNT(*) FROM reminders WHERE state = 'planned'")?.integer(0)
            }
            #expect(slow.sent.count == 1)
            #expect(free == 39, "nothing is put on record that does not leave")
            group.cancelAll()
        }
    }

    @Test func anAttemptThatIsLostIsNotSentAgainInTheSameRoundThatFindsIt() async throws {
        let world = try await World()
        try await world.book()
        try world.set(World.morning)
        _ = try await world.start()
        try world.set("2027-03-01T09:00:00+01:00")
        await world.rescue()
        await world.rescue()
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty, "its provider may still bring a receipt first")
        try world.set("2027-03-01T10:00:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
    }
}
