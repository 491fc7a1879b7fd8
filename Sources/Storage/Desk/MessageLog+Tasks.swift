import Database
import Domain
import Foundation

/// A message that somebody should do something about.
public struct LogTask: Hashable, Sendable {
    public let row: LogRow
    /// Whether its appointment is still to come.
    public let isComing: Bool
}

extension MessageLog {
    /// A task is forgotten after so many days.
    private static let memory = 30.0 * 86_400

    /// Messages that failed or are unclear, beside those that the call list tells of: first those of appointments that are
    /// too far off for it, the next one first, behind them those that were ticked, then those whose appointment is over,
    /// the newest first.
    ///
    /// Left out is what needs nobody: where another message of the same appointment arrived, or a newer reminder took the
    /// message's place.
    public func tasks(_ practice: Practice.ID, now: Date, limit: Int = 200) async throws -> [LogTask] {
        try await driver.read { transaction in
            let marks = try Self.marks(practice, now: now, limit: limit, in: transaction)
            let byID = Dictionary(uniqueKeysWithValues: marks.map { ($0.id, $0) })
            let tasks = try Self.rows(marks.map(\.id), in: transaction).compactMap { row in
                byID[row.message.id.rawValue].map { mark in
                    LogTask(row: row, isComing: mark.start > now)
                }
            }
            return tasks.sorted(by: isBefore)
        }
    }

    private struct Mark {
        let id: Int64
        let start: Date
    }

    private static func marks(
        _ practice: Practice.ID,
        now: Date,
        limit: Int,
        in transaction: Transaction
    ) throws -> [Mark] {
        // The first condition is told by the words of its index; so is the second.
        let since = (now - memory).milliseconds
        return try transaction.query(
            """
            SELECT m.id, a.start_at FROM messages m
            JOIN reminders r ON r.id = m.reminder_id
            JOIN appointments a ON a.id = r.appointment_id
            LEFT JOIN calls c ON c.reminder_id = r.id
            WHERE m.id IN (
                    SELECT id FROM messages WHERE practice_id = $1 AND created_at >= $2
                        AND status NOT IN ('submitted', 'delivered')
                    UNION SELECT id FROM messages WHERE unclear = 1 AND practice_id + 0 = $1)
                AND (a.status = 'booked' OR a.status = 'cancelled' AND r.purpose = 'correction')
                AND r.purpose <> 'confirmation'
                AND (r.generation = a.generation OR r.purpose = 'correction')
                AND NOT EXISTS (SELECT 1 FROM reminders o JOIN messages d ON d.reminder_id = o.id
                    WHERE o.appointment_id = a.id AND o.generation >= r.generation AND d.status || '' = 'delivered')
                AND (a.start_at <= $3 OR a.start_at >= $4)
            ORDER BY CASE WHEN a.start_at > $3 THEN 0 ELSE 1 END, CASE WHEN c.at IS NULL THEN 0 ELSE 1 END,
                ABS(a.start_at - $3), m.id LIMIT $5
            """,
            practice.rawValue,
            since,
            now.milliseconds,
            (now + CallStore.reach).milliseconds,
            limit
        ).entities { reader in
            Mark(id: try reader.integer(), start: try reader.date())
        }
    }
}

private func isBefore(_ one: LogTask, _ other: LogTask) -> Bool {
    if one.isComing != other.isComing { return one.isComing }
    if (one.row.call == nil) != (other.row.call == nil) { return one.row.call == nil }
    let (start, otherStart) = (one.row.appointmentStart ?? .distantPast, other.row.appointmentStart ?? .distantPast)
    if start != otherStart { return one.isComing ? start < otherStart : start > otherStart }
    return one.row.message.id.rawValue < other.row.message.id.rawValue
}
