import Domain
import Hummingbird
import Storage

/// What the practice does about the answers from patients' pages.
func addLinkAnswers(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/antworten/link/:id", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let id: LinkAnswer.ID = try context.id()
        try await visit.storage.links.setDone(id, visit.practiceID, sent.form.isOn("done"), now: visit.now)
        try await visit.note(.changed, .answer, id.rawValue)
        let row = try await visit.storage.links.find(id, visit.practiceID)
        return SeeOther.response(back(from: row, sent.form), to: request)
    }
    routes.post("/patienten/:id/nummer-loeschen", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let id: Patient.ID = try context.id()
        let number = sent.form["number"]
        _ = try await visit.storage.patients.change(id, visit.practiceID, now: visit.now) { draft in
            let known = draft[keyPath: draft.reachedMobile]
            // The button names a number: another one that came meanwhile stays.
            guard known.isEmpty || known == number else { throw StorageError.stale }
            draft[keyPath: draft.reachedMobile] = ""
        }
        try await visit.note(.changed, .patient, id.rawValue)
        return SeeOther.response("/patienten/\(id)?gespeichert=1", to: request)
    }
}

/// Where the button stood.
private func back(from row: LinkAnswerRow, _ form: FormData) -> String {
    let closed = row.answer.doneAt == nil ? nil : "link=\(row.answer.id)"
    switch AnswerView.Place(rawValue: form["place"]) ?? .open {
    case .patient: return "/patienten/\(row.answer.patientID)#antworten"
    case .appointment: return "/termine/\(row.answer.appointmentID)#antworten"
    case .all: return "/antworten?" + (["alle=1", closed].compactMap(\.self)).joined(separator: "&")
    case .open: return "/antworten" + (closed.map { "?" + $0 } ?? "")
    }
}
