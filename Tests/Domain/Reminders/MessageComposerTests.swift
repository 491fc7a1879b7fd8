import Domain
import Foundation
import Testing

struct MessageComposerTests {
    /// Due on 11 March 2027 at 07:00 in Vienna, for 12 March, 10:30.
    private let due = Date(timeIntervalSince1970: 1_804_744_800)

    private func context(
        _ channel: Channel = .sms,
        purpose: Reminder.Purpose = .reminder,
        edit: (inout ReminderContext) throws -> Void = { _ in }
    ) throws -> ReminderContext {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let reminder = Reminder(
            id: Reminder.ID(1),
            practiceID: Practice.ID(1),
            appointmentID: Appointment.ID(1),
            patientID: Patient.ID(1),
            channel: channel,
            purpose: purpose,
            dueAt: due,
            latestAt: due + 13 * 3_600,
            toldStart: purpose == .correction ? start : nil
        )
        var context = ReminderContext(
            reminder: reminder,
            status: .booked,
            generation: 1,
            start: start.instant(in: zone),
            timeZone: zone,
            mobile: MobileNumber(e164: "+436641234500"),
            email: EmailAddress(stored: "a@example.org"),
            consent: .unknown,
            channelEnabled: true,
            practicePaused: false,
            sender: SenderID(stored: "Praxis"),
            closingText: try #require(ClosingText(stored: "Bis morgen!")),
            language: .german,
            locationName: "Hauptplatz"
        )
        try edit(&context)
        return context
    }

    @Test func `A reminder is the predefined part and the closing text`() throws {
        guard case .message(.sms(let message)) = MessageComposer.compose(try context(), hasProvider: true, now: due)
        else {
            Issue.record("no message")
            return
        }
        #expect(message.text == "Terminerinnerung 12.03.2027, 10:30. Bis morgen!")
        #expect(message.recipient == "+436641234500")
        #expect(message.encoding.segments == 1)
        #expect(message.validitySeconds == 14 * 3_600 - 1)
    }

    @Test(arguments: [
        ("cancelled", Composition.skip(.cancelled)), ("moved", .skip(.moved)), ("late", .skip(.tooLateToSend)),
        ("withdrawn", .skip(.consentWithdrawn)), ("mobile", .skip(.noMobile)), ("paused", .wait(.practicePaused)),
        ("off", .wait(.channelOff)), ("provider", .wait(.noProvider)), ("sender", .wait(.noProvider)),
    ])
    func `What changed since planning stops the message`(_ change: String, _ expected: Composition) throws {
        let context = try context { context in
            switch change {
            case "cancelled": context.status = .cancelled
            case "moved": context.generation = 2
            case "withdrawn": context.consent = .withdrawn
            case "mobile": context.mobile = nil
            case "paused": context.practicePaused = true
            case "off": context.channelEnabled = false
            case "sender": context.sender = nil
            default: break
            }
        }
        let now = change == "late" ? context.reminder.latestAt + 0.001 : context.reminder.latestAt
        #expect(MessageComposer.compose(context, hasProvider: change != "provider", now: now) == expected)
        let reason = MessageComposer.reason(against: context, hasCarrier: change != "provider", now: now)
        #expect(expected == (reason?.mayPass == true ? .wait(try #require(reason)) : .skip(try #require(reason))))
    }

    @Test func `Nothing stands against what would leave, nor against what waits for the morning`() throws {
        #expect(MessageComposer.reason(against: try context(), hasCarrier: true, now: due) == nil)
        #expect(MessageComposer.reason(against: try context(.email), hasCarrier: true, now: due) == nil)
        let correction = try context(purpose: .correction)
        let night = due - 4 * 3_600
        #expect(MessageComposer.compose(correction, hasProvider: false, now: night) == .putOff(until: due))
        #expect(MessageComposer.reason(against: correction, hasCarrier: false, now: night) == nil)
        #expect(MessageComposer.reason(against: correction, hasCarrier: false, now: due) == .noProvider)
    }

    @Test(arguments: [
        ("+436641234500", nil as Date?, "00436761234567"), ("+436641234500", .distantPast, "Praxis"),
        ("+4917012345678", nil, "Praxis"),
    ])
    func `A number stands in for a name that the recipient's network would block`(
        _ mobile: String,
        _ registered: Date?,
        _ expected: String
    ) throws {
        let context = try context {
            $0.mobile = MobileNumber(e164: mobile)
            $0.fallbackSender = SenderID(stored: "00436761234567")
            $0.senderRegisteredSince = registered
        }
        guard case .message(.sms(let message)) = MessageComposer.compose(context, hasProvider: true, now: due) else {
            Issue.record("no message")
            return
        }
        #expect(message.sender.value == expected)
    }

