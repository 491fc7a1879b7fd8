import Database
import Domain
import Foundation

/// Who may have a message about an appointment already.
struct ToldPatients {
    /// The last message of each channel: to whom, and when its last attempt began.
    let last: [Channel: (patient: Patient.ID, at: Date)]

    /// An attempt counts unless it surely did not send: one that is open, accepted or unknown may have arrived.
    static func of(_ id: Appointment.ID, in transaction: Transaction) throws -> ToldPatients {
        let rows = try transaction.query(
            """
            SELECT r.channel, r.patient_id, t.started_at
            FROM reminders r JOIN attempts t ON t.message_id = r.message_id
            WHERE r.appointment_id = $1 AND (t.outcome IS NULL OR t.outcome IN ('accepted', 'unknown'))
            ORDER BY t.started_at, t.id
            """,
            id.rawValue
        )
        var last: [Channel: (patient: Patient.ID, at: Date)] = [:]
        for row in rows {
            var reader = RowReader(row)
            let channel: Channel = try reader.word()
            last[channel] = (try reader.id(), try reader.date())
        }
        return ToldPatients(last: last)
    }

    /// The warning; nil if nobody was told.
    var lateChange: LateChange? {
        last.values.map(\.at).max().map { LateChange(sentAt: $0, channels: Set(last.keys)) }
    }
}
