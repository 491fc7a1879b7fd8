import Database
import Domain
import Foundation
import Storage
import Testing

/// What a patient's answer does.
@Suite struct OptOutTests {
    private static let number = "+436641234500"

    private static func answer(_ text: String, id: String = "mo-1", from number: String = number) -> InboundSMS {
        InboundSMS(providerMessageID: id, sender: number, recipient: "436761234567", text: text)
    }

    /// A world in which a reminder was sent this morning.
    private static func world() async throws -> (World, Appointment) {
        let world = try await World()
        let appointment = try await world.book(mobile: number)[0]
        try world.set(World.morning)
        try await world.drain(ScriptedChannel())
        return (world, appointment)
    }

    private static func consent(_ world: World, _ patient: Patient.ID) async throws -> Consent {
        try await world.storage.patients.find(patient, world.practice.id).smsConsent
    }

    @Test(arguments: ["STOP", "stopp", " Stop! ", "Abmelden", "NEIN DANKE", "Nein, danke.", "bitte keine SMS mehr"])
    func aStopWithdrawsConsentAndIsConfirmedOnce(text: String) async throws {
        let (world, appointment) = try await Self.world()
        try await world.storage.inbound.record([Self.answer(text)], from: Identifier(1), at: world.clock.now)
        #expect(try await Self.consent(world, appointment.patientID) == .withdrawn)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.map(\.text) == ["Abmeldung best\u{E4}tigt: Es kommen keine SMS mehr von Praxis."])
        #expect(channel.sent.map(\.recipient) == [Self.number])
        try await world.storage.inbound.record(
            [Self.answer(text, id: "mo-2")],
            from: Identifier(1),
            at: world.clock.now
        )
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        let rows = try await world.storage.inbound.list(world.practice.id).items
        #expect(rows.map(\.kind) == [.stop, .stop])
        #expect(rows.allSatisfy { $0.patientID == appointment.patientID && $0.doneAt != nil })
    }

    @Test func aStopStopsWhatIsPlanned() async throws {
        let (world, appointment) = try await Self.world()
        var draft = AppointmentDraft()
        draft.patientID = appointment.patientID.description
        draft.start = "2027-03-09T10:30:00+01:00"
        let later = try await world.storage.appointments.create(world.practice.id, draft, now: world.clock.now)
            .appointment
        try await world.storage.inbound.record([Self.answer("STOP")], from: Identifier(1), at: world.clock.now)
        #expect(try await world.standing(later).reason == .consentWithdrawn)
        try world.set("2027-03-08T07:00:00+01:00")
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(try await world.standing(later).reminder.reason == .consentWithdrawn)
        #expect(!channel.sent.contains { $0.text.hasPrefix("Terminerinnerung") })
    }

    @Test(arguments: [
        "Danke, ich komme", "Stop, ich komme sp\u{E4}ter", "Nein danke, lieber um 11 Uhr", "Ja", "OK STOP?!x",
    ])
    func anotherAnswerWaitsForTheStaffAndChangesNothing(text: String) async throws {
        let (world, appointment) = try await Self.world()
        try await world.storage.inbound.record([Self.answer(text)], from: Identifier(1), at: world.clock.now)
        #expect(try await Self.consent(world, appointment.patientID) == .unknown)
        let row = try #require(try await world.storage.inbound.list(world.practice.id, open: true).items.first)
        #expect(row.kind == .answer && row.text == text && row.appointmentID == appointment.id)
        #expect(try await world.storage.inbound.openCount(world.practice.id) == 1)
        try await world.storage.inbound.setDone(row.id, world.practice.id, true, now: world.clock.now)
        #expect(try await world.storage.inbound.openCount(world.practice.id) == 0)
    }

    @Test func aRepeatedDeliveryIsTakenOnce() async throws {
        let (world, _) = try await Self.world()
        for _ in 0..<2 {
            try await world.storage.inbound.record([Self.answer("Danke")], from: Identifier(1), at: world.clock.now)
        }
        #expect(try await world.storage.inbound.list(world.practice.id).items.count == 1)
    }

    @Test func everyoneWithTheNumberInThePracticeIsConcernedAndNobodyElsewhere() async throws {
        let (world, appointment) = try await Self.world()
        let sibling = try await world.book(start: "2027-03-20T10:30:00+01:00", mobile: Self.number)[0]
        let neighbour = try await world.neighbour(1, start: "2027-03-20T10:30:00+01:00")
        try await world.storage.inbound.record([Self.answer("STOP")], from: Identifier(1), at: world.clock.now)
        #expect(try await Self.consent(world, appointment.patientID) == .withdrawn)
        #expect(try await Self.consent(world, sibling.patientID) == .withdrawn)
        let others = try await world.storage.patients.list(neighbour.id).items
        #expect(others.map(\.smsConsent) == [.unknown])
    }

