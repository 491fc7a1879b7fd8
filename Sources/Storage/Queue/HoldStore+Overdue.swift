import Database
import Domain
import Foundation

extension HoldStore {
    /// Due and not looked at again for longer than any pause between two looks, in seconds.
    private static let longestPause = 900.0

    /// What one practice owes and nobody has confirmed.
    private struct Tally {
        let practice: Practice.ID
        /// Fell due too long before the start.
        let overdue: Int
        /// Fell due and may still leave.
        let sendable: Int
        /// When the last of these is too late.
        let lastLatest: Int64
        var confirmedUntil: Int64 = 0
    }

    /// Looks, once at the start of a process, whether a long outage or a restored backup lies behind it, and holds what
    /// is due then. What somebody has confirmed before is not asked about again; what waits for a reason that is known,
    /// as a channel that is off, is no outage.
    ///
    /// - Parameters:
    ///   - age: seconds before the start from which on a reminder counts as overdue.
    ///   - limit: as many may be overdue without a question.
    public func holdOverdue(startedAt: Date, age: Double, limit: Int, now: Date) async throws -> OverdueFinding {
        let tallies = try await driver.read { try Self.tallies(before: startedAt - age, now: now, in: $0) }
        let overdue = tallies.reduce(0) { $0 + $1.overdue }
        guard overdue > limit else { return OverdueFinding(overdue: overdue, practices: 0) }
        let held = tallies.filter { $0.sendable > 0 }
        try await driver.write { transaction in
            for tally in held { try Self.hold(tally, now: now, in: transaction) }
        }
        return OverdueFinding(overdue: overdue, practices: held.count)
    }

    /// Ends questions that time has answered: nothing that they were about can leave any more.
    public func endAnswered(now: Date) async throws {
        let over = try await driver.read { transaction in
            try Marks.all(under: Self.overdue, in: transaction).filter { $1.count == 2 && $1[1] < now.milliseconds }
        }
        guard !over.isEmpty else { return }
        try await driver.write { transaction in
            for (name, mark) in over {
                guard let practice = Practice.ID(name) else { continue }
                let isLeft = try transaction.first(
                    "SELECT 1 FROM reminders WHERE practice_id = $1 AND state = 'planned' AND due_at <= $2 LIMIT 1",
                    practice.rawValue,
                    mark[0]
                )
                if isLeft == nil { try Self.release(practice, now: now, in: transaction) }
            }
        }
    }

    private static func tallies(before instant: Date, now: Date, in transaction: Transaction) throws -> [Tally] {
        let all = try Marks.find(confirmedAll, in: transaction)?.first ?? 0
        let own = try Marks.all(under: confirmed, in: transaction).compactMapValues(\.first)
        return try tallies(before: instant, after: all, now: now, in: transaction).flatMap { tally in
            guard let until = own[tally.practice.description], until > all else { return [tally] }
            return try tallies(before: instant, after: until, of: tally.practice, now: now, in: transaction)
        }
    }

    /// Grouped by a sum, so that SQLite reads what is due and not, in the order of practices, all that is planned.
    ///
    /// - Parameter confirmedUntil: what fell due until then is not counted.
    private static func tallies(
        before instant: Date,
        after confirmedUntil: Int64,
        of practice: Practice.ID? = nil,
        now: Date,
        in transaction: Transaction
    ) throws -> [Tally] {
        try transaction.query(
            """
            SELECT r.practice_id + 0, SUM(CASE WHEN r.due_at < $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN r.latest_at >= $2 THEN 1 ELSE 0 END), MAX(r.latest_at)
            FROM reminders r JOIN practices p ON p.id = r.practice_id
            WHERE r.state = 'planned' AND r.next_at <= $3 AND r.due_at <= $2 AND r.due_at > $4 AND r.reason IS NULL
                AND p.paused = 0\(practice == nil ? "" : " AND r.practice_id = $5")
            GROUP BY r.practice_id + 0
            """,
            values: [
                instant.milliseconds.sqlValue, now.milliseconds.sqlValue,
                (now + longestPause).milliseconds.sqlValue, confirmedUntil.sqlValue,
            ] + (practice.map { [$0.rawValue.sqlValue] } ?? [])
        ).map { row in
            var reader = RowReader(row)
            return Tally(
                practice: try reader.id(),
                overdue: Int(try reader.integer()),
                sendable: Int(try reader.integer()),
                lastLatest: try reader.integer(),
                confirmedUntil: confirmedUntil
            )
        }
    }

    /// Pauses the practice and puts its held reminders off until they are too late; an answer brings them back. So
    /// they cost nothing meanwhile, and end by themselves where nobody answers.
    private static func hold(_ tally: Tally, now: Date, in transaction: Transaction) throws {
        let changed = try transaction.execute(
            """
            UPDATE practices SET paused = 1, version = version + 1, changed_at = $1 WHERE id = $2 AND paused = 0
            """,
            now.milliseconds,
            tally.practice.rawValue
        )
        guard changed == 1 else { return }
        try Marks.set(overdue + tally.practice.description, [now.milliseconds, tally.lastLatest], in: transaction)
        try transaction.execute(
            """
            UPDATE reminders SET reason = 'practice_paused', next_at = latest_at + 1
            WHERE practice_id = $1 AND state = 'planned' AND due_at <= $2 AND due_at > $3 AND latest_at >= $2
                AND reason IS NULL
            """,
            tally.practice.rawValue,
            now.milliseconds,
            tally.confirmedUntil
        )
    }
}
