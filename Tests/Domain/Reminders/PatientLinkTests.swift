import Domain
import Foundation
import Testing

@Suite("The link to a patient's own page")
struct PatientLinkTests {
    private static let url = "https://vortag.example"

    private func address(_ url: String = url) throws -> PatientLinkAddress {
        try #require(PatientLinkAddress(publicURL: url))
    }

    @Test("A code is always as long, and is read as it was written")
    func roundTrip() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let code = try #require(
                PatientLinkCode(
                    name: .random(in: 0..<1 << 35, using: &generator),
                    mark: .random(in: 0..<1 << 40, using: &generator)
                )
            )
            #expect(code.text.utf8.count == PatientLinkCode.length)
            #expect(PatientLinkCode(code.text) == code)
            #expect(GSM0338.septets(of: code.text) == PatientLinkCode.length)
        }
        #expect(PatientLinkCode(name: 1 << 35, mark: 0) == nil)
        #expect(PatientLinkCode(name: 0, mark: 1 << 40) == nil)
    }

    @Test("Who types it need not heed capitals, hyphens, and letters that look like digits")
    func typed() throws {
        let code = try #require(PatientLinkCode("0123456789abcde"))
        for text in ["0123456-789ABCDE", " O1234 56789abcde", "ol23456789abcde", "Oi23456789ABCDE"] {
            #expect(PatientLinkCode(text) == code, "\(text)")
        }
    }

    @Test(
        "Half a code, too much of one and other characters are none",
        arguments: [
            "", "0123456", "0123456789abcd", "0123456789abcdef", "0123456789abcdu", "0123456789abcd\u{E9}",
            "{vorname}123456", String(repeating: "0", count: 5_000),
        ]
    )
    func none(text: String) { #expect(PatientLinkCode(text) == nil) }

    @Test("A code shows itself to no log")
    func silent() throws {
        let code = try #require(PatientLinkCode(PatientLinkCode.example))
        #expect("\(code)" == "code" && Mirror(reflecting: code).children.isEmpty)
    }

    @Test(
        "Only an encrypted way is taken, or one on this machine",
        arguments: [
            ("https://vortag.example", true), ("http://127.0.0.1:8080", true), ("http://localhost:8080", true),
            ("http://[::1]:8080", true), ("https://vortag.example/praxis", true), ("http://vortag.example", false),
            ("ftp://vortag.example", false), ("https://pr\u{E4}xis.example", false), ("", false),
            ("https://" + String(repeating: "a", count: 97), true),
            ("https://" + String(repeating: "a", count: 98), false),
        ]
    )
    func address(url: String, isTaken: Bool) { #expect((PatientLinkAddress(publicURL: url) != nil) == isTaken) }

    @Test("What a link costs is known beforehand")
    func cost() throws {
        let address = try address()
        #expect(address.septets == "https://vortag.example/t/".count + 15)
        #expect(address.closingTextMaximum == 124 - 1 - 40)
        let code = try #require(PatientLinkCode(name: 1, mark: 2))
        #expect(address.link(code) == "https://vortag.example/t/000000100000002")
        #expect(GSM0338.septets(of: address.example) == address.septets)
        // A tilde costs two.
        #expect(try self.address("https://vortag.example/~a").septets == "https://vortag.example/~a/t/".count + 16)
    }

    @Test("Whatever the text and the address, a reminder is one SMS, with the link where there is room")
    func alwaysOne() throws {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("abcdefghij KLMNO.,:+0123456789äöüßÄÖÜ€^{}[]~|\\\n@")
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let code = try #require(PatientLinkCode(PatientLinkCode.example))
        var withLink = 0
        var without = 0
        for _ in 0..<3_000 {
            let host = String(repeating: "a", count: .random(in: 1...89, using: &generator))
            let address = try address("https://\(host).example")
            var raw = ""
            while let septets = GSM0338.septets(of: raw), septets <= 124, Int.random(in: 0..<100, using: &generator) > 0
            {
                raw.append(letters.randomElement(using: &generator) ?? "a")
            }
            guard let text = ClosingText(stored: raw) else { continue }
            let sms = ReminderText.compose(start: start, closingText: text, link: address.link(code))
            let encoding = SMSEncoding.of(sms)
            #expect(encoding.alphabet == .gsm && encoding.segments == 1 && encoding.units <= 160)
            #expect(sms.hasPrefix(ReminderText.predefinedPart(start) + text.value))
            let hasLink = sms.hasSuffix(address.link(code))
            if text.septets <= address.closingTextMaximum { #expect(hasLink, "\(raw)") }
            if !hasLink { #expect(sms == ReminderText.compose(start: start, closingText: text)) }
            withLink += hasLink ? 1 : 0
            without += hasLink ? 0 : 1
        }
        #expect(withLink > 100 && without > 100)
    }

    @Test("A text of exactly what is left makes exactly one SMS; one more costs the link, not a second SMS")
    func edge() throws {
        let address = try address()
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let full = String(repeating: "x", count: address.closingTextMaximum)
        let sms = ReminderText.compose(start: start, closingText: try ClosingText(full), link: address.example)
        #expect(SMSEncoding.of(sms).units == 160 && sms.hasSuffix("x " + address.example))
        let over = ReminderText.compose(start: start, closingText: try ClosingText(full + "x"), link: address.example)
        #expect(over == ReminderText.predefinedPart(start) + full + "x")
    }

    @Test("Without a text the link follows the predefined part")
    func alone() throws {
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let sms = ReminderText.compose(start: start, closingText: .empty, link: "https://vortag.example/t/x")
        #expect(sms == "Terminerinnerung 12.03.2027, 10:30. https://vortag.example/t/x")
    }

    @Test("A text that is too long beside the link says how much room there is")
    func room() throws {
        let maximum = try address().closingTextMaximum
        let text = String(repeating: "x", count: maximum + 3)
        #expect(ClosingText.problems(in: text).isEmpty)
        let problem = try #require(ClosingText.problems(in: text, maximum: maximum).first)
        #expect(problem.code == .textTooLong && problem.arguments["reason"] == "link")
        #expect(problem.arguments["maximum"] == "83" && problem.arguments["over"] == "3")
        #expect(throws: ProblemList.self) { try ClosingText(text, maximum: maximum) }
    }

    @Test("Of all that was said one thing counts")
    func standing() {
        #expect(LinkAnswer.Kind.standing([]) == nil)
        #expect(LinkAnswer.Kind.standing([.confirmed]) == .confirmed)
        #expect(LinkAnswer.Kind.standing([.confirmed, .cancelAsked]) == .cancelAsked)
        #expect(LinkAnswer.Kind.standing(Set(LinkAnswer.Kind.allCases)) == .wrongNumber)
    }
}
