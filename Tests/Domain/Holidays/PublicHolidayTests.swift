import Domain
import Testing

struct PublicHolidayTests {
    /// The United States Naval Observatory's table of Easter Sundays, with the earliest and the latest possible.
    @Test(arguments: [
        "1818-03-22", "1943-04-25", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20",
        "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25", "2049-04-18",
    ])
    func `Easter falls where the almanac has it`(_ day: String) throws {
        let date = try #require(LocalDate(iso: day))
        #expect(Easter.sunday(in: date.year) == date)
    }

    @Test func `There is no Easter before the calendar`() {
        #expect(Easter.sunday(in: 1582) == nil)
        #expect(Easter.sunday(in: 10_000) == nil)
    }

    @Test func `Austria has its thirteen days, the same everywhere`() throws {
        #expect(
            try days(.austria, "", 2027) == [
                "01-01", "01-06", "03-29", "05-01", "05-06", "05-17", "05-27", "08-15", "10-26", "11-01", "12-08",
                "12-25", "12-26",
            ]
        )
        #expect(try days(.austria, "", 2026).contains("04-06"))
        #expect(PublicHolidays.regions(of: .austria).isEmpty)
    }

    /// What a state has beside the nine days of all of Germany in 2027.
    @Test(arguments: [
        ("", []), ("DE-BB", ["03-28", "05-16", "10-31"]), ("DE-BE", ["03-08"]),
        ("DE-BW", ["01-06", "05-27", "11-01"]), ("DE-BY", ["01-06", "05-27", "08-15", "11-01"]),
        ("DE-HB", ["10-31"]), ("DE-HE", ["05-27"]), ("DE-HH", ["10-31"]), ("DE-MV", ["03-08", "10-31"]),
        ("DE-NI", ["10-31"]), ("DE-NW", ["05-27", "11-01"]), ("DE-RP", ["05-27", "11-01"]), ("DE-SH", ["10-31"]),
        ("DE-SL", ["05-27", "08-15", "11-01"]), ("DE-SN", ["10-31", "11-17"]), ("DE-ST", ["01-06", "10-31"]),
        ("DE-TH", ["09-20", "10-31"]),
    ])
    func `Each German state adds its own`(_ region: String, _ own: [String]) throws {
        let everywhere = ["01-01", "03-26", "03-29", "05-01", "05-06", "05-17", "10-03", "12-25", "12-26"]
        #expect(try days(.germany, region, 2027) == (everywhere + own).sorted())
    }

    @Test func `All sixteen states are known`() {
        #expect(PublicHolidays.regions(of: .germany).count == 16)
        #expect(Set(PublicHolidays.regions(of: .germany)).count == 16)
    }

    @Test(arguments: [
        ("DE-BE", "2018-03-08", false), ("DE-BE", "2019-03-08", true), ("DE-MV", "2022-03-08", false),
        ("DE-MV", "2023-03-08", true), ("DE-TH", "2018-09-20", false), ("DE-TH", "2019-09-20", true),
        ("DE-NI", "2016-10-31", false), ("DE-NI", "2017-10-31", true), ("DE-NI", "2018-10-31", true),
        ("DE-BY", "2017-10-31", true), ("DE-BY", "2018-10-31", false), ("DE-BE", "2025-05-08", true),
        ("DE-BE", "2026-05-08", false), ("DE-BE", "2028-06-17", true), ("DE-BE", "2029-06-17", false),
        ("DE-SN", "2022-11-16", true), ("DE-SN", "2023-11-22", true), ("DE-SN", "2028-11-22", true),
    ])
    func `Days that came or went with a law hold in their years`(_ region: String, _ day: String, _ holds: Bool) throws
    {
        let date = try #require(LocalDate(iso: day))
        #expect(!PublicHolidays.days(.germany, region: region, from: date, to: date).isEmpty == holds)
    }

    @Test func `A span goes over the turn of a year and knows its ends`() throws {
        let first = try #require(LocalDate(iso: "2027-12-25")), last = try #require(LocalDate(iso: "2028-01-06"))
        let found = PublicHolidays.days(.austria, region: "", from: first, to: last).map(\.day.iso)
        #expect(found == ["2027-12-25", "2027-12-26", "2028-01-01", "2028-01-06"])
        #expect(PublicHolidays.days(.austria, region: "", from: last, to: first).isEmpty)
    }

    @Test func `No holiday is invented for a country that is not known`() throws {
        let swiss = try #require(Country(rawValue: "CH"))
        #expect(!PublicHolidays.knows(swiss))
        #expect(try days(swiss, "", 2027).isEmpty)
    }

    private func days(_ country: Country, _ region: String, _ year: Int) throws -> [String] {
        let first = try #require(LocalDate(year: year, month: 1, day: 1))
        let last = try #require(LocalDate(year: year, month: 12, day: 31))
        return PublicHolidays.days(country, region: region, from: first, to: last).map {
            String($0.day.iso.dropFirst(5))
        }
    }
}
