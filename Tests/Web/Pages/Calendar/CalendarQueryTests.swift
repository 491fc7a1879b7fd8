import Domain
import Testing

@testable import Web

@Suite("What the calendar's address says")
struct CalendarQueryTests {
    private func day(_ text: String) throws -> LocalDate { try #require(LocalDate(iso: text)) }

    private func query(_ text: String, today: String = "2027-03-03") throws -> CalendarQuery {
        CalendarQuery(FormData(encoded: text), today: try day(today))
    }

    @Test(
        "The days that are shown, and those before and after",
        arguments: [
            ("ansicht=tag&tag=2027-03-01", "2027-03-01", "2027-03-01", "2027-02-28", "2027-03-02"),
            ("ansicht=woche&tag=2027-03-03", "2027-03-01", "2027-03-07", "2027-02-24", "2027-03-10"),
            ("ansicht=woche&tag=2027-01-03", "2026-12-28", "2027-01-03", "2026-12-27", "2027-01-10"),
            ("ansicht=monat&tag=2027-03-31", "2027-03-01", "2027-03-31", "2027-02-01", "2027-04-01"),
            ("ansicht=monat&tag=2028-02-29", "2028-02-01", "2028-02-29", "2028-01-01", "2028-03-01"),
            ("ansicht=liste&tag=2027-03-03", "2027-03-03", "2027-03-16", "2027-02-17", "2027-03-17"),
        ]
    )
    func days(text: String, first: String, last: String, previous: String, next: String) throws {
        let query = try query(text)
        #expect(query.period == (try day(first))...(try day(last)))
        #expect(query.previous.day == (try day(previous)))
        #expect(query.next.day == (try day(next)))
    }

    @Test(
        "A list ends with the day that fills its page, and turns by as many days",
        arguments: [
            // Appointments a day from the first one on, days that are listed.
            ([], 14), ([100], 14), ([60, 40], 14), ([60, 41], 1), ([30, 0, 30, 30, 11], 4), ([300], 1), ([0, 300], 1),
        ]
    )
    func listing(counts: [Int], listed: Int) throws {
        let first = try day("2027-03-03")
        let dates = counts.enumerated().flatMap { Array(repeating: first.adding(days: $0), count: $1) }
        let query = try query("ansicht=liste&tag=2027-03-03").listing(dates.reversed())
        #expect(query.period == first...first.adding(days: listed - 1))
        #expect(query.next.day == first.adding(days: listed) && query.previous.day == first.adding(days: -listed))
        #expect(query.path == "/kalender?ansicht=liste&tag=2027-03-03")
    }

    @Test("Only a list is cut")
    func uncut() throws {
        let week = try query("ansicht=woche&tag=2027-03-03")
        #expect(week.listing(Array(repeating: try day("2027-03-03"), count: 500)) == week)
    }

    @Test("A month is drawn in whole weeks")
    func month() throws {
        #expect(try query("ansicht=monat&tag=2027-05-15").days == (try day("2027-04-26"))...(try day("2027-06-06")))
        #expect(try query("ansicht=monat&tag=2027-02-15").days == (try day("2027-02-01"))...(try day("2027-02-28")))
    }

    @Test(
        "What nobody can read is today's week, and everybody's",
        arguments: ["", "ansicht=jahr&tag=2027-02-30", "tag=0001-01-01&therapeut=x&standort=-", "tag=9999-12-31"]
    )
    func unreadable(text: String) throws {
        #expect(try query(text) == CalendarQuery(view: .week, day: try day("2027-03-03")))
    }

    @Test("An address that is made is read as the same")
    func path() throws {
        let made = try query("ansicht=monat&tag=2027-03-31&therapeut=4&standort=7&x=y")
        #expect(made.path == "/kalender?ansicht=monat&tag=2027-03-31&therapeut=4&standort=7")
        #expect(try query("ansicht=monat&tag=2027-03-31&therapeut=4&standort=7") == made)
        #expect(made.showing(.day).practitioner == made.practitioner)
    }

    @Test(
        "Weeks are numbered as ISO 8601 numbers them",
        arguments: [
            ("2026-12-31", 53), ("2027-01-01", 53), ("2027-01-04", 1), ("2027-12-31", 52), ("2029-12-31", 1),
            ("2027-03-03", 9),
        ]
    )
    func weeks(text: String, number: Int) throws {
        #expect(try day(text).week == number)
    }

    @Test("The heading names the days as people say them")
    func period() throws {
        let words = try RealResources.words()
        let today = try day("2027-03-03")
        let said = try ["tag=2027-03-03&ansicht=tag", "tag=2027-03-04&ansicht=tag", "tag=2027-03-03", "tag=2027-04-01"]
            .map { words.period(of: try query($0), today: today) }
        #expect(
            said == [
                "Heute, Mittwoch, 3. März 2027", "Morgen, Donnerstag, 4. März 2027", "Woche 9, 1. bis 7. März 2027",
                "Woche 13, 29. März bis 4. April 2027",
            ]
        )
    }
}
