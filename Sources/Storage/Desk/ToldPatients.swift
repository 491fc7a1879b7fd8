import Database
import Domain
import Foundation

/// Who may have a message about an appointment already, and what the last one told them.
struct ToldPatients {
    /// The last message to one patient by one channel.
    struct Told {
        let channel: Channel
        let patient: Patient.ID
        /// When its last attempt began.
        let at: Date
        /// The start that it told; nil where it told that the appointment is cancelled.
        let start: WallTime?
        /// Where the appointment was to take place then; nil where that place is gone, or was not on record.
        let location: Location.ID?
        let place: String?
        let purpose: Reminder.Purpose
        /// What became of it.
        let state: Message.State
        let deliveredAt: Date?

        var news: ToldMessage.News {
            if start == nil { return .cancellation }
            return purpose == .correction ? .change : .reminder
        }
    }

    /// One for each patient and channel, the oldest first.
    let last: [Told]

    /// An attempt counts unless it surely did not send: one that is open, accepted or unknown may have arrived.
    static func of(_ appointment: Appointment, in transaction: Transaction) throws -> ToldPatients {
        let rows = try transaction.query(
            """
            SELECT r.channel, r.patient_id, t.started_at, m.says_start, l.id, l.name, r.purpose, m.status, m.unclear,
                m.presumed, m.delivered_at
            FROM reminders r JOIN messages m ON m.reminder_id = r.id JOIN attempts t ON t.message_id = m.id
            LEFT JOIN locations l ON l.id = m.location_id
            WHERE r.appointment_id = $1 AND r.purpose <> 'confirmation'
                AND (t.outcome IS NULL OR t.outcome IN ('accepted', 'unknown'))
            ORDER BY t.started_at, t.message_id, t.number
            """,
            appointment.id.rawValue
        )
        var last: [Told] = []
        for told in try rows.entities({ try told(&$0, appointment) }) {
            last.removeAll { $0.channel == told.channel && $0.patient == told.patient }
            last.append(told)
        }
        return ToldPatients(last: last)
    }

    private static func told(_ reader: inout RowReader, _ appointment: Appointment) throws -> Told {
        let channel: Channel = try reader.word()
        let patient: Patient.ID = try reader.id()
        let at = try reader.date()
        let says = try reader.optionalText()
        let start = says == "" ? nil : says.flatMap(WallTime.init(iso:)) ?? appointment.wallStart
        return Told(
            channel: channel,
            patient: patient,
            at: at,
            start: start,
            location: try reader.optionalID(),
            place: try reader.optionalText(),
            purpose: try reader.word(),
            state: try Message.State(&reader),
            deliveredAt: try reader.optionalDate()
        )
    }

    /// Who expects the appointment: of each channel the one who was told last. Whoever was told last that it is
    /// cancelled does not.
    var expecting: [Told] {
        let last = last.filter { $0.start != nil }
        return Channel.allCases.compactMap { channel in last.last { $0.channel == channel } }
    }

    /// By which channels a patient was told last that the appointment is cancelled.
    func thinkingCancelled(_ patient: Patient.ID) -> [Told] {
        last.filter { $0.start == nil && $0.patient == patient }
    }
}
