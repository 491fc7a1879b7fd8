import Domain
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
        guard let fate = Self.fate(row, visit.words) else { return nil }
        path = "/termine/\(row.appointment.id)"
        patient = PatientName.listed(row.patient)
        moment = [visit.words.short(row.appointment.wallStart), row.location.name].joined(separator: " · ")
        look = Look.failed.rawValue
        word = fate.word
        status = fate.status
        call = CallLink(row.patient, visit)
    }

    private static func fate(_ row: AgendaRow, _ words: Words) -> (word: String, status: String)? {
        let statuses = row.reminders.map { $0.message?.state.status }
        if statuses.contains(.delivered) { return nil }
        let ended = row.reminders.filter { $0.reminder.state != .planned }
        if let failed = ended.compactMap(\.message).last(where: { Look($0.state) == .failed }) {
            return (ReminderTeller(words: words).word(failed.state), MessageView.status(failed, words))
        }
        // One that an earlier start was owed is over with that start; one that was handed over by another channel is
        // on its way.
        let late = row.reminders.last {
            $0.reason == .tooLateToSend && $0.reminder.generation == row.appointment.generation
        }
        guard let late, !statuses.contains(.submitted) else { return nil }
        let sentence = words.catalogue.reason(.tooLateToSend, late.reminder.channel, words.language)
        return (words("look.not_sent"), sentence)
    }
}

/// A patient's number, to be dialled by one touch (RFC 3966).
struct CallLink: Sendable {
    let path: String
    let number: String

    /// nil where there is no number.
    init?(_ patient: Patient, _ visit: Visit) {
        guard let mobile = patient.mobile else { return nil }
        path = "tel:" + mobile.e164
        number = mobile.dialled(from: visit.practice.country)
    }
}
