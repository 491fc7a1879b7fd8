import Domain
import Testing

@Suite("Mobile numbers")
struct MobileNumberTests {
    @Test(
        "are read as people write them, in Austria",
        arguments: [
            ("+436641234500", "+436641234500"), ("+43 664 1234599", "+436641234599"), ("0664 1234500", "+436641234500"),
            ("0664/1234500", "+436641234500"), ("0664-12 34 500", "+436641234500"), ("(0664) 1234500", "+436641234500"),
            ("0043 664 1234500", "+436641234500"), ("00436641234500", "+436641234500"),
            ("+43 (0)664 1234500", "+436641234500"), ("0043 (0) 664/1234500", "+436641234500"),
            ("+43 676 1234567", "+436761234567"), ("0676.1234567", "+436761234567"),
            (" 0676 1234567\t", "+436761234567"),
            ("436641234500", "+436641234500"), ("6641234500", "+436641234500"), ("0664\u{A0}1234500", "+436641234500"),
            ("0664–1234500", "+436641234500"), ("\u{202A}+43 664 1234500\u{202C}", "+436641234500"),
            ("tel:+43-664-1234500", "+436641234500"), ("＋43 ６６４ 1234500", "+436641234500"),
            ("0699 12345678", "+4369912345678"), ("+49 171 1234567", "+491711234567"),
            ("0049 (0)171/1234567", "+491711234567"),
            ("+41 79 123 45 67", "+41791234567"), ("+386 41 123 456", "+38641123456"),
            ("+1 202 555 0123", "+12025550123"),
        ]
    )
    func austrian(raw: String, e164: String) throws {
        #expect(try MobileNumber.parse(raw, country: .austria).get().e164 == e164)
    }

    @Test("are read in the practice's country")
    func german() throws {
        #expect(try MobileNumber.parse("0171 1234567", country: .germany).get().e164 == "+491711234567")
        #expect(try MobileNumber.parse("0043 664 1234500", country: .germany).get().e164 == "+436641234500")
        #expect(MobileNumber.parse("0171 1234567", country: .austria) != .success(try number("+491711234567")))
    }

    @Test(
        "refused, with the reason",
        arguments: [
            ("", "not_a_number"), ("   ", "not_a_number"), ("abc", "not_a_number"), ("0664 SCHMERZ", "not_a_number"),
            ("Handy: 0664 1234500", "not_a_number"), ("0664 1234500, 0676 1234567", "not_a_number"),
            ("+", "not_a_number"),
            ("0664 1234500 DW 12", "not_a_number"), ("0664#1234500", "not_a_number"),
            ("++43 664 1234500 😀", "not_a_number"),
            ("0664", "invalid"), ("12", "too_short"), ("+43 66", "too_short"),
            ("+43 664 12345678901234", "too_long"), ("0664 1234500 0676 1234567 00", "too_long"),
            ("+999 1234567", "invalid_country"), ("+43 664 123", "invalid"), ("+43 800 123456", "invalid"),
            ("+43 900 123456", "invalid"),
        ]
    )
    func refused(raw: String, reason: String) {
        let expected = FieldProblem("mobile", .mobileInvalid, ["reason": reason])
        #expect(MobileNumber.parse(raw, country: .austria) == .failure(expected))
    }

    @Test(
        "landlines are refused as landlines",
        arguments: ["01 5123456", "+43 1 5123456", "0316 123456", "0043 316 123456", "+49 30 123456", "0720 123456"]
    )
    func landline(raw: String) {
        let expected = FieldProblem("phone", .mobileLandline)
        #expect(MobileNumber.parse(raw, country: .austria, field: "phone") == .failure(expected))
    }

    @Test("the demonstration's numbers are all valid")
    func demonstration() throws {
        for last in 0...99 {
            let digits = "+4366412345" + (last < 10 ? "0" : "") + String(last)
            #expect(try MobileNumber.parse(digits, country: .austria).get().e164 == digits)
        }
    }

    @Test("dialled at home and from abroad")
    func dialled() throws {
        let mobile = try number("+436641234500")
        #expect(mobile.dialled(from: .austria) == "0664 1234500")
        #expect(mobile.dialled(from: .germany) == "+43 664 1234500")
        #expect(mobile.digits == "436641234500")
    }

    @Test(
        "masked numbers show the network and three digits at most",
        arguments: [
            ("+436641234591", "0664 …591"), ("+491711234567", "0171 …567"), ("+12025550123", "(202) …123"),
            ("+99912345678", "…678"),
        ]
    )
    func masked(e164: String, masked: String) throws {
        #expect(try number(e164).masked == masked)
    }

    @Test(
        "a stored number has a plus and 8 to 15 digits",
        arguments: [
            ("+43664123", true), ("+4366412", false), ("+123456789012345", true), ("+1234567890123456", false),
            ("436641234500", false), ("+43664 1234500", false), ("", false), ("+", false),
        ]
    )
    func stored(e164: String, accepted: Bool) {
        #expect((MobileNumber(e164: e164) != nil) == accepted)
    }

    @Test("countries have two capital letters, and most a calling code")
    func countries() {
        #expect(Country.austria.callingCode == 43)
        #expect(Country.germany.callingCode == 49)
        #expect(Country(rawValue: "CH")?.callingCode == 41)
        #expect(Country(rawValue: "XX")?.callingCode == nil)
        #expect(Country(rawValue: "AT") == .austria)
        for raw in ["at", "A", "AUT", "Ä", "A1", ""] { #expect(Country(rawValue: raw) == nil) }
    }

    @Test("may be read from many threads at once")
    func threads() async {
        await withTaskGroup(of: Bool.self) { group in
            for last in 100..<300 {
                group.addTask {
                    MobileNumber.parse("0664 1234\(last)", country: .austria)
                        == MobileNumber.parse("+436641234\(last)", country: .germany)
                }
            }
            for await same in group { #expect(same) }
        }
    }

    private func number(_ e164: String) throws -> MobileNumber { try #require(MobileNumber(e164: e164)) }
}
