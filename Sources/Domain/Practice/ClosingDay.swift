/// Days on which the practice, or one of its locations, does not treat. Reminders go out on them all the same.
public struct ClosingDay: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<ClosingDay>

    public let id: ID
    public let practiceID: Practice.ID
    /// nil: the whole practice.
    public let locationID: Location.ID?
    public let firstDay: LocalDate
    /// Not before the first.
    public let lastDay: LocalDate
    public let name: String

    public init(
        id: ID,
        practiceID: Practice.ID,
        locationID: Location.ID?,
        firstDay: LocalDate,
        lastDay: LocalDate,
        name: String
    ) {
        self.id = id
        self.practiceID = practiceID
        self.locationID = locationID
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.name = name
    }
}

/// One day on which a calendar shows that nobody treats, and why.
public struct ClosedDay: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Holds for the whole practice.
        case holiday(PublicHoliday)
        /// By the name that the practice gave it.
        case closing(ClosingDay.ID, name: String)
    }

    public let day: LocalDate
    public let reason: Reason
    /// nil: every location.
    public let locationID: Location.ID?

    public init(day: LocalDate, reason: Reason, locationID: Location.ID? = nil) {
        self.day = day
        self.reason = reason
        self.locationID = locationID
    }
}
