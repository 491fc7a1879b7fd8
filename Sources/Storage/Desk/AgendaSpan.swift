import Database
import Domain
import Foundation

/// Which appointments of a practice are meant: those that start in a span.
public struct AgendaSpan: Hashable, Sendable {
    public let practice: Practice.ID
    public let from: Date
    /// The first instant that no longer belongs to the span.
    public let to: Date
    /// Whose alone; nil: everybody's.
    public let practitioner: Practitioner.ID?
    /// Where alone; nil: everywhere.
    public let location: Location.ID?

    public init(
        _ practice: Practice.ID,
        from: Date,
        to: Date,
        practitioner: Practitioner.ID? = nil,
        location: Location.ID? = nil
    ) {
        self.practice = practice
        self.from = from
        self.to = to
        self.practitioner = practitioner
        self.location = location
    }

    /// A statement that finds them, the earliest first.
    func selection(_ columns: String, limit: Int) -> (sql: String, values: [SQLValue]) {
        var conditions = Conditions()
        conditions.add(
            "practice_id = ? AND start_at >= ? AND start_at < ?",
            practice.rawValue,
            from.milliseconds,
            to.milliseconds
        )
        if let practitioner { conditions.add("practitioner_id = ?", practitioner.rawValue) }
        if let location { conditions.add("location_id = ?", location.rawValue) }
        let most = conditions.bind(limit)
        let sql = "SELECT \(columns) FROM appointments WHERE \(conditions.sql) ORDER BY start_at, id LIMIT \(most)"
        return (sql, conditions.values)
    }
}
