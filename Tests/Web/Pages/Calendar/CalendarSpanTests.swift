import Domain
import Testing

@testable import Web

@Suite("Named days in a row")
struct CalendarSpanTests {
    private func day(_ text: String, _ name: String) throws -> CalendarDay {
        CalendarDay(date: try #require(LocalDate(iso: text)), name: name)
    }

    @Test("Days of the same name that follow each other are one span, whatever else falls on them")
    func spans() throws {
        let days = [
            try day("2027-03-29", "Ostermontag"), try day("2027-03-26", "Urlaub"), try day("2027-03-25", "Urlaub"),
            try day("2027-03-25", "Urlaub"), try day("2027-03-31", "Urlaub"), try day("2027-04-01", "Urlaub"),
        ]
        let spans = CalendarSpan.all(days).map { "\($0.name) \($0.days.lowerBound.iso) \($0.days.upperBound.iso)" }
        #expect(
            spans == [
                "Urlaub 2027-03-25 2027-03-26", "Ostermontag 2027-03-29 2027-03-29", "Urlaub 2027-03-31 2027-04-01",
            ]
        )
        #expect(CalendarSpan.all([]).isEmpty)
    }
}
