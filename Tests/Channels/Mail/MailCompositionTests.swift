import Domain
import Foundation
import Testing

@testable import Channels

/// What is written is read by programs that are not ours.
@Suite(.timeLimit(.minutes(5))) struct MailCompositionTests {
    @Test func aReminderHasThreeAlternativesAndTheFieldsOfAnAutomaticMessage() async throws {
        let mail = try await ReadMail.read(.sample(replyTo: "antwort@example.at"))
        #expect(mail.faults == [] && mail.defects == [])
        #expect(mail.type == "multipart/alternative")
        #expect(mail.parts.map(\.type) == ["text/plain", "text/html", "text/calendar"])
        #expect(mail.parts.map(\.charset) == ["utf-8", "utf-8", "utf-8"])
        #expect(mail.parts.map(\.method) == [nil, nil, "REQUEST"])
        #expect(mail.from == [["Praxis Huber, Dr. med.", "praxis@example.at"]])
        #expect(mail.to == [["Anna Huber", "anna@example.org"]])
        #expect(mail.replyTo == [["", "antwort@example.at"]])
        #expect(Set(mail.names).count == mail.names.count)
        let expected = [
            "subject": "Terminerinnerung: Dienstag, 02.03.2027, 10:30 Uhr",
            "date": "Mon, 01 Mar 2027 06:00:05 +0000",
            "message-id": "<9.abcdefghij@example.at>",
            "auto-submitted": "auto-generated",
            "x-auto-response-suppress": "OOF, AutoReply",
            "content-language": "de",
            "mime-version": "1.0",
            "list-unsubscribe-post": "List-Unsubscribe=One-Click",
            "list-unsubscribe": "<https://termine.example.at/abmelden/abcdefghijklmnopqrstuvwxyz012345>, "
                + "<mailto:antwort@example.at?subject=Keine%20E-Mail-Erinnerungen%20mehr>",
        ]
        for (name, value) in expected { #expect(mail.fields[name] == value) }
        #expect(
            mail.parts[0].text == """
                Guten Tag Anna Huber,

                wir erinnern Sie an Ihren Termin.

                Freundliche Grüße
                Praxis Huber

                --\u{20}
                Keine E-Mail-Erinnerungen mehr: https://termine.example.at/abmelden/abcdefghijklmnopqrstuvwxyz012345

                """
        )
    }

    /// As it is given, and as it is read where the two differ.
    private static let lines: [(given: String, read: String?)] = [
        ("", nil), ("Huber", nil), ("Praxis Huber, Dr. med.", nil), ("Jörg Müßig", nil), ("Ärztin \"Anni\" Öl", nil),
        ("a \"b\" \\ c", nil), ("<script>@evil.example", nil), ("Praxis: Huber; Wien", nil), ("(Praxis) [x]", nil),
        ("🦷 Zähne & Co 👩‍⚕️", nil), ("عيادة الأسنان", nil), ("Оля Ж", nil), ("=?utf-8?q?x?=", nil),
        ("Undisclosed:;", nil), ("a@b.example, c@d.example", nil), ("o'Brien", nil), (".", nil),
        ("Praxis\r\nBcc: x@evil.example", "Praxis Bcc: x@evil.example"),
        ("Praxis\nBcc: x@evil.example\n\nText", "Praxis Bcc: x@evil.example Text"),
        ("Praxis\rBcc: x", "Praxis Bcc: x"), ("Praxis\u{0}Huber\u{7F}", "Praxis Huber"),
        ("Praxis\u{2028}Bcc: x\u{85}y", "Praxis Bcc: x y"), ("a\u{202E}b\u{2066}c", "a b c"),
        ("  a \t b  ", "a b"), (String(repeating: "Ü", count: 150), nil), (String(repeating: "x", count: 150), nil),
        (String(repeating: "Zahnärztliche Gemeinschaftspraxis ", count: 5) + "Ende", nil),
        (String(repeating: "😀", count: 120), nil), (String(repeating: "Praxis Huber ", count: 12) + "Ende", nil),
        (String(repeating: "\"", count: 100), nil), (String(repeating: "é", count: 60) + " " + "ü,", nil),
    ]

    @Test func anyNameAndAnySubjectArriveAsTheyAreAndStayOneLine() async throws {
        let written = try Self.lines.map {
            try MailComposition.write(
                .sample(senderName: $0.given, recipientName: $0.given, subject: $0.given),
                .sample
            )
        }
        for ((given, read), mail) in zip(Self.lines, try await ReadMail.read(written)) {
            let expected = read ?? given
            #expect(mail.faults == [], "\(given)")
            #expect(mail.defects == [], "\(given)")
            #expect(mail.fields["subject"] == expected)
            #expect(mail.from == [[expected, "praxis@example.at"]])
            #expect(mail.to == [[expected, "anna@example.org"]])
            let name = expected.replacingOccurrences(of: "\"", with: "'")
            #expect(mail.event?["ORGANIZER;CN"] == (name.isEmpty ? nil : name))
            #expect(mail.event?["ATTENDEE;CN"] == (name.isEmpty ? nil : name))
        }
    }

    @Test func aSubjectOfAnyLengthFits() async throws {
        let long = ["x", "Ä", "Wörter mit \u{1F9B7} ", "👩‍⚕️"].map { String(repeating: $0, count: 5000 / $0.count) }
        let mails = try await ReadMail.read(long.map { try MailComposition.write(.sample(subject: $0), .sample) })
        for (subject, mail) in zip(long, mails) {
            #expect(mail.faults == [] && mail.defects == [])
            let read = try #require(mail.fields["subject"])
            #expect(read.count >= 300 && subject.hasPrefix(read))
        }
    }

    @Test func anyTextArrivesAsItIs() async throws {
        let texts = [
            "", ".", ".\n..\n", "From here on\nFrom there", "--=_9abcdefghijexampleat\n\nx", "a \n b\t\n", "=3D = ==",
            String(repeating: "Wort", count: 1500), String(repeating: "ÄÖÜ ", count: 900),
            String(repeating: "😀", count: 700), "عيادة\nОля\n日本語", "</p><script>alert(1)</script>&amp;",
            "Content-Type: text/html\n\nx",
        ]
        let mails = try await ReadMail.read(texts.map { try MailComposition.write(.sample(text: $0), .sample) })
        for (text, mail) in zip(texts, mails) {
            #expect(mail.faults == [] && mail.defects == [], "\(text.prefix(40))")
            #expect(mail.parts.count == 3 && mail.parts[0].text.hasPrefix(text + "\n\n-- \n"), "\(text.prefix(40))")
            #expect(!mail.parts[1].text.contains("<script"))
        }
        let odd = try await ReadMail.read(.sample(text: "a\r\nb\rc\u{2028}d\u{0}e\u{1B}[0m\tf"))
        #expect(odd.parts[0].text.hasPrefix("a\nb\nc\nde[0m\tf\n\n-- \n") && odd.faults == [])
    }

    @Test(arguments: [
        ("praxis@zahnärzte.at", "praxis@xn--zahnrzte-3za.at"),
        ("praxis@BÜCHER.example", "praxis@xn--bcher-kva.example"),
        ("praxis@straße.example", "praxis@xn--strae-oqa.example"),
        ("o'brien+x=y@example.at", "o'brien+x=y@example.at"),
    ])
    func anInternationalDomainIsWrittenInASCII(_ address: String, _ written: String) async throws {
        let mail = try await ReadMail.read(.sample(sender: address, recipient: address))
        #expect(mail.faults == [] && mail.defects == [])
        #expect(mail.from == [["Praxis Huber, Dr. med.", written]] && mail.to == [["Anna Huber", written]])
        #expect(mail.event?["ORGANIZER"] == "mailto:" + written.replacingOccurrences(of: "=", with: "%3D"))
    }

    @Test func anInternationalLocalPartStaysAndNothingElseHasEightBits() async throws {
        let mail = try await ReadMail.read(.sample(senderName: "Jörg", recipient: "jörg@zahnärzte.at"))
        #expect(mail.faults == ["eight bits"])
        #expect(mail.fields["to"]?.contains("jörg@xn--zahnrzte-3za.at") == true)
        #expect(mail.event?["ATTENDEE"] == "mailto:j%C3%B6rg@xn--zahnrzte-3za.at")
    }

    @Test(arguments: [
        "a@b.example\r\nBcc: c@d.example", "a@b.example>, <c@d.example", "a b@c.example", "a,b@c.example",
        "a@b@c.example",
        "group:a@b.example;", "a@b.example\u{0}", "a(x)@b.example", "\"a\"@b.example", "", "a@", "@b", "a@b\u{2028}c",
    ])
    func anAddressThatCouldBecomeAnotherIsNotWritten(_ address: String) throws {
        // Never the case for an address that was parsed.
        guard let stored = EmailAddress(stored: address) else { return }
        let mail = ComposedMail(
            sender: MailSender(address: try .sample("praxis@example.at"), displayName: ""),
            recipient: stored,
            subject: "x",
            text: "x",
            language: .german
        )
        #expect(throws: (any Error).self) { try MailComposition.write(mail, .sample) }
    }

    @Test(
        arguments: [
            (nil, nil), ("http://127.0.0.1:8080/abmelden/x", "<http://127.0.0.1:8080/abmelden/x>, "),
            ("https://a.example/\r\nBcc: x", nil), ("https://a.example/>,<x", nil), ("javascript:alert(1)", nil),
        ] as [(String?, String?)]
    )
    func oneClickNeedsAnEncryptedWay(_ url: String?, _ expected: String?) async throws {
        let marks = MailMarks(name: "a.b@example.at", date: MailMarks.sample.date, unsubscribeURL: url)
        let mail = try await ReadMail.read(.sample(language: .english), marks)
        #expect(mail.faults == [] && mail.defects == [])
        #expect(mail.fields["list-unsubscribe-post"] == nil)
        let mailto = "<mailto:praxis@example.at?subject=No%20more%20e-mail%20reminders>"
        #expect(mail.fields["list-unsubscribe"] == (expected ?? "") + mailto)
        #expect(mail.parts[0].text.contains("No more e-mail reminders") == (expected != nil))
        #expect(mail.parts[1].text.contains("<a href") == (expected != nil))
    }

    @Test func theSameMailGivesTheSameOctetsOnAnyThread() async throws {
        let mail = try ComposedMail.sample(senderName: "Zähne 🦷", text: String(repeating: "Grüße\n", count: 200))
        let expected = try MailComposition.write(mail, .sample)
        try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 {
                group.addTask { try (0..<100).map { _ in try MailComposition.write(mail, .sample) } }
            }
            for try await written in group { #expect(written.allSatisfy { $0 == expected }) }
        }
    }
}
