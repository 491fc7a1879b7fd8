import Domain
import Foundation
import Storage

/// What a patient sent, and what was or is to be done about it.
struct AnswerView: Sendable {
    /// The name, else the number.
    let who: String
    let whoPath: String?
    /// The number where the name stands above it.
    let number: String?
    /// nil where it stands in the name's place, on the person's own page.
    let moment: String?
    let text: String
    let appointmentLabel: String?
    let appointmentPath: String?
    /// What was done by itself: the person gets no more SMS.
    let notice: String?
    let isDone: String?
    let call: CallLink?
    let deed: Deed?

    /// The button that closes it, or opens it again.
    struct Deed: Sendable {
        let action: String
        let value: String
        let label: String
        let isMain: Bool
        let place: String
    }

    /// Where the list stands, to which the button leads back.
    enum Place: String, Sendable {
        case open, all, patient, appointment
    }

    init(_ row: InboundRow, _ visit: Visit, in place: Place) {
        let words = visit.words
        let zone = visit.practice.timeZone
        let mobile = MobileNumber(e164: row.sender)
        let number = row.sender.isEmpty ? nil : mobile?.dialled(from: visit.practice.country) ?? row.sender
        let at = words.moment(WallTime.of(row.receivedAt, in: zone))
        let name = row.patientName.isEmpty ? number ?? words("message.erased") : row.patientName
        let isOwnPage = place == .patient
        who = isOwnPage ? at : name
        whoPath = row.patientName.isEmpty || isOwnPage ? nil : row.patientID.map { "/patienten/\($0)" }
        self.number = row.patientName.isEmpty || isOwnPage ? nil : number
        moment = isOwnPage ? nil : at
        text = row.text.isEmpty ? words("message.erased") : row.text
        appointmentLabel = row.appointmentStart.map { words("answer.appointment", ["moment": words.short($0)]) }
        appointmentPath = row.appointmentID.map { "/termine/\($0)" }
        notice = row.kind == .answer ? nil : words(row.appointmentID == nil ? "answer.stop" : "answer.stop_confirmed")
        isDone = row.doneAt.map { done in
            words("answer.done_since", ["moment": words.short(WallTime.of(done, in: zone))])
        }
        call = CallLink(mobile, visit)
        let isOpen = row.doneAt == nil
        deed =
            visit.mayWrite
            ? Deed(
                action: "/antworten/\(row.id)",
                value: isOpen ? "on" : "",
                label: words(isOpen ? "answer.done" : "answer.reopen"),
                isMain: isOpen,
                place: place.rawValue
            ) : nil
    }
}
