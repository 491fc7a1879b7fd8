import Domain
import Foundation
import Storage

/// What a patient said on their page, and what is or was to be done about it.
struct LinkAnswerView: Sendable {
    /// The name; on the patient's own page the moment.
    let teller: String
    let tellerPath: String?
    let toldAt: String?
    let sign: ReminderView
    let sentence: String
    let appointment: String?
    let appointmentPath: String?
    let doneSince: String?
    let callTeller: CallLink?
    /// Where it is dealt with; nil once somebody did.
    let mend: Mend?
    let closing: AnswerView.Deed?

    struct Mend: Sendable {
        let mendPath: String
        let mendLabel: String
    }

    init(_ row: LinkAnswerRow, _ visit: Visit, in place: AnswerView.Place) {
        let words = visit.words
        let zone = visit.practice.timeZone
        let answer = row.answer
        let at = words.moment(WallTime.of(answer.receivedAt, in: zone))
        let isAlone = place == .patient || place == .appointment
        let name = row.patientName.isEmpty ? words("message.erased") : row.patientName
        teller = isAlone ? at : name
        tellerPath = isAlone || row.patientName.isEmpty ? nil : "/patienten/\(answer.patientID)"
        toldAt = isAlone ? nil : at
        sign = ReminderView(answer.kind, words)
        sentence = Self.sentence(row, words)
        let appointmentWords = words("answer.appointment", ["moment": words.short(row.appointmentStart)])
        appointment = place == .appointment ? nil : appointmentWords
        appointmentPath = place == .appointment ? nil : "/termine/\(answer.appointmentID)"
        let isOpen = answer.doneAt == nil
        let isAsking = answer.kind.asksForAction
        doneSince =
            isAsking
            ? answer.doneAt.map { words("answer.done_since", ["moment": words.short(WallTime.of($0, in: zone))]) } : nil
        callTeller = isOpen && answer.kind == .cancelAsked ? CallLink(row.mobile, visit) : nil
        mend = isOpen && visit.mayWrite ? Self.mend(row, place, words) : nil
        closing = isAsking && visit.mayWrite ? Self.closing(answer, place, words) : nil
    }

    private static func sentence(_ row: LinkAnswerRow, _ words: Words) -> String {
        let key = "told.\(row.answer.kind.rawValue).sentence"
        if row.answer.kind == .wrongNumber { return words(key) }
        if row.isCancelled { return words("told.cancelled_since") }
        if row.isOvertaken { return words("told.overtaken") }
        return words(row.isOutdated ? "told.moved_since" : key)
    }

    private static func mend(_ row: LinkAnswerRow, _ place: AnswerView.Place, _ words: Words) -> Mend? {
        switch row.answer.kind {
        case .confirmed: return nil
        case .cancelAsked:
            guard !row.isCancelled, !row.isOutdated else { return nil }
            return Mend(
                mendPath: "/termine/\(row.answer.appointmentID)/absagen",
                mendLabel: words("appointment.cancel")
            )
        case .wrongNumber:
            guard place != .patient, !row.patientName.isEmpty else { return nil }
            return Mend(mendPath: "/patienten/\(row.answer.patientID)", mendLabel: words("told.check_number"))
        }
    }

    private static func closing(_ answer: LinkAnswer, _ place: AnswerView.Place, _ words: Words) -> AnswerView.Deed {
        let isOpen = answer.doneAt == nil
        return AnswerView.Deed(
            action: "/antworten/link/\(answer.id)",
            value: isOpen ? "on" : "",
            label: words(isOpen ? "answer.done" : "answer.reopen"),
            isMain: false,
            place: place.rawValue
        )
    }
}

/// Warns on a patient's page that somebody else may be reading what is meant for the patient.
struct StrangeNumber: Sendable {
    let warning: String
    let clearPath: String?
    /// The number that the button names.
    let clearedNumber: String
    let clearLabel: String
    /// Says that nothing is wrong after all, or that it was put right.
    let doneAction: String?

    /// nil where nobody said so, or somebody looked after it.
    init?(_ rows: [LinkAnswerRow], _ patient: Patient, _ visit: Visit) {
        guard let row = rows.first(where: { $0.answer.kind == .wrongNumber && $0.answer.doneAt == nil }) else {
            return nil
        }
        let words = visit.words
        let said = patient.reached.mobile.flatMap { $0.e164 == row.saidOf ? $0 : nil }
        let number = said?.dialled(from: visit.practice.country)
        let day = words.day(WallTime.of(row.answer.receivedAt, in: visit.practice.timeZone).date)
        warning = words("told.warning", ["name": PatientName.spoken(patient), "day": day])
        clearPath = visit.mayWrite && number != nil ? "/patienten/\(patient.id)/nummer-loeschen" : nil
        clearedNumber = said?.e164 ?? ""
        clearLabel = words("told.clear", ["number": number ?? ""])
        doneAction = visit.mayWrite ? "/antworten/link/\(row.answer.id)" : nil
    }
}
