import Domain
import Testing

@Suite("The sender of an SMS")
struct SenderIDTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let raw: String
        let codes: [ProblemCode]
        let suggestion: String?
        var country = Country.austria

        init(_ raw: String, _ codes: [ProblemCode], _ suggestion: String?, _ country: Country = .austria) {
            self.raw = raw
            self.codes = codes
            self.suggestion = suggestion
            self.country = country
        }

        var testDescription: String { raw }
    }

    @Test(
        "accepted",
        arguments: [
            ("00436761234567", "00436761234567", .international),
            (" 00436761234567 ", "00436761234567", .international),
            ("0043676123456789", "0043676123456789", .international),
            ("00491711234567", "00491711234567", .international),
            ("0012025550123", "0012025550123", .international), ("PraxisHuber", "PraxisHuber", .alphanumeric),
            ("Dr Huber 7", "Dr Huber 7", .alphanumeric), (" Praxis ", "Praxis", .alphanumeric),
            ("4you", "4you", .alphanumeric), ("a", "a", .alphanumeric),
        ] as [(String, String, SenderID.Kind)]
    )
    func accepted(raw: String, value: String, kind: SenderID.Kind) throws {
        let sender = try SenderID.check(raw, country: .austria).get()
        #expect(sender.value == value)
        #expect(sender.kind == kind)
        #expect(SenderID(stored: value) == sender)
    }

    static let numbers: [Row] = [
        Row("06761234567", [.senderCountryCodeMissing], "00436761234567"),
        Row("01711234567", [.senderCountryCodeMissing], "00491711234567", .germany),
        Row("6761234567", [.senderCountryCodeMissing], "00436761234567"),
        Row("+436761234567", [.senderNotInternational], "00436761234567"),
        Row("436761234567", [.senderNotInternational], "00436761234567"),
        Row("491711234567", [.senderNotInternational], "00491711234567"),
        Row("+491711234567", [.senderNotInternational], "00491711234567"),
        Row("0676 1234567", [.senderSpecialCharacter, .senderCountryCodeMissing], "00436761234567"),
        Row("0676/12-34-567", [.senderSpecialCharacter, .senderCountryCodeMissing], "00436761234567"),
        Row("+43 676 1234567", [.senderSpecialCharacter, .senderNotInternational], "00436761234567"),
        Row("+43 (0)676 1234567", [.senderSpecialCharacter, .senderNotInternational], "00436761234567"),
        Row("+49 (0)171 1234567", [.senderSpecialCharacter, .senderNotInternational], "00491711234567"),
        Row("0043 676 1234567", [.senderSpecialCharacter], "00436761234567"),
        Row("004306761234567", [.senderNotInternational], "00436761234567"),
        Row("00436761234567890", [.senderTooLong], nil),
        Row("06761234567890123", [.senderCountryCodeMissing, .senderTooLong], nil),
        Row("0676 12345678901234", [.senderSpecialCharacter, .senderCountryCodeMissing, .senderTooLong], nil),
        Row("+43676123456789012", [.senderNotInternational, .senderTooLong], nil),
        Row("0043", [.senderNotInternational], nil),
        Row("00999123456", [.senderNotInternational], nil),
        Row("000676123456", [.senderNotInternational], nil),
        Row("12345", [.senderCountryCodeMissing], "004312345"),
        Row("00441", [.senderNotInternational], nil),
        Row("99", [.senderNotInternational], nil),
        Row("0039 06 1234567", [.senderSpecialCharacter], "0039061234567"),
        Row("00410791234567", [.senderNotInternational], "0041791234567"),
        Row("12 34", [.senderSpecialCharacter, .senderNotInternational, .senderNoLetter], nil),
    ]

    static let names: [Row] = [
        Row("", [.senderMissing], nil),
        Row("  ", [.senderMissing], nil),
        Row("PraxisHuber1", [.senderTooLong], "PraxisHuber"),
        Row("Praxis Huber", [.senderTooLong], "PraxisHuber"),
        Row("Müller", [.senderSpecialCharacter], "Mueller"),
        Row("Mu\u{308}ller", [.senderSpecialCharacter], "Mueller"),
        Row("ÄRZTE", [.senderSpecialCharacter], "AERZTE"),
        Row("Ärzte", [.senderSpecialCharacter], "Aerzte"),
        Row("Weiß", [.senderSpecialCharacter], "Weiss"),
        Row("GROß", [.senderSpecialCharacter], "GROSS"),
        Row("Praxis Möhr", [.senderSpecialCharacter], "PraxisMoehr"),
        Row("Praxis Müller", [.senderSpecialCharacter, .senderTooLong], "Praxis Muel"),
        Row("Physio-Fit", [.senderSpecialCharacter], "PhysioFit"),
        Row("Huber & Co", [.senderSpecialCharacter], "Huber Co"),
        Row("Dr. Huber", [.senderSpecialCharacter], "Dr Huber"),
        Row("Café René", [.senderSpecialCharacter], "Cafe Rene"),
        Row("Novák", [.senderSpecialCharacter], "Novak"),
        Row("Šimić", [.senderSpecialCharacter], "Simic"),
        Row("Praxis😀", [.senderSpecialCharacter], "Praxis"),
        Row("A\u{A0}B", [.senderSpecialCharacter], "A B"),
        Row("A\nB", [.senderSpecialCharacter], "A B"),
        Row("Ö", [.senderSpecialCharacter], "Oe"),
        Row("!!!", [.senderSpecialCharacter, .senderNoLetter], nil),
        Row("1!2", [.senderSpecialCharacter, .senderNoLetter], nil),
        Row("漢字", [.senderSpecialCharacter, .senderNoLetter], nil),
        Row("123456789!!!", [.senderSpecialCharacter, .senderTooLong, .senderNoLetter], nil),
    ]

    @Test("refused, with all faults and the corrected form", arguments: numbers + names)
    func refused(row: Row) {
        let problems = faults(row.raw, row.country)
        #expect(problems.map(\.code) == row.codes)
        for problem in problems { #expect(problem.arguments["suggestion"] == row.suggestion) }
        #expect(SenderID(stored: row.raw) == nil)
    }

    @Test("every suggestion is itself accepted", arguments: numbers + names)
    func suggestionsHold(row: Row) throws {
        guard let suggestion = faults(row.raw, row.country).first?.arguments["suggestion"] else { return }
        #expect(try SenderID.check(suggestion, country: row.country).get().value == suggestion)
        #expect(SenderID(stored: suggestion) != nil)
    }

    @Test("faults name their field, the limit and the characters")
    func arguments() {
        let long = SenderID.check("PraxisHuberMaier", country: .austria, field: "sender")
        #expect(long.faults.first?.field == "sender")
        #expect(long.faults.first?.arguments["maximum"] == "11")
        #expect(faults("00436761234567890", .austria).first?.arguments["maximum"] == "16")
        #expect(faults("Ä & Ö & Ä", .austria).first?.arguments["characters"] == "Ä & Ö")
    }

    @Test("an international sender tells its digits")
    func internationalDigits() {
        #expect(SenderID(stored: "00436761234567")?.internationalDigits == "436761234567")
        #expect(SenderID(stored: "Praxis")?.internationalDigits == nil)
    }

    private func faults(_ raw: String, _ country: Country) -> [FieldProblem] {
        SenderID.check(raw, country: country).faults
    }
}

extension Result where Failure == ProblemList {
    fileprivate var faults: [FieldProblem] {
        if case .failure(let list) = self { list.problems } else { [] }
    }
}
