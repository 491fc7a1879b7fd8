import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// A reminder that did not arrive goes by the other channel: once, in time, and to who agreed.
@Suite struct FallbackTests {
    private struct Case {
        let world: World
        let appointment: Appointment
        let patient: Patient
    }

    /// One appointment with a reminder of a kind, of a patient who can be reached both ways.
    private static func make(
        _ kind: String,
        falls: Bool = true,
        edit: (inout PatientDraft) -> Void = { _ in }
    ) async throws -> Case {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) { $0.emailEnabled = true }
        try await world.run("UPDATE practices SET falls_back = \(falls ? 1 : 0)")
        var person = PatientDraft()
        person.lastName = "Huber"
        person.email = "anna@example.org"
        person.mobile = "+436641234500"
        person.reminderKind = kind
        person.smsConsent = "given"
        person.emailConsent = "given"
        edit(&person)
        let patient = try await world.storage.patients.create(world.practice.id, person, now: world.clock.now)
        var draft = AppointmentDraft()
        draft.patientID = patient.id.description
        draft.start = "2027-03-02T10:30:00+01:00"
        let appointment = try await world.storage.appointments.create(world.practice.id, draft, now: world.clock.now)
            .appointment
        try world.set(World.morning)
        return Case(world: world, appointment: appointment, patient: patient)
    }

    private static let refusing = ScriptedMailbox.Script(send: { _, _ in .refused(.providerRefused, detail: "5.1.1") })

    private static func standings(_ it: Case) async throws -> [ReminderStanding] {
        try await it.world.storage.reminders.of(it.appointment.id, it.world.practice.id, now: it.world.clock.now)
    }

    @Test func aMailThatIsRefusedGoesAsAnSMSOnce() async throws {
        let it = try await Self.make("email")
        let (mailbox, sms) = (ScriptedMailbox(Self.refusing), ScriptedChannel())
        for _ in 0..<3 {
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            await it.world.rescue(sms)
        }
        #expect(mailbox.mails.count == 1 && sms.sent.map(\.recipient) == ["+436641234500"])
        let standings = try await Self.standings(it)
        #expect(standings.map(\.stateWord) == ["provider_refused", "submitted"])
        #expect(standings.map(\.isStandIn) == [false, true])
        #expect(standings[1].reminder.standsInFor == standings[0].reminder.id)
    }

    @Test func aMailThatComesBackGoesAsAnSMS() async throws {
        let it = try await Self.make("email")
        let (mailbox, sms) = (ScriptedMailbox(), ScriptedChannel())
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        mailbox.change { script in
            script.news = { _ in
                .success(
                    MailboxNews(
                        position: MailboxPosition(validity: 1, next: 11),
                        reports: [
                            BounceReport(
                                name: mailbox.mails[0].name,
                                recipient: nil,
                                reason: .mailboxFull,
                                isFinal: true,
                                detail: ""
                            )
                        ]
                    )
                )
            }
        }
        await it.world.read(mailbox)
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.count == 1)
    }

    @Test func anSMSThatDoesNotArriveGoesAsAMail() async throws {
        let it = try await Self.make("sms")
        let mailbox = ScriptedMailbox()
        let sms = ScriptedChannel { _, _ in .refused(.undeliverable, detail: "RINVDSTADR") }
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(mailbox.mails.map(\.recipient.value) == ["anna@example.org"])
    }

    @Test func whatFailsByBothChannelsEndsThere() async throws {
        let it = try await Self.make("email")
        let mailbox = ScriptedMailbox(Self.refusing)
        let sms = ScriptedChannel { _, _ in .refused(.undeliverable, detail: "RINVDSTADR") }
        for _ in 0..<3 {
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            await it.world.rescue(sms)
        }
        #expect(mailbox.mails.count == 1 && sms.sent.count == 1)
    }

    @Test func whoGetsBothGetsNoStandIn() async throws {
        let it = try await Self.make("both")
        let (mailbox, sms) = (ScriptedMailbox(Self.refusing), ScriptedChannel())
        for _ in 0..<2 {
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            await it.world.rescue(sms)
        }
        #expect(mailbox.mails.count == 1 && sms.sent.count == 1)
        #expect(try await Self.standings(it).map(\.isStandIn) == [false, false])
    }

    @Test(arguments: ["consent unknown", "consent withdrawn", "no mobile", "channel off", "switch off", "too late"])
    func whereItMayNotOrCannotGoNothingDoes(obstacle: String) async throws {
        let it = try await Self.make("email", falls: obstacle != "switch off") { person in
            if obstacle == "consent unknown" { person.smsConsent = "unknown" }
            if obstacle == "consent withdrawn" { person.smsConsent = "withdrawn" }
            if obstacle == "no mobile" { person.mobile = "" }
        }
        if obstacle == "channel off" { try await it.world.run("UPDATE practices SET sms_enabled = 0") }
        let (mailbox, sms) = (ScriptedMailbox(Self.refusing), ScriptedChannel())
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(mailbox.mails.count == 1)
        if obstacle == "too late" { try it.world.set("2027-03-01T20:00:01+01:00") }
        await it.world.rescue(sms)
        // Decided once: what changes afterwards changes nothing any more.
        try await it.world.run(
            "UPDATE practices SET sms_enabled = 1, falls_back = 1; UPDATE patients SET sms_consent = 'given'"
        )
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.isEmpty)
        #expect(try await Self.standings(it).count == 1)
    }

    @Test func anAppointmentThatWasCancelledOrMovedNeedsNone() async throws {
        for status in ["cancelled", "booked"] {
            let it = try await Self.make("email")
            let (mailbox, sms) = (ScriptedMailbox(Self.refusing), ScriptedChannel())
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            _ = try await it.world.storage.appointments.change(
                it.appointment.id,
                it.world.practice.id,
                answer: .acknowledged(sendCorrection: false),
                now: it.world.clock.now
            ) { draft in
                draft.status = status
                if status == "booked" { draft.start = "2027-03-05T10:30:00+01:00" }
            }
            await it.world.rescue(sms)
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            #expect(sms.sent.isEmpty, "\(status)")
        }
    }

    @Test func whatIsStillTriedOrStillUnclearWaits() async throws {
        for outcome in [SendOutcome.unreachable(detail: ""), .unknown(detail: "")] {
            let it = try await Self.make("email")
            let mailbox = ScriptedMailbox { $0.send = { _, _ in outcome } }
            let sms = ScriptedChannel()
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            await it.world.rescue(sms)
            try await it.world.drain(sms, ["praxis@example.at": mailbox])
            #expect(sms.sent.isEmpty)
        }
    }

    @Test func anUnclearOneThatIsGivenUpGoesByTheOtherChannel() async throws {
        let it = try await Self.make("email")
        _ = try await it.world.storage.practices.change(it.world.practice.id, now: it.world.clock.now) {
            $0.resendsUnknown = false
        }
        let mailbox = ScriptedMailbox { $0.send = { _, _ in .unknown(detail: "") } }
        let sms = ScriptedChannel()
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        try it.world.set("2027-03-01T08:00:01+01:00")
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.count == 1)
    }

    @Test func aRowOfTheOtherChannelThatWasSkippedIsUsed() async throws {
        let it = try await Self.make("both")
        try await it.world.run("UPDATE patients SET mobile = NULL")
        let (mailbox, sms) = (ScriptedMailbox(Self.refusing), ScriptedChannel())
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.isEmpty)
        try await it.world.run("UPDATE patients SET mobile = '+436641234500'")
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.count == 1)
        #expect(try await Self.standings(it).map(\.stateWord).sorted() == ["provider_refused", "submitted"])
    }

    @Test func whoTakesTheReminderAwayTakesItsStandInToo() async throws {
        let it = try await Self.make("email")
        let (mailbox, sms) = (ScriptedMailbox(Self.refusing), ScriptedChannel())
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        await it.world.rescue(sms)
        _ = try await it.world.storage.appointments.change(
            it.appointment.id,
            it.world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: it.world.clock.now
        ) { $0.reminderKind = "none" }
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.isEmpty)
    }

    @Test(arguments: [SendOutcome.unreachable(detail: ""), .accepted(ProviderReference(raw: "x"))])
    func whoTookTheReminderAwayBeforeItFailedGetsNoStandIn(first: SendOutcome) async throws {
        let it = try await Self.make("email")
        let (mailbox, sms) = (ScriptedMailbox { $0.send = { _, _ in first } }, ScriptedChannel())
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        _ = try await it.world.storage.appointments.change(
            it.appointment.id,
            it.world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: it.world.clock.now
        ) { $0.reminderKind = "none" }
        if case .accepted = first { try await it.world.run("UPDATE messages SET status = 'bounced'") }
        await it.world.rescue(sms)
        try await it.world.drain(sms, ["praxis@example.at": mailbox])
        #expect(sms.sent.isEmpty)
    }
}
