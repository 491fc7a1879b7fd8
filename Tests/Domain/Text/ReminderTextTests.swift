import Domain
import Testing

@Suite("The text of a reminder")
struct ReminderTextTests {
    @Test("the predefined part, word for word")
    func wording() throws {
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        #expect(ReminderText.predefinedPart(start) == "Terminerinnerung 12.03.2027, 10:30. ")
        let early = try #require(WallTime(iso: "2028-02-29T07:05:30"))
        #expect(ReminderText.predefinedPart(early) == "Terminerinnerung 29.02.2028, 07:05. ")
    }

    @Test("the predefined part is 36 septets on every day", arguments: [1000, 2026, 2027, 2028, 2100, 9999])
    func always36(year: Int) throws {
        var day = try #require(LocalDate(year: year, month: 1, day: 1))
        var count = 0
        while day.year == year {
            let start = WallTime(date: day, hour: count % 24, minute: count % 60)
            if GSM0338.septets(of: ReminderText.predefinedPart(start)) != 36 { Issue.record("\(start)") }
            day = day.adding(days: 1)
            count += 1
        }
        #expect(count == (year == 2028 ? 366 : 365))
    }

    @Test("with the longest closing text it is one SMS of 160")
    func oneMessage() throws {
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let closing = try ClosingText(String(repeating: "€", count: 61) + "ab")
        let encoding = SMSEncoding.of(ReminderText.compose(start: start, closingText: closing))
        #expect(encoding.alphabet == .gsm)
        #expect(encoding.units == 160)
        #expect(encoding.segments == 1)
    }
}

@Suite("How a text travels")
struct SMSEncodingTests {
    static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test(
        "alphabet, units and segments",
        arguments: [
            ("", .gsm, 0, 1), ("a", .gsm, 1, 1), (repeated("a", 160), .gsm, 160, 1), (repeated("a", 161), .gsm, 161, 2),
            (repeated("a", 306), .gsm, 306, 2), (repeated("a", 307), .gsm, 307, 3), (repeated("€", 80), .gsm, 160, 1),
            // The 153rd septet would be an escape: its pair moves to the next part as a whole.
            (repeated("a", 152) + "€" + repeated("a", 151), .gsm, 305, 2),
            (repeated("a", 152) + "€" + repeated("a", 152), .gsm, 306, 3), (repeated("€", 152), .gsm, 304, 2),
            (repeated("€", 153), .gsm, 306, 3), ("š", .ucs2, 1, 1), (repeated("š", 70), .ucs2, 70, 1),
            (repeated("š", 71), .ucs2, 71, 2), (repeated("š", 134), .ucs2, 134, 2), (repeated("š", 135), .ucs2, 135, 3),
            (repeated("😀", 35), .ucs2, 70, 1), (repeated("😀", 36), .ucs2, 72, 2),
            (repeated("š", 66) + "😀" + repeated("š", 66), .ucs2, 134, 3),
            (repeated("š", 66) + "😀" + repeated("š", 65), .ucs2, 133, 2),
        ] as [(String, SMSEncoding.Alphabet, Int, Int)]
    )
    func table(text: String, alphabet: SMSEncoding.Alphabet, units: Int, segments: Int) {
        let encoding = SMSEncoding.of(text)
        #expect(encoding.alphabet == alphabet)
        #expect(encoding.units == units)
        #expect(encoding.segments == segments)
    }
}
