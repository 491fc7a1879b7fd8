import Domain
import Foundation
import Testing

@Suite("Texts of e-mails with placeholders")
struct MailTemplateTests {
    private func codes(_ text: String, _ form: MailTemplate.Form = .body) -> [String] {
        switch MailTemplate.parse(text, as: form, field: "x") {
        case .success: []
        case .failure(let list): list.problems.map(\.code.rawValue)
        }
    }

    private func template(_ text: String, _ form: MailTemplate.Form = .body) throws -> MailTemplate {
        try MailTemplate.parse(text, as: form, field: "x").get()
    }

    @Test(
        "What is wrong with a text is told, each thing once",
        arguments: [
            ("", []), ("Hallo", []), ("{vorname}", []), ("{ Vorname }", []), ("{VORNAME}{nachname}", []),
            ("{uhr}", ["text.unknown_placeholder"]), ("{}", ["text.unknown_placeholder"]),
            ("{uhr} {uhr} {tag}", ["text.unknown_placeholder", "text.unknown_placeholder"]),
            ("{vorname", ["text.stray_brace"]), ("vorname}", ["text.stray_brace"]), ("{", ["text.stray_brace"]),
            ("{{vorname}}", ["text.stray_brace"]), ("{vor\nname}", ["text.stray_brace"]),
            ("{ab} }", ["text.unknown_placeholder", "text.stray_brace"]), ("a\u{7}b", ["field.invalid"]),
            ("{\u{301}vorname}", ["text.unknown_placeholder"]), ("{vorname}\u{301}", []),
            ("{vor\u{200B}name}", ["text.unknown_placeholder"]), ("Zeile\r\nZeile", []), ("a\tb", []),
        ]
    )
    func faults(text: String, expected: [String]) { #expect(codes(text) == expected) }

    @Test(
        "A subject is one line",
        arguments: [("a\nb", ["field.invalid"]), ("a\u{2028}b", ["field.invalid"]), ("a\tb", ["field.invalid"])]
    )
    func oneLine(text: String, expected: [String]) { #expect(codes(text, .subject) == expected) }

    @Test(
        "A text has a largest length, counted by what is sent",
        arguments: [
            (MailTemplate.Form.subject, 150, true), (.subject, 151, false), (.body, 5_000, true), (.body, 5_001, false),
        ]
    )
    func length(form: MailTemplate.Form, count: Int, fits: Bool) {
        #expect(codes(String(repeating: "x", count: count), form) == (fits ? [] : ["field.too_long"]))
        let marks = "x" + String(repeating: "\u{305}", count: count - 1)
        #expect(codes(marks, form).isEmpty == fits)
    }

    @Test func `An unknown placeholder is named, and the known ones are offered`() throws {
        guard case .failure(let list) = MailTemplate.parse("{uhr}", as: .body, field: "emailBody") else {
            Issue.record("taken")
            return
        }
        let problem = try #require(list.problems.first)
        #expect(problem.field == "emailBody" && problem.arguments["placeholder"] == "uhr")
        for placeholder in MailPlaceholder.allCases {
            #expect(problem.arguments["offered"]?.contains("{\(placeholder.rawValue)}") == true)
        }
    }

    @Test func `A text is kept as it was written, in NFC and with LF`() throws {
        let template = try template("  u\u{308}ber\r\n{Vorname}  ")
        #expect(template.source.unicodeScalars.elementsEqual("\u{FC}ber\n{Vorname}".unicodeScalars))
        #expect(MailTemplate(stored: template.source) == template)
        #expect(MailTemplate(stored: "{uhr}") == nil && MailTemplate(stored: "}") == nil)
    }

    @Test(
        "Where nothing is filled in, no gap stays",
        arguments: [
            ("Guten Tag {vorname} {nachname},", "Guten Tag Huber,"), ("{vorname} {nachname}", "Huber"),
            ("a {vorname}, b", "a , b"), ("a{vorname} b", "a b"), ("{vorname} {vorname} b", "b"),
        ]
    )
    func gaps(text: String, expected: String) throws {
        #expect(try template(text).render { $0 == .lastName ? "Huber" : "" } == expected)
    }

    @Test func `A name that looks like a placeholder is not filled in, and leaves with round brackets`() throws {
        let rendered = try template("{vorname}, {datum}").render { $0 == .firstName ? "{datum}" : "12.03.2027" }
        #expect(rendered == "(datum), 12.03.2027")
    }

    @Test func `A text that is being written shows what is filled in and what is wrong`() {
        let stretches = MailTemplate.stretches(of: "Am {datum} {uhr} }") { _ in "12.03.2027" }
        #expect(stretches.map(\.text) == ["Am ", "12.03.2027", " ", "{uhr}", " ", "}"])
        #expect(stretches.map(\.kind) == [.own, .filled, .own, .fault, .own, .fault])
    }

    @Test("The product's own texts pass their rules", arguments: Language.allCases)
    func ownTexts(language: Language) throws {
        for (own, form) in [
            (MailWords.subject(language), MailTemplate.Form.subject), (MailWords.body(language), .body),
        ] {
            #expect(!own.source.isEmpty)
            #expect(try template(own.source, form) == own)
            #expect(SensitiveWords.findings(in: own.source).isEmpty)
        }
    }
}
