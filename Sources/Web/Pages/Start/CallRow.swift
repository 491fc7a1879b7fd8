import Domain
import Foundation
import Storage

/// A person to be called, because the reminder of a coming appointment did not arrive.
struct CallRow: Sendable {
    let path: String
    let patient: String
    let moment: String
    let look: String
    let word: String
    /// What became of the message, word for word.
    let status: String
    let call: CallLink?

    /// nil where nothing failed for good and none came too late to be sent, or another message arrived.
    init?(_ row: AgendaRow, _ visit: Visit) {
        guard let fate = Self.fate(row, visit) else { return nil }
        path = "/termine/\(row.appointment.id)"
        patient = PatientName.listed(row.patient)
        moment = [visit.words.short(row.appointment.wallStart), row.location.name].joined(separator: " · ")
        look = fate.look.rawValue
        word = fate.word
        status = fate.status
        call = CallLink(row.patient, visit)
    }

    private static func fate(_ row: AgendaRow, _ visit: Visit) -> (look: Look, word: String, status: String)? {
        let words = visit.words
        let statuses = row.reminders.map { $0.message?.state.status }
        if statuses.contains(.delivered) { return nil }
        let ended = row.reminders.filter { $0.reminder.state != .planned }
        let failed = ended.last { $0.message.map { Look($0.state) } == .failed }
        if let failed, let message = failed.message {
            guard !isOnItsWay(failed, row) else { return nil }
            return (.failed, ReminderTeller(words: words).word(message), status(message, words))
        }
        // One that an earlier start was owed is over with that start; one that was handed over by another channel is
        // on its way.
        let left = row.reminders.last {
            $0.reminder.generation == row.appointment.generation && keeps($0, now: visit.now)
        }
        guard let left, let reason = left.reason, !statuses.contains(.submitted) else { return nil }
        let sentence = words.catalogue.reason(reason, left.reminder.channel, words.language)
        return reason == .monthlyLimit
            ? (.unclear, words("look.waiting"), sentence) : (.failed, words("look.not_sent"), sentence)
    }

    /// What became of the message; of an e-mail that came back, with the reason.
    private static func status(_ message: Message, _ words: Words) -> String {
        guard let reason = message.bounce, message.state.status == .bounced else {
            return MessageView.status(message, words)
        }
        return words("bounce.\(reason.rawValue).sentence")
    }

    /// Whether another message is still to bring what this one did not: one that stands in for it, or for an e-mail that
    /// came back an SMS of which news will come.
    private static func isOnItsWay(_ failed: ReminderStanding, _ row: AgendaRow) -> Bool {
        row.reminders.contains { other in
            let isHandedOver = other.message?.state == Message.State(status: .submitted)
            if other.reminder.standsInFor == failed.reminder.id {
                return isHandedOver || other.reminder.state == .planned && other.reason == nil
            }
            return failed.reminder.channel == .email && other.reminder.channel == .sms && isHandedOver
                && other.reminder.generation == failed.reminder.generation
        }
    }

    /// Whether nobody should count on this reminder: it came too late, or the month's limit holds it back though it is
    /// due, and nothing but a person can change that in time.
    private static func keeps(_ standing: ReminderStanding, now: Date) -> Bool {
        switch standing.reason {
        case .tooLateToSend: true
        case .monthlyLimit: standing.reminder.state == .planned && standing.reminder.dueAt <= now
        default: false
        }
    }
}

/// A patient's number, to be dialled by one touch (RFC 3966).
struct CallLink: Sendable {
    let path: String
    let number: String

    /// nil where there is no number.
    init?(_ patient: Patient, _ visit: Visit) { self.init(patient.reached.mobile, visit) }

    init?(_ mobile: MobileNumber?, _ visit: Visit) {
        guard let mobile else { return nil }
        path = "tel:" + mobile.e164
        number = mobile.dialled(from: visit.practice.country)
    }
}
