import Domain
import Foundation
import Storage

/// Asks before a patient's data is erased.
struct PatientDeletePage: Sendable {
    /// The page that cancels an appointment and tells the patient so.
    struct Way: Sendable {
        let path: String
        let label: String
    }

    let lead: String
    let advice: String
    /// That something else goes with it than what was announced.
    let changed: String?
    /// Which appointments are cancelled with it; nil where none is to come.
    let cancelled: String?
    /// Of which of them the patient may have been reminded.
    let reminded: String?
    /// How each of these messages went.
    let told: [ToldLine]
    /// That a correction is still to leave, and then will not.
    let pending: String?
    let call: CallLink?
    let ways: [Way]
    /// What is announced here.
    let announced: String
    let form: FormFrame
    let back: String

    static func view(
        _ patient: Patient,
        _ deletion: PatientDeletion,
        isChanged: Bool,
        _ visit: Visit
    ) -> PatientDeletePage {
        let words = visit.words
        let late = deletion.ended.filter { $0.late != nil }
        let sentence = { (key: String, ended: [EndedAppointment]) -> String? in
            let moments = ended.map { words.short($0.appointment.wallStart) }.joined(separator: "; ")
            return ended.isEmpty ? nil : words.counted(key, ended.count, ["moments": moments])
        }
        let path = "/patienten/\(patient.id)"
        let call = CallLink(patient, visit)
        let people = QuestionPeople(name: PatientName.spoken(patient), informed: [:], call: call)
        return PatientDeletePage(
            lead: words("patient.delete.lead", ["name": people.name]),
            advice: words("patient.delete.advice"),
            changed: isChanged ? words("patient.delete.changed") : nil,
            cancelled: sentence("patient.delete.cancelled", deletion.ended),
            reminded: sentence("patient.delete.reminded", late),
            told: deletion.late.map { ToldNews($0, people, isMany: late.count > 1, visit).lines } ?? [],
            pending: deletion.corrections == 0 ? nil : words("patient.delete.pending"),
            call: late.isEmpty && deletion.corrections == 0 ? nil : call,
            ways: late.compactMap { way($0, people, visit, back: path + "/loeschen") },
            announced: deletion.mark,
            form: FormFrame(action: path + "/loeschen", problems: FormProblems(words), version: patient.version),
            back: path
        )
    }

    /// nil where no correction can leave.
    private static func way(
        _ ended: EndedAppointment,
        _ people: QuestionPeople,
        _ visit: Visit,
        back: String
    ) -> Way? {
        guard let late = ended.late, ToldNews(late, people, isMany: false, visit).canCorrect,
            let back = ReturnPath(back)
        else { return nil }
        let moment = visit.words.short(ended.appointment.wallStart)
        return Way(
            path: "/termine/\(ended.appointment.id)/absagen?" + back.encoded,
            label: visit.words("patient.delete.tell", ["moment": moment])
        )
    }
}
