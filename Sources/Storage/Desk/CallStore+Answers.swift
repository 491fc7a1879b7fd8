import Database
import Domain
import Foundation

/// What patients said by a link changes whom to call: who answered knows of the appointment, whatever became of the message,
/// and what arrived with somebody else told the patient nothing.
extension CallStore {
    static func missed(
        _ appointment: Appointment,
        _ standings: [ReminderStanding],
        _ said: SaidByLink?,
        now: Date
    ) -> MissedReminder? {
        guard let missed = MissedReminder.of(appointment, standings, now: now) else {
            return said?.strayedAt.flatMap { strayed(appointment, standings, at: $0, now: now) }
        }
        guard appointment.status == .booked, let answeredAt = said?.answeredAt else { return missed }
        switch missed.cause {
        case .failed(let message), .unclear(let message): return message.createdAt <= answeredAt ? nil : missed
        case .notSent: return missed.reminder.purpose == .reminder ? nil : missed
        }
    }

    /// The last message that arrived, unless it left after somebody said that one had reached the wrong person.
    private static func strayed(
        _ appointment: Appointment,
        _ standings: [ReminderStanding],
        at: Date,
        now: Date
    ) -> MissedReminder? {
        guard appointment.status == .booked, appointment.start > now else { return nil }
        let arrived = standings.filter {
            $0.reminder.patientID == appointment.patientID && $0.reminder.purpose != .confirmation
                && [.delivered, .submitted].contains($0.message?.state.status)
        }
        let last = arrived.max { ($0.message?.createdAt ?? .distantPast) < ($1.message?.createdAt ?? .distantPast) }
        guard let last, let message = last.message, message.createdAt <= at else { return nil }
        return MissedReminder(reminder: last.reminder, cause: .failed(message))
    }

    /// Appointments of which a message reached the wrong person.
    static func astray(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws -> [Int64] {
        try transaction.query(
            """
            SELECT DISTINCT a.id FROM link_answers k JOIN appointments a ON a.id = k.appointment_id
            WHERE k.practice_id = $1 AND k.kind = 'wrong_number' AND k.patient_id = a.patient_id
                AND a.status = 'booked' AND a.start_at > $2 AND a.start_at < $3
            """,
            practice.rawValue,
            now.milliseconds,
            (now + reach).milliseconds
        ).map { try $0.integer(0) }
    }
}

extension MissedReminder {
    /// The message that did not bring it; nil where none left.
    public var message: Message? {
        switch cause {
        case .failed(let message), .unclear(let message): message
        case .notSent: nil
        }
    }

    /// Whether the message itself failed, or is unclear, or never left.
    var hasBadEnd: Bool {
        guard case .failed(let message) = cause else { return true }
        return message.state.isBadEnd
    }
}

extension CallEntry {
    /// The reminder that left on the day and reached somebody else.
    public func strayedReminder(of day: LocalDate, in zone: TimeZone) -> Message? {
        guard hasStrayed, missed.reminder.purpose == .reminder, case .failed(let message) = missed.cause,
            WallTime.of(message.createdAt, in: zone).date == day
        else { return nil }
        return message
    }
}
