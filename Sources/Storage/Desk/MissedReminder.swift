import Domain
import Foundation

/// What a patient was to be told and, as far as anybody knows, was not: the reminder of a coming appointment, or what
/// corrects one. Only a call can make up for it.
public struct MissedReminder: Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// The message came to a bad end.
        case failed(Message)
        /// It may have been sent, and nobody knows.
        case unclear(Message)
        /// Nothing left, and nothing will in time.
        case notSent(SkipReason)
    }

    public let reminder: Reminder
    public let cause: Cause

    /// nil where somebody was told, or still will be, and where nobody wanted it: who withdrew their consent is not called
    /// because of a reminder, and a kind that could not be chosen was said to be none when the appointment was made. A
    /// correction is another matter: without it somebody comes in vain, or not at all.
    ///
    /// - Parameter standings: all of the appointment's, in the order in which they were planned.
    public static func of(_ appointment: Appointment, _ standings: [ReminderStanding], now: Date) -> MissedReminder? {
        let owed = owed(appointment, standings).filter { isOfUse($0, for: appointment, now: now) }
        let statuses = owed.map { $0.message?.state.status }
        if statuses.contains(.delivered) { return nil }
        let ended = owed.filter { $0.reminder.state != .planned }
        if let failed = ended.last(where: { $0.message?.state.isBadEnd ?? false }), let message = failed.message {
            if isOnItsWay(failed, owed) { return nil }
            return MissedReminder(reminder: failed.reminder, cause: .failed(message))
        }
        if statuses.contains(.submitted) { return nil }
        if let left = owed.last(where: { holdsBack($0, now: now) }), let reason = left.reason {
            return MissedReminder(reminder: left.reminder, cause: .notSent(reason))
        }
        guard let unclear = ended.last(where: { $0.message?.state.unclear ?? false }), let message = unclear.message,
            !owed.contains(where: { $0.reminder.state == .planned && $0.reason == nil })
        else { return nil }
        return MissedReminder(reminder: unclear.reminder, cause: .unclear(message))
    }

    /// What the patient has to learn now. A correction of the appointment as it is takes the reminder's place: without it
    /// the patient believes what was told before. Of a cancelled appointment there is nothing else to be told.
    private static func owed(_ appointment: Appointment, _ standings: [ReminderStanding]) -> [ReminderStanding] {
        let corrections = standings.filter { $0.reminder.purpose == .correction && !isPointless($0) }
        switch appointment.status {
        case .cancelled:
            return newest(corrections)
        case .booked:
            let its = newest(corrections.filter { $0.reminder.generation >= appointment.generation })
            if !its.isEmpty { return its }
            return standings.filter {
                $0.reminder.generation == appointment.generation && $0.reminder.purpose == .reminder
            }
        case .arrived, .noShow: return []
        }
    }

    private static func newest(_ corrections: [ReminderStanding]) -> [ReminderStanding] {
        let newest = corrections.map(\.reminder.generation).max()
        return corrections.filter { $0.reminder.generation == newest }
    }

    /// The appointment became again what the patient was told before it left.
    private static func isPointless(_ correction: ReminderStanding) -> Bool {
        correction.reminder.state == .skipped && [.cancelled, .moved].contains(correction.reason)
    }

    /// A correction is of use until the start that the patient was told, which the change may have left behind it.
    private static func isOfUse(_ standing: ReminderStanding, for appointment: Appointment, now: Date) -> Bool {
        appointment.start > now || (standing.reminder.purpose == .correction && standing.reminder.latestAt > now)
    }

    /// Whether another message is still to bring what this one did not: one that stands in for it, or for an e-mail that
    /// came back an SMS of which news will come.
    private static func isOnItsWay(_ failed: ReminderStanding, _ owed: [ReminderStanding]) -> Bool {
        owed.contains { other in
            let isUnderWay =
                other.message?.state == Message.State(status: .submitted)
                || other.reminder.state == .planned && other.reason == nil
            let isOfNews = failed.reminder.channel == .email && other.reminder.channel == .sms
            return isUnderWay && (isOfNews || other.reminder.standsInFor == failed.reminder.id)
        }
    }

    /// Whether nobody should count on this reminder: it came too late, the number or address is gone, or the month's limit
    /// holds it back though it is due, and nothing but a person can change that in time. A correction wants to leave at
    /// once: whatever stands against it, and may pass or not, is a reason to call.
    private static func holdsBack(_ standing: ReminderStanding, now: Date) -> Bool {
        if standing.reminder.purpose == .correction { return standing.reason != nil }
        return switch standing.reason {
        case .tooLateToSend: true
        case .noMobile, .noEmail: standing.reminder.state == .skipped
        case .monthlyLimit: standing.reminder.state == .planned && standing.reminder.dueAt <= now
        default: false
        }
    }
}

extension Message.State {
    /// It did not arrive, as far as anybody knows.
    var isBadEnd: Bool {
        guard let status, !unclear else { return false }
        switch status {
        case .submitted, .delivered: return false
        case .undeliverable, .expired, .bounced, .rejectedByRecipient, .serviceUnreachable, .providerError,
            .providerRefused:
            return true
        }
    }
}
