import Delivery
import Domain
import Foundation
import Storage
import Testing

/// What stops or holds a reminder at send time (rule 12), and what lets it go again.
@Suite struct WaitingTests {
    private func patient(
        of appointment: Appointment,
        in world: World,
        edit: @Sendable @escaping (inout PatientDraft) -> Void
    ) async throws {
        _ = try await world.storage.patients.change(
            appointment.patientID,
            world.practice.id,
            now: world.clock.now,
            edit: edit
        )
    }

    private func practice(_ world: World, edit: @Sendable @escaping (inout PracticeDraft) -> Void) async throws {
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now, edit: edit)
    }

    @Test func aWithdrawnConsentStopsIt() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try await patient(of: appointment, in: world) { $0.smsConsent = "withdrawn" }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await world.standing(appointment).reminder.reason == .consentWithdrawn)
    }

    @Test func aNewNumberIsUsed() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try await patient(of: appointment, in: world) { $0.mobile = "+436761234567" }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sent.map(\.recipient) == ["+436761234567"])
    }

    @Test func aNewTextIsUsed() async throws {
        let world = try await World()
        try await world.book()
        _ = try await world.storage.locations.change(
            world.location.id,
            world.practice.id,
            now: world.clock.now
        ) { $0.closingText = "Neu" }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sent.map(\.text) == ["Terminerinnerung 02.03.2027, 10:30. Neu"])
    }

    @Test func aChannelThatIsOffHoldsItUntilItIsOnAgain() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try await practice(world) { $0.smsEnabled = false }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        var standing = try await world.standing(appointment)
        #expect(standing.reminder.state == .planned && standing.reason == .channelOff)
        try await practice(world) { $0.smsEnabled = true }
        try world.set("2027-03-01T07:00:01+01:00")
        try await world.drain(channel)
        standing = try await world.standing(appointment)
        #expect(channel.sent.count == 1 && standing.reminder.state == .started)
    }

    @Test func aChannelThatStaysOffEndsAsTooLate() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        try await practice(world) { $0.smsEnabled = false }
        let channel = ScriptedChannel()
        for time in [World.morning, "2027-03-01T20:00:01+01:00"] {
            try world.set(time)
            try await world.drain(channel)
        }
        let standing = try await world.standing(appointment)
        #expect(channel.sent.isEmpty)
        #expect(standing.reminder.state == .skipped && standing.reminder.reason == .tooLateToSend)
    }

    @Test func aLaterSendTimeMovesWhatIsPlanned() async throws {
        let world = try await World()
        try await world.book()
        try await practice(world) { $0.smsSendTime = "09:00" }
        let channel = ScriptedChannel()
        try world.set("2027-03-01T08:59:59+01:00")
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        try world.set("2027-03-01T09:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
    }

    @Test func anEarlierSendTimeThatIsPastSendsAtOnce() async throws {
        let world = try await World()
        try await world.book()
        try await practice(world) { $0.smsSendTime = "09:00" }
        try world.set("2027-03-01T08:30:00+01:00")
        try await practice(world) { $0.smsSendTime = "08:00" }
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
    }
}
