/// Appointments that were planned together, so many weeks apart. Each of them has reminders of its own.
public struct Series: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Series>

    public let id: ID
    public let practiceID: Practice.ID
    public let weeksApart: Int

    public init(id: ID, practiceID: Practice.ID, weeksApart: Int) {
        self.id = id
        self.practiceID = practiceID
        self.weeksApart = weeksApart
    }
}

/// How much of a series a change is meant for.
public enum SeriesScope: String, CaseIterable, Sendable {
    /// The one that was opened.
    case one
    /// That one, and all later ones that are still booked and have not begun.
    case later
}