    @Test func aStopConcernsThePracticeWhoseNumberItWasWrittenTo() async throws {
        let (world, appointment) = try await Self.world()
        let neighbour = try await world.neighbour(1, start: "2027-03-03T10:30:00+01:00")
        for (practice, sender) in [(world.practice.id, "00436701111111"), (neighbour.id, "00436702222222")] {
            try await world.driver.write { transaction in
                try transaction.execute(
                    "UPDATE messages SET sender = $1 WHERE practice_id = $2",
                    sender,
                    practice.rawValue
                )
                _ = try transaction.execute(
                    "UPDATE practices SET sender = $1 WHERE id = $2",
                    sender,
                    practice.rawValue
                )
            }
        }
        // The neighbour sent last.
        try world.set("2027-03-02T07:00:00+01:00")
        try await world.drain(ScriptedChannel())
        let stop = InboundSMS(
            providerMessageID: "mo-1",
            sender: Self.number,
            recipient: "+436701111111",
            text: "STOP"
        )
        try await world.storage.inbound.record([stop], from: Identifier(1), at: world.clock.now)
        #expect(try await Self.consent(world, appointment.patientID) == .withdrawn)
        #expect(try await world.storage.patients.list(neighbour.id).items.map(\.smsConsent) == [.unknown])
    }

    @Test func aStopOfANumberThatSeveralOfOnePracticeHoldIsThatPractices() async throws {
        let world = try await World()
        let appointments = try await world.book(2, mobile: Self.number)
        try await world.storage.inbound.record([Self.answer("STOP")], from: Identifier(1), at: world.clock.now)
        for appointment in appointments {
            #expect(try await Self.consent(world, appointment.patientID) == .withdrawn)
        }
    }

    @Test func whatBelongsToNoPracticeIsForgotten() async throws {
        let (world, _) = try await Self.world()
        try await world.storage.inbound.record(
            [Self.answer("Hallo", from: "+436649999999")],
            from: Identifier(1),
            at: world.clock.now
        )
        #expect(try await world.storage.inbound.dropStrangers(before: world.clock.now) == 0)
        #expect(try await world.storage.inbound.dropStrangers(before: world.clock.now + 1) == 1)
    }

    @Test func aStopFromANumberThatNobodySentToBelongsToNoPractice() async throws {
        let (world, appointment) = try await Self.world()
        let stranger = Self.answer("STOP", from: "+436649999999")
        #expect(try await world.storage.inbound.record([stranger], from: Identifier(1), at: world.clock.now) == 1)
        #expect(try await world.storage.inbound.list(world.practice.id).items.isEmpty)
        #expect(try await Self.consent(world, appointment.patientID) == .unknown)
    }

    @Test func theConfirmationDoesNotDisturbAtNight() async throws {
        let (world, _) = try await Self.world()
        try world.set("2027-03-01T22:30:00+01:00")
        try await world.storage.inbound.record([Self.answer("STOP")], from: Identifier(1), at: world.clock.now)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        try world.set("2027-03-02T07:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
    }

    @Test func erasingAPatientErasesWhatTheyWrote() async throws {
        let (world, appointment) = try await Self.world()
        try await world.storage.inbound.record([Self.answer("Danke")], from: Identifier(1), at: world.clock.now)
        try await world.storage.patients.delete(
            appointment.patientID,
            world.practice.id,
            knowing: .everything,
            now: world.clock.now
        )
        let row = try #require(try await world.storage.inbound.list(world.practice.id).items.first)
        #expect(row.text.isEmpty && row.sender.isEmpty)
    }

    @Test func theAppointmentShowsItsReminderAndNotTheConfirmation() async throws {
        let (world, appointment) = try await Self.world()
        try await world.storage.inbound.record([Self.answer("STOP")], from: Identifier(1), at: world.clock.now)
        try await world.drain(ScriptedChannel())
        let standings = try await world.storage.reminders.of(appointment.id, world.practice.id, now: world.clock.now)
        #expect(standings.map(\.reminder.purpose) == [.reminder])
        let purposes = try await world.storage.messages.list(world.practice.id).items.map(\.purpose)
        #expect(purposes == [.confirmation, .reminder])
    }
}
