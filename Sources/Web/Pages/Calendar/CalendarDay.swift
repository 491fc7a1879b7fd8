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
    func calendarDays(_ days: ClosedRange<LocalDate>, location: Location.ID?) async throws -> [CalendarDay] { [] }
}
