import Domain
import Foundation
import Testing

@Suite("RFC 3339 instants")
struct RFC3339Tests {
    @Test(
        "are read with their offset",
        arguments: [
            ("2027-03-02T10:30:00+01:00", 1_803_979_800, 3_600), ("2027-03-02T09:30:00Z", 1_803_979_800, 0),
            ("2027-03-02t09:30:00z", 1_803_979_800, 0), ("2027-03-02T04:00:00-05:30", 1_803_979_800, -19_800),
            ("2027-03-02T09:30:00-00:00", 1_803_979_800, 0), ("2027-03-02T09:30:00.500Z", 1_803_979_800.5, 0),
            ("2027-03-02T09:30:00.25Z", 1_803_979_800.25, 0), ("1969-12-31T23:59:59Z", -1, 0),
            ("1985-04-12T23:20:50.52Z", 482_196_050.52, 0), ("1996-12-19T16:39:57-08:00", 851_042_397, -28_800),
        ] as [(String, Double, Int)]
    )
    func reading(text: String, seconds: Double, offset: Int) throws {
        let read = try #require(RFC3339.parse(text))
        #expect(abs(read.instant.timeIntervalSince1970 - seconds) < 0.000_001)
        #expect(read.offsetSeconds == offset)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "2027-03-02", "2027-03-02T10:30+01:00", "2027-03-02 10:30:00Z", "2027-03-02T10:30:00",
            "2027-03-02T10:30:60Z",
            "2027-02-29T10:30:00Z", "2027-03-02T24:00:00Z", "2027-03-02T10:60:00Z", "2027-03-02T10:30:00+1:00",
            "2027-03-02T10:30:00+0100", "2027-03-02T10:30:00+24:00", "2027-03-02T10:30:00+01:60",
            "2027-03-02T10:30:00.Z",
            "2027-03-02T10:30:00,5Z", "2027-03-02T10:30:00Z ", " 2027-03-02T10:30:00Z", "2027-03-02T10:30:00ZZ",
            "2027-3-2T10:30:00Z", "2027-03-02T10:30:00.5", "2027-03-02T10:30:00+", "2027-03-02T10:30:00Ä",
        ]
    )
    func refused(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test("are written with milliseconds only where there are some")
    func writing() {
        let instant = Date(timeIntervalSince1970: 1_803_979_800)
        #expect(RFC3339.format(instant, offsetSeconds: 3_600) == "2027-03-02T10:30:00+01:00")
        #expect(RFC3339.format(instant, offsetSeconds: 0) == "2027-03-02T09:30:00+00:00")
        #expect(RFC3339.format(instant, offsetSeconds: -19_800) == "2027-03-02T04:00:00-05:30")
        #expect(RFC3339.format(instant.addingTimeInterval(0.042), offsetSeconds: 0) == "2027-03-02T09:30:00.042+00:00")
        #expect(RFC3339.format(instant.addingTimeInterval(0.9999), offsetSeconds: 0) == "2027-03-02T09:30:01+00:00")
        #expect(RFC3339.format(Date(timeIntervalSince1970: -0.25), offsetSeconds: 0) == "1969-12-31T23:59:59.750+00:00")
    }

    @Test("every written millisecond is read back")
    func roundTrip() throws {
        for millisecond in 0..<1_000 {
            let text = RFC3339.format(
                Date(timeIntervalSince1970: 1_803_979_800 + Double(millisecond) / 1_000),
                offsetSeconds: 0
            )
            let read = try #require(RFC3339.parse(text))
            #expect(RFC3339.format(read.instant, offsetSeconds: 0) == text)
        }
    }
}