    @Test func `An e-mail waits for a mailbox`() throws {
        #expect(MessageComposer.compose(try context(.email), hasProvider: true, now: due) == .wait(.noMailbox))
        let nowhere = try context(.email) { $0.email = nil }
        #expect(MessageComposer.compose(nowhere, hasProvider: true, now: due) == .skip(.noEmail))
        #expect(MessageComposer.reason(against: try context(.email), hasCarrier: false, now: due) == .noMailbox)
        #expect(MessageComposer.reason(against: nowhere, hasCarrier: false, now: due) == .noEmail)
    }

    @Test func `The link stands behind the closing text, and behind a correction where it fits`() throws {
        let link = "https://vortag.example/t/7k3m9qx2b4hn8wz"
        let long = "Gesundheitszentrum am Hauptplatz, Haus 2, Stiege 4"
        let cases = try [
            context { $0.link = link }, context(purpose: .correction) { $0.link = link },
            context(purpose: .correction) {
                $0.link = "https://" + String(repeating: "a", count: 80) + ".example/t/7k3m9qx2b4hn8wz"
                $0.start += 86_400
                $0.locationName = long
            },
        ]
        let texts = cases.compactMap { context -> String? in
            guard case .message(.sms(let message)) = MessageComposer.compose(context, hasProvider: true, now: due),
                message.encoding.segments == 1
            else { return nil }
            return message.text
        }
        #expect(
            texts == [
                "Terminerinnerung 12.03.2027, 10:30. Bis morgen! " + link,
                "Termin am 12.03.2027, 10:30 findet statt: Hauptplatz. " + link,
                "Terminänderung: statt 12.03.2027, 10:30 nun 13.03.2027, 10:30, " + long.prefix(40) + ".",
            ]
        )
    }

    @Test(arguments: [
        (Language.german, Appointment.Status.cancelled, "Terminabsage: Der Termin am 12.03.2027, 10:30 entfällt."),
        (.german, .booked, "Terminänderung: statt 12.03.2027, 10:30 nun 13.03.2027, 10:30, Hauptplatz."),
        (.english, .cancelled, "Cancelled: your appointment on 12.03.2027, 10:30 will not take place."),
        (.english, .booked, "Changed: instead of 12.03.2027, 10:30 now 13.03.2027, 10:30, Hauptplatz."),
    ])
    func `A correction says what was told and what is true`(
        _ language: Language,
        _ status: Appointment.Status,
        _ text: String
    ) throws {
        let context = try context(purpose: .correction) {
            $0.language = language
            $0.status = status
            $0.generation = 2
            $0.start += 86_400
        }
        guard case .message(.sms(let message)) = MessageComposer.compose(context, hasProvider: true, now: due) else {
            Issue.record("no message")
            return
        }
        #expect(message.text == text)
    }

    @Test(arguments: [
        (Language.german, 0.0, "Terminänderung: am 12.03.2027, 10:30 nun Hauptplatz statt Parkring."),
        (.german, 1, "Terminänderung: statt 12.03.2027, 10:30, Parkring nun 13.03.2027, 10:30, Hauptplatz."),
        (.english, 0, "Changed: on 12.03.2027, 10:30 now Hauptplatz instead of Parkring."),
        (.english, 1, "Changed: instead of 12.03.2027, 10:30, Parkring now 13.03.2027, 10:30, Hauptplatz."),
    ])
    func `A correction names the place that was told where it is another one`(
        _ language: Language,
        _ days: Double,
        _ text: String
    ) throws {
        let context = try context(purpose: .correction) {
            $0.language = language
            $0.start += days * 86_400
            $0.reminder.toldLocation = "Parkring"
        }
        guard case .message(.sms(let message)) = MessageComposer.compose(context, hasProvider: true, now: due) else {
            Issue.record("no message")
            return
        }
        #expect(message.text == text)
    }

    @Test func `Two long places still make one SMS`() throws {
        let context = try context(purpose: .correction) {
            $0.start += 86_400
            $0.locationName = String(repeating: "Straße ", count: 30)
            $0.reminder.toldLocation = String(repeating: "[€] ", count: 30)
        }
        guard case .message(.sms(let message)) = MessageComposer.compose(context, hasProvider: true, now: due) else {
            Issue.record("no message")
            return
        }
        #expect(message.encoding.segments == 1)
    }
}
