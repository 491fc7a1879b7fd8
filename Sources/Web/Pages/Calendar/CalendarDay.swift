import Domain
import Storage

/// A day that has a name of its own: a public holiday, or one on which the practice is closed.
struct CalendarDay: Hashable, Sendable {
    let date: LocalDate
    let name: String
}

/// Days in a row that have the same name.
struct CalendarSpan: Hashable, Sendable {
    let days: ClosedRange<LocalDate>
    let name: String

    /// In the order in which they begin; a name that a day has twice stands once.
    static func all(_ days: [CalendarDay]) -> [CalendarSpan] {
        let byName = Dictionary(grouping: Set(days), by: \.name).mapValues { $0.map(\.date).sorted() }
        let spans = byName.flatMap { name, dates in
            dates.reduce(into: [CalendarSpan]()) { spans, date in
                if let last = spans.last, last.days.upperBound.adding(days: 1) == date {
                    spans[spans.count - 1] = CalendarSpan(days: last.days.lowerBound...date, name: name)
                } else {
                    spans.append(CalendarSpan(days: date...date, name: name))
                }
            }
        }
        return spans.sorted { ($0.days.lowerBound, $0.name) < ($1.days.lowerBound, $1.name) }
    }

    /// `Mo 22.03. bis Fr 26.03.: Betriebsurlaub`
    func sentence(_ words: Words) -> String {
        let (first, last) = (words.shortDay(days.lowerBound), words.shortDay(days.upperBound))
        guard days.count > 1 else { return words("calendar.named.day", ["day": first, "name": name]) }
        return words("calendar.named.span", ["from": first, "to": last, "name": name])
    }
}

extension ClosedRange<LocalDate> {
    fileprivate var count: Int { upperBound.daysSince1970 - lowerBound.daysSince1970 + 1 }
}

extension Visit {
    /// The named days of a span.
    ///
    /// - Parameter location: where one location alone is looked at.
    func calendarDays(_ days: ClosedRange<LocalDate>, location: Location.ID?) async throws -> [CalendarDay] {
        let closed = try await storage.closingDays.days(practice, from: days.lowerBound, to: days.upperBound)
        return closed.filter { $0.locationID == nil || location == nil || $0.locationID == location }.map { day in
            switch day.reason {
            case .holiday(let holiday): CalendarDay(date: day.day, name: words.name(holiday, practice.country))
            case .closing(_, let name): CalendarDay(date: day.day, name: name)
            }
        }
    }
}
