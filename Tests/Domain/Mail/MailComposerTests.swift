import Domain
import Foundation
import Testing

@Suite("The e-mail of a reminder")
struct MailComposerTests {
    private let start = Date(timeIntervalSince1970: 1_804_843_800)

    private func context(
        purpose: Reminder.Purpose = .reminder,
        practice: String = "Praxis am Park",
        edit: (inout MailContext) -> Void = { _ in }
    ) throws -> ReminderContext {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        var context = ReminderContext(
            reminder: Reminder(
                id: .init(1),
                practiceID: .init(1),
                appointmentID: .init(7),
                patientID: .init(1),
                channel: .email,
                purpose: purpose,
                dueAt: start - 99_000,
                latestAt: start - 52_200,
                toldStart: purpose == .correction ? WallTime(iso: "2027-03-11T08:00") : nil
            ),
            status: .booked,
            generation: 1,
            start: start,
            timeZone: zone,
            mobile: nil,
            email: EmailAddress(stored: "anna@example.org"),
            consent: .given,
            channelEnabled: true,
            practicePaused: false,
            sender: nil,
            closingText: .empty,
            language: .german,
            locationName: "Hauptplatz"
        )
        context.practiceName = practice
        var mail = MailContext(firstName: "Anna", lastName: "Huber", end: start + 3_600, calendarWord: "w")
        edit(&mail)
        context.mail = mail
        return context
    }

    private func mailbox(_ displayName: String = "") throws -> Mailbox {
        Mailbox(
            account: Provider(id: .init(1), practiceID: .init(1), name: "m", kind: .mailbox, url: "smtp://localhost"),
            address: try #require(EmailAddress(stored: "praxis@example.at")),
            displayName: displayName
        )
    }

    private func compose(_ context: ReminderContext, _ displayName: String = "") throws -> ComposedMail {
        try #require(MailComposer.compose(context, by: try mailbox(displayName)))
    }

    @Test("The link goes beside the text, which stays the practice's own")
    func link() throws {
        var context = try context()
        #expect(try compose(context).link == nil)
        let without = try compose(context).text
        context.link = "https://vortag.example/t/7k3m9qx2b4hn8wz"
        let mail = try compose(context)
        #expect(mail.link == context.link && mail.text == without)
    }

    private func texts(_ subject: String?, _ body: String?) throws -> (MailTemplate?, MailTemplate?) {
        (
            try subject.map { try MailTemplate.parse($0, as: .subject, field: "x").get() },
            try body.map { try MailTemplate.parse($0, as: .body, field: "x").get() }
        )
    }

    @Test func `Without texts of the practice's own the product's leave`() throws {
        let mail = try compose(try context())
        #expect(mail.subject == "Terminerinnerung: Freitag, 12.03.2027, 10:30 Uhr")
        #expect(mail.text.hasPrefix("Guten Tag Anna Huber,\n\n"))
        #expect(mail.text.contains("Ort: Hauptplatz\n"))
        #expect(mail.text.hasSuffix("Praxis am Park"))
    }

    @Test(
        "Each placeholder becomes what is true at send time",
        arguments: [
            ("{vorname}", "Anna"), ("{nachname}", "Huber"), ("{wochentag}", "Freitag"), ("{datum}", "12.03.2027"),
            ("{uhrzeit}", "10:30"), ("{standort}", "Hauptplatz"), ("{adresse}", "Hauptplatz 1"),
            ("{ort}", "Hauptplatz, Hauptplatz 1"), ("{therapeut}", "Dr. Lang"), ("{praxis}", "Praxis am Park"),
        ]
    )
    func placeholders(text: String, expected: String) throws {
        let mail = try compose(
            try context {
                $0.address = "Hauptplatz 1"
                $0.practitioner = "Dr. Lang"
                ($0.subject, $0.body) = (try? texts(text, text)) ?? (nil, nil)
            }
        )
        #expect(mail.subject == expected && mail.text == expected)
    }

    @Test func `Without a practitioner and an address others stand in, and nothing is empty`() throws {
        let mail = try compose(
            try context { ($0.subject, $0.body) = (try? texts("{therapeut}", "{adresse}, {ort}")) ?? (nil, nil) }
        )
        #expect(mail.subject == "Praxis am Park" && mail.text == "Hauptplatz, Hauptplatz")
    }

    @Test func `A patient named like a placeholder gets no date for a name`() throws {
        let mail = try compose(
            try context {
                $0.firstName = "{datum}"
                $0.lastName = "{vorname}"
            }
        )
        #expect(mail.text.hasPrefix("Guten Tag (datum) (vorname),"))
        #expect(mail.recipientName == "(datum) (vorname)")
    }

    @Test func `Emoji and umlauts stay as they are`() throws {
        let mail = try compose(
            try context {
                $0.firstName = "Zoë 👩‍👧"
                ($0.subject, $0.body) = (try? texts("📅 {vorname}", "Grüße 👋 {vorname}")) ?? (nil, nil)
            }
        )
        #expect(mail.subject == "📅 Zoë 👩‍👧" && mail.text == "Grüße 👋 Zoë 👩‍👧")
    }

    @Test func `A subject stays one line and is never empty`() throws {
        let broken = try compose(
            try context {
                $0.firstName = "An\nna"
                $0.subject = (try? texts("{vorname} {nachname}", nil))?.0
            }
        )
        #expect(broken.subject == "An na Huber")
        let empty = try compose(
            try context {
                $0.firstName = ""
                ($0.subject, $0.body) = (try? texts("{vorname}", "{vorname}")) ?? (nil, nil)
            }
        )
        #expect(empty.subject == "Terminerinnerung: Freitag, 12.03.2027, 10:30 Uhr")
        #expect(empty.text.hasPrefix("Guten Tag Huber,"))
    }

    @Test func `A correction names the place that was told where it is another one`() throws {
        var context = try context(purpose: .correction)
        context.reminder.toldStart = WallTime.of(context.start, in: context.timeZone)
        context.reminder.toldLocation = "Parkring"
        let mail = try compose(context)
        #expect(mail.subject.hasPrefix("Terminänderung: anderer Ort am "))
        #expect(mail.text.contains("findet an einem anderen Ort statt.") && mail.text.contains(" (statt Parkring)"))
    }

    @Test(
        "No raw placeholder can ever be sent, whatever holds one",
        arguments: MailPlaceholder.allCases,
        [Reminder.Purpose.reminder, .correction]
    )
    func neverRaw(placeholder: MailPlaceholder, purpose: Reminder.Purpose) throws {
        let every = MailPlaceholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
        let raw = "{\(placeholder.rawValue)}"
        let spellings = [raw, "{\u{301}\(placeholder.rawValue)}\u{301}", "{{\(placeholder.rawValue)}}", "}\(raw){"]
        for spelling in spellings {
            var context = try context(purpose: purpose, practice: spelling) {
                ($0.firstName, $0.lastName) = (spelling, spelling)
                ($0.practitioner, $0.address) = (spelling, spelling)
                ($0.subject, $0.body) = (try? texts(every, every)) ?? (nil, nil)
            }
            context.locationName = spelling
            context.reminder.toldLocation = spelling + spelling
            let mail = try compose(context, spelling)
            let said = [
                mail.subject, mail.text, mail.recipientName, mail.sender.displayName, mail.calendar?.summary,
                mail.calendar?.place,
            ]
            for text in said.compactMap(\.self) {
                #expect(!text.unicodeScalars.contains("{") && !text.unicodeScalars.contains("}"))
                #expect(!text.isEmpty)
            }
        }
    }
}
