import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// The rules hold for e-mails as they do for SMS, whatever changes between planning and sending.
@Suite struct MailRulesTests {
    private struct Case {
        let world: World
        let appointment: Appointment
        var patient: Patient.ID { appointment.patientID }

        init() async throws {
            world = try await World()
            try await world.mailbox("praxis@example.at")
            appointment = try await world.bookMail()
        }

        func change(_ edit: @escaping @Sendable (inout PracticeDraft) -> Void) async throws {
            _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now, edit: edit)
        }

        func person(_ edit: @escaping @Sendable (inout PatientDraft) -> Void) async throws {
            _ = try await world.storage.patients.change(patient, world.practice.id, now: world.clock.now, edit: edit)
        }

        func move(_ edit: @escaping @Sendable (inout AppointmentDraft) -> Void) async throws {
            _ = try await world.storage.appointments.change(
                appointment.id,
                world.practice.id,
                answer: .acknowledged(sendCorrection: true),
                now: world.clock.now,
                edit: edit
            )
        }

        /// How many have left by then.
        func sent(_ mailbox: ScriptedMailbox, at time: String) async throws -> Int {
            try world.set("2027-03-01T\(time)+01:00")
            try await world.drain(mailbox)
            return mailbox.mails.count
        }
    }

    @Test func aNewSendTimeOfEMailsMovesThemAndNoSMS() async throws {
        let it = try await Case()
        try await it.world.book()
        try await it.change { $0.emailSendTime = "09:00" }
        let (mailbox, sms) = (ScriptedMailbox(), ScriptedChannel())
        for (time, mails) in [("07:00:00", 0), ("08:59:59", 0), ("09:00:00", 1)] {
            try it.world.set("2027-03-01T\(time)+01:00")
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            #expect(mailbox.mails.count == mails && sms.sent.count == 1, "\(time)")
        }
        let other = try await Case()
        try await other.change { $0.emailSendTime = "09:00" }
        #expect(try await other.sent(mailbox, at: "08:00:00") == 1)
        try await other.change { $0.emailSendTime = "07:00" }
        #expect(try await other.sent(mailbox, at: "08:00:01") == 2, "one that is then past goes at once")
    }

    @Test func aSwitchThatIsOnAgainInTimeLetsItGoAndLaterNone() async throws {
        let it = try await Case()
        let mailbox = ScriptedMailbox()
        try await it.change { $0.emailEnabled = false }
        #expect(try await it.sent(mailbox, at: "07:00:00") == 0)
        #expect(try await it.world.standing(it.appointment).reason == .channelOff)
        try await it.change { $0.emailEnabled = true }
        #expect(try await it.sent(mailbox, at: "07:00:05") == 1)
        let late = try await Case()
        try await late.change { $0.emailEnabled = false }
        #expect(try await late.sent(mailbox, at: "20:00:01") == 1)
        try await late.change { $0.emailEnabled = true }
        #expect(try await late.sent(mailbox, at: "20:00:02") == 1)
        #expect(try await late.world.standing(late.appointment).reason == .tooLateToSend)
    }

    @Test func consentThatIsWithdrawnAndAnAddressThatWentStopIt() async throws {
        for edit in [{ $0.emailConsent = "withdrawn" }, { $0.email = "" }] as [@Sendable (inout PatientDraft) -> Void] {
            let it = try await Case()
            try await it.person(edit)
            #expect(try await it.sent(ScriptedMailbox(), at: "07:00:00") == 0)
        }
    }

    @Test func anAddressThatChangedBeforeTheSecondTryIsTheOneThatIsUsed() async throws {
        let it = try await Case()
        let mailbox = ScriptedMailbox { script in
            script.send = { mail, attempt in
                attempt == 1 ? .deferred(detail: "4.7.1") : .accepted(ProviderReference(raw: mail.name))
            }
        }
        #expect(try await it.sent(mailbox, at: "07:00:00") == 1)
        try await it.person { $0.email = "neu@example.org" }
        #expect(try await it.sent(mailbox, at: "07:05:00") == 2)
        #expect(mailbox.mails.map(\.recipient.value) == ["anna@example.org", "neu@example.org"])
        #expect(Set(mailbox.mails.map(\.name)).count == 1)
    }

    @Test func aMovedOneStopsAndACorrectionWaitsForTheMorning() async throws {
        let it = try await Case()
        let mailbox = ScriptedMailbox()
        #expect(try await it.sent(mailbox, at: "07:00:00") == 1)
        try it.world.set("2027-03-01T21:30:00+01:00")
        try await it.move { $0.status = "cancelled" }
        #expect(try await it.sent(mailbox, at: "21:30:01") == 1)
        try it.world.set("2027-03-02T07:00:00+01:00")
        try await it.world.drain(mailbox)
        #expect(mailbox.mails.count == 2)
        #expect(try await it.world.log().map(\.state.status) == [.submitted, .submitted])
        let moved = try await Case()
        try await moved.move { $0.start = "2027-03-05T10:30:00+01:00" }
        #expect(try await moved.sent(mailbox, at: "07:00:00") == 2)
    }

    @Test func whoseMailboxCarriesItIsJudgedWhenItLeaves() async throws {
        let it = try await Case()
        var draft = PractitionerDraft()
        draft.name = "Eva"
        let eva = try await it.world.storage.practitioners.create(it.world.practice.id, draft, now: it.world.clock.now)
        let box = try await it.world.mailbox("eva@example.at", of: eva.id)
        try await it.move { $0.practitionerID = eva.id.description }
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .unreachable(detail: "") } }
        #expect(try await it.sent(mailbox, at: "07:00:00") == 1)
        #expect(mailbox.mails.map(\.sender.value) == ["eva@example.at"])
        _ = try await it.world.storage.mailboxes.change(
            box.id,
            of: it.world.practice.id,
            now: it.world.clock.now,
            edit: { $0.isEnabled = false }
        )
        mailbox.change { $0.send = ScriptedMailbox.Script().send }
        #expect(try await it.sent(mailbox, at: "07:10:00") == 2)
        #expect(mailbox.mails.map(\.sender.value) == ["eva@example.at", "praxis@example.at"])
        #expect(Set(mailbox.mails.map(\.name)).count == 1)
    }

    @Test func ofAnErasedPatientNothingStaysAndNothingIsCopied() async throws {
        let it = try await Case()
        let mailbox = ScriptedMailbox()
        #expect(try await it.sent(mailbox, at: "07:00:00") == 1)
        try await it.world.storage.patients.delete(
            it.patient,
            it.world.practice.id,
            knowing: .everything,
            now: it.world.clock.now
        )
        await it.world.copy(over: mailbox)
        #expect(mailbox.copies.isEmpty)
        let kept = try await it.world.driver.read { transaction in
            try transaction.query(
                """
                SELECT e.subject, m.recipient, m.text, COALESCE(m.provider_message_id, '')
                FROM mails e JOIN messages m ON m.id = e.message_id WHERE e.bytes IS NULL
                """
            ).map { row in try (0..<3).map { try row.text($0) } }
        }
        #expect(kept == [["", "", ""]])
    }

    @Test func aPausedPracticeSendsNothingByAnyMailbox() async throws {
        let it = try await Case()
        try await it.world.run("UPDATE practices SET paused = 1")
        let mailbox = ScriptedMailbox()
        #expect(try await it.sent(mailbox, at: "07:00:00") == 0)
        #expect(mailbox.calls.filter { $0 == "send" }.isEmpty)
    }
}
