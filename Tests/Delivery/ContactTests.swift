import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// Where messages are to go to the contact, they go there, and what is heard of there counts.
@Suite struct ContactTests {
    private static let childs = "+436641234500"
    private static let mothers = "+436641234577"

    private struct Case {
        let world: World
        let child: Patient
        let appointment: Appointment

        func consents() async throws -> [String] {
            try await world.storage.patients.consents(child.id, world.practice.id).map {
                "\($0.channel) \($0.consent) \($0.means)"
            }
        }

        func change(_ edit: @escaping @Sendable (inout PatientDraft) -> Void) async throws {
            _ = try await world.storage.patients.change(
                child.id,
                world.practice.id,
                now: world.clock.now,
                edit: edit
            )
        }
    }

    /// A child with number and address of its own, whose messages go to its mother.
    private static func make(_ kind: String, edit: (inout PatientDraft) -> Void = { _ in }) async throws -> Case {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) { $0.emailEnabled = true }
        try await world.run("UPDATE practices SET falls_back = 1")
        var draft = PatientDraft(firstName: "Lena", lastName: "Huber", mobile: childs, email: "lena@example.org")
        draft.contactName = "Sandra Huber"
        draft.contactMobile = mothers
        draft.contactEmail = "sandra@example.org"
        draft.reachesContact = true
        draft.reminderKind = kind
        edit(&draft)
        let child = try await world.storage.patients.create(world.practice.id, draft, now: world.clock.now)
        var booking = AppointmentDraft()
        booking.patientID = child.id.description
        booking.start = "2027-03-02T10:30:00+01:00"
        let appointment = try await world.storage.appointments.create(
            world.practice.id,
            booking,
            now: world.clock.now
        ).appointment
        return Case(world: world, child: child, appointment: appointment)
    }

    @Test func bothChannelsGoToTheContactAndNothingToThePatient() async throws {
        let it = try await Self.make("both")
        #expect(it.appointment.reminderKind == .both)
        try it.world.set(World.morning)
        let (sms, mailbox) = (ScriptedChannel(), ScriptedMailbox())
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.map(\.recipient) == [Self.mothers])
        #expect(mailbox.mails.map(\.recipient.value) == ["sandra@example.org"])
    }

    @Test func whoIsReachedIsReadWhenItIsSent() async throws {
        let it = try await Self.make("sms")
        try await it.change { $0.reachesContact = false }
        try it.world.set(World.morning)
        let sms = ScriptedChannel()
        try await it.world.drain(sms)
        #expect(sms.sent.map(\.recipient) == [Self.childs])
    }

    @Test func aContactWithoutANumberGetsNoneAndThePatientNeither() async throws {
        let it = try await Self.make("sms") { $0.contactMobile = "" }
        #expect(it.appointment.reminderKind == .none)
        #expect(it.appointment.shortfall == [.reminderNoMobile])
        let other = try await Self.make("sms")
        try await other.change { $0.contactMobile = "" }
        #expect(try await other.world.standing(other.appointment).reason == .noMobile)
        try other.world.set(World.morning)
        let sms = ScriptedChannel()
        try await other.world.drain(sms)
        #expect(sms.sent.isEmpty)
    }

    @Test func plannedMessagesFollowToANumberOfAnotherCountry() async throws {
        let it = try await Self.make("sms")
        try await it.change { $0.contactMobile = "+4915112345678" }
        let codes = try await it.world.driver.read { transaction in
            try transaction.query("SELECT calling_code FROM reminders").map { try $0.integer(0) }
        }
        #expect(codes == [49])
        #expect(try await it.world.storage.forecast.recipients(it.world.practice) == [.austria, .germany])
    }

    @Test func aStopOfTheContactEndsSMSAndOneByTheChildsNumberDoesNot() async throws {
        let it = try await Self.make("sms")
        try it.world.set(World.morning)
        let sms = ScriptedChannel()
        try await it.world.drain(sms)
        let stop = { (id: String, number: String) in
            InboundSMS(providerMessageID: id, sender: number, recipient: "436761234567", text: "STOP")
        }
        let inbound = it.world.storage.inbound
        try await inbound.record([stop("1", Self.childs)], from: Identifier(1), at: it.world.clock.now)
        #expect(try await it.consents() == [])
        try await inbound.record([stop("2", Self.mothers)], from: Identifier(1), at: it.world.clock.now)
        #expect(try await it.consents() == ["sms withdrawn sms"])
        let row = try #require(try await inbound.list(it.world.practice.id).items.first)
        #expect(row.patientID == it.child.id && row.appointmentID == it.appointment.id)
        try await it.world.drain(sms)
        #expect(sms.sent.map(\.recipient) == [Self.mothers, Self.mothers], "the confirmation goes there, too")
    }

    @Test func theLinkOfTheContactsMailEndsMails() async throws {
        let it = try await Self.make("email")
        try it.world.set(World.morning)
        try await it.world.drain(ScriptedMailbox())
        let word = try #require(try await it.world.mailRows().first).word
        #expect(try await it.world.storage.unsubscribe.find(word).maskedAddress == "s…@example.org")
        for _ in 0..<2 { try await it.world.storage.unsubscribe.withdraw(word, now: it.world.clock.now) }
        #expect(try await it.consents() == ["email withdrawn unsubscribe"])
    }

    @Test func aRefusedAddressMarksWhoIsReachedByItUntilAnotherOneIs() async throws {
        let it = try await Self.make("email")
        try it.world.set(World.morning)
        let refusing = ScriptedMailbox { $0.send = { _, _ in .refused(.bounced, detail: "550 5.1.1 no such user") } }
        try await it.world.drain(refusing)
        let find = { try await it.world.storage.patients.find(it.child.id, it.world.practice.id).emailBounce?.reason }
        #expect(try await find() == .unknownRecipient)
        try await it.change { $0.email = "lena2@example.org" }
        #expect(try await find() == .unknownRecipient)
        try await it.change { $0.reachesContact = false }
        #expect(try await find() == nil)
    }

    @Test func aStandInGoesToTheContact() async throws {
        let it = try await Self.make("email") { $0.smsConsent = "given" }
        try it.world.set(World.morning)
        let refusing = ScriptedMailbox { $0.send = { _, _ in .refused(.providerRefused, detail: "5.1.1") } }
        let sms = ScriptedChannel()
        try await it.world.drain(sms, ["praxis@example.at": refusing])
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": refusing])
        #expect(sms.sent.map(\.recipient) == [Self.mothers])
    }
}
