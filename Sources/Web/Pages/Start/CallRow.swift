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

    /// nil where nothing failed for good, or another message arrived.
    init?(_ row: AgendaRow, _ visit: Visit) {
        let ended = row.reminders.filter { $0.reminder.state != .planned }
        let messages = ended.compactMap(\.message)
        guard let failed = messages.last(where: { Look($0.state) == .failed }),
            !row.reminders.contains(where: { $0.message?.state.status == .delivered })
        else { return nil }
        path = "/termine/\(row.appointment.id)"
        patient = PatientName.listed(row.patient)
        moment = [visit.words.short(row.appointment.wallStart), row.location.name].joined(separator: " · ")
        look = Look.failed.rawValue
        word = ReminderTeller(words: visit.words).word(failed.state)
        status = MessageView.status(failed, visit.words)
        call = CallLink(row.patient, visit)
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
