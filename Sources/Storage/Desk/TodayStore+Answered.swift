import Database
import Domain
import Foundation

extension TodayStore {
    /// The day's unclear reminders that were answered by their link.
    static func answered(
        _ practice: Practice.ID,
        _ span: Range<Date>,
        in transaction: Transaction
    ) throws -> [Channel: Int] {
        let rows = try transaction.query(
            """
            SELECT m.channel, COUNT(DISTINCT m.id)
            FROM link_answers k
            JOIN appointments a ON a.id = k.appointment_id
            JOIN reminders r ON r.appointment_id = a.id AND r.patient_id = k.patient_id AND r.generation = k.generation
            JOIN messages m ON m.reminder_id = r.id
            WHERE k.practice_id = $1 AND k.received_at >= $2 AND k.kind <> 'wrong_number' AND \(LinkStore.isCurrent)
                AND r.purpose = 'reminder' AND m.unclear = 1 AND m.created_at >= $2 AND m.created_at < $3
                AND m.created_at <= k.received_at
            GROUP BY m.channel
            """,
            practice.rawValue,
            span.lowerBound.milliseconds,
            span.upperBound.milliseconds
        ).map { row in
            var reader = RowReader(row)
            return (try reader.word() as Channel, Int(try reader.integer()))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
