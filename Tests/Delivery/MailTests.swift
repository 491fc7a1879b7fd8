import Domain
import Foundation
import Testing

@testable import Delivery
@testable import Storage

/// E-mails leave by the practice's own mailbox, or by the practitioner's.
@Suite struct MailTests {
    @Test func aReminderLeavesByThePracticesMailboxOnTheDayBefore() async throws {
        let world = try await World()
        _ = try await world.mailbox("praxis@example.at")
        let appointment = try await world.bookMail()
        let channel = ScriptedChannel()
        try world.set("2027-03-01T06:59:00+01:00")
        try await world.drain(channel)
        #expect(channel.sentMails.isEmpty)
        try world.set(World.morning)
        try await world.drain(channel)
        let mail = try #require(channel.sentMails.first)
        #expect(channel.sentMails.count == 1 && channel.sent.isEmpty)
        #expect(mail.sender.value == "praxis@example.at" && mail.recipient.value == "anna@example.org")
        #expect(mail.name.hasSuffix("@example.at"))
        let standing = try #require(
            try await world.storage.reminders.of(appointment.id, world.practice.id, now: world.clock.now)
                .first
        )
        #expect(standing.stateWord == "submitted" && standing.message?.sender == "praxis@example.at")
    }

    @Test func theNameOfAMessageIsASCIIWhateverTheMailboxsDomain() async throws {
        let world = try await World()
        _ = try await world.mailbox("praxis@zahn\u{E4}rzte.example")
        _ = try await world.bookMail()
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(try #require(channel.sentMails.first).name.hasSuffix("@vortag.invalid"))
    }

    @Test func theLogNamesTheMailboxByItsAddress() async throws {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        try world.set(World.morning)
        try await world.drain(ScriptedChannel())
        let row = try #require(try await world.storage.messages.list(world.practice.id).items.first)
        let attempts = try await world.storage.messages.history(of: row.message.id, world.practice.id)
        #expect(row.providerName == "praxis@example.at")
        #expect(attempts.map(\.providerName) == ["praxis@example.at"])
    }

    @Test func withoutAMailboxItWaitsAndGoesOnceThereIsOne() async throws {
        let world = try await World()
        _ = try await world.bookMail()
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sentMails.isEmpty)
        _ = try await world.mailbox("praxis@example.at")
        try await world.drain(channel)
        #expect(channel.sentMails.count == 1)
    }

    @Test func aPractitionersMailboxCarriesTheirAppointmentsAndNoOthers() async throws {
        let world = try await World()
        var draft = PractitionerDraft()
        draft.name = "Eva"
        let eva = try await world.storage.practitioners.create(world.practice.id, draft, now: world.clock.now)
        _ = try await world.mailbox("praxis@example.at")
        _ = try await world.mailbox("eva@example.at", of: eva.id)
        _ = try await world.bookMail(practitioner: eva.id)
        _ = try await world.bookMail()
        let common = ScriptedChannel()
        let own = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(common, ["eva@example.at": own])
        #expect(common.sentMails.map(\.sender.value) == ["praxis@example.at"])
        #expect(own.sentMails.map(\.sender.value) == ["eva@example.at"])
    }
}

extension World {
    @discardableResult
    func mailbox(_ address: String, of practitioner: Practitioner.ID? = nil) async throws -> Mailbox {
        var draft = MailboxDraft()
        draft.address = address
        draft.smtp = "smtp://127.0.0.1:2525"
        draft.imap = "imap://127.0.0.1:1143"
        draft.practitionerID = practitioner.map(\.description) ?? ""
        return try await storage.mailboxes.add(draft, practice: practice.id, now: clock.now)
    }

    /// An appointment on 2 March 2027 at 10:30 whose reminder is an e-mail.
    @discardableResult
    func bookMail(to address: String = "anna@example.org", practitioner: Practitioner.ID? = nil) async throws
        -> Appointment
    {
        let id = practice.id
        _ = try await storage.practices.change(id, now: clock.now, edit: { $0.emailEnabled = true })
        var person = PatientDraft()
        person.firstName = "Anna"
        person.lastName = "Huber"
        person.email = address
        person.reminderKind = "email"
        let patient = try await storage.patients.create(id, person, now: clock.now)
        var draft = AppointmentDraft()
        draft.patientID = patient.id.description
        draft.practitionerID = practitioner.map(\.description) ?? ""
        draft.start = "2027-03-02T10:30:00+01:00"
        return try await storage.appointments.create(id, draft, now: clock.now).appointment
    }
}
