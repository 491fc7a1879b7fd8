import Database
import Domain
import Foundation

/// When a practice does not treat: the days that it named, and the public holidays of where it lies.
public struct ClosingDayStore: Sendable {
    let driver: any SQLDriver

    /// So many at most are listed; nobody has more.
    private static let most = 500

    /// - Throws: `ProblemList`, ``StorageError/notFound`` for the practice.
    public func add(_ practice: Practice.ID, _ draft: ClosingDayDraft) async throws -> ClosingDay {
        try await driver.write { transaction in
            let fields = try draft.validated()
            _ = try Lookup.practice(practice, in: transaction)
            if let location = fields.locationID {
                do {
                    _ = try Lookup.location(location, practice, in: transaction)
                } catch StorageError.notFound {
                    throw ProblemList(FieldProblem("locationId", .referenceUnknown))
                }
            }
            let row = try transaction.first(
                """
                INSERT INTO closing_days (practice_id, location_id, first_day, last_day, name)
                VALUES ($1, $2, $3, $4, $5)
                RETURNING \(Columns.list(Columns.closingDay))
                """,
                practice.rawValue,
                fields.locationID?.rawValue,
                fields.firstDay.iso,
                fields.lastDay.iso,
                fields.name
            )
            return try Lookup.read(row, ClosingDay.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func remove(_ id: ClosingDay.ID, _ practice: Practice.ID) async throws {
        try await driver.write { transaction in
            let row = try transaction.first(
                "DELETE FROM closing_days WHERE id = $1 AND practice_id = $2 RETURNING id",
                id.rawValue,
                practice.rawValue
            )
            if row == nil { throw StorageError.notFound }
        }
    }

    /// Those that are not over on a day, the next first.
    public func upcoming(_ practice: Practice.ID, on day: LocalDate) async throws -> [ClosingDay] {
        try await list(practice, "last_day >= $2 ORDER BY first_day, id", day)
    }

    /// Those that were over before a day, the latest first.
    public func past(_ practice: Practice.ID, on day: LocalDate) async throws -> [ClosingDay] {
        try await list(practice, "last_day < $2 ORDER BY last_day DESC, id DESC", day)
    }

    /// Every closed day of a span, in order; of one day the holiday comes first.
    ///
    /// - Parameter practice: whose country and region say which days are public holidays.
    public func days(_ practice: Practice, from first: LocalDate, to last: LocalDate) async throws -> [ClosedDay] {
        try await driver.read { try Self.days(practice, from: first, to: last, in: $0) }
    }

    static func days(
        _ practice: Practice,
        from first: LocalDate,
        to last: LocalDate,
        in transaction: Transaction
    ) throws -> [ClosedDay] {
        let closings = try transaction.query(
            """
            SELECT \(Columns.list(Columns.closingDay)) FROM closing_days
            WHERE practice_id = $1 AND last_day >= $2 AND first_day <= $3 ORDER BY first_day, id
            """,
            practice.id.rawValue,
            first.iso,
            last.iso
        ).entities(ClosingDay.init)
        let holidays = PublicHolidays.days(practice.country, region: practice.region, from: first, to: last)
        var days = holidays.map { ClosedDay(day: $0.day, reason: .holiday($0.holiday)) }
        for closing in closings {
            var day = max(closing.firstDay, first)
            while day <= min(closing.lastDay, last) {
                let reason = ClosedDay.Reason.closing(closing.id, name: closing.name)
                days.append(ClosedDay(day: day, reason: reason, locationID: closing.locationID))
                day = day.adding(days: 1)
            }
        }
        return days.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }.map(\.element)
    }

    private func list(_ practice: Practice.ID, _ condition: String, _ day: LocalDate) async throws -> [ClosingDay] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.closingDay)) FROM closing_days
                WHERE practice_id = $1 AND \(condition) LIMIT \(Self.most)
                """,
                practice.rawValue,
                day.iso
            ).entities(ClosingDay.init)
        }
    }
}

extension ClosingDay {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            locationID: try reader.optionalID(),
            firstDay: try reader.stored { LocalDate(iso: $0) },
            lastDay: try reader.stored { LocalDate(iso: $0) },
            name: try reader.text()
        )
    }
}
