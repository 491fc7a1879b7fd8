import Domain
import Storage

/// A day that has a name of its own: a public holiday, or one on which the practice is closed.
struct CalendarDay: Hashable, Sendable {
    let date: LocalDate
    let name: String
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
