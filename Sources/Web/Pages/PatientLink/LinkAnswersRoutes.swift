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
        _ = try await visit.storage.patients.change(id, visit.practiceID, now: visit.now) {
            $0[keyPath: $0.reachedMobile] = ""
        }
        try await visit.note(.changed, .patient, id.rawValue)
        for row in try await visit.storage.links.of(id, visit.practiceID)
        where row.answer.kind == .wrongNumber && row.answer.doneAt == nil {
            try await visit.storage.links.setDone(row.answer.id, visit.practiceID, true, now: visit.now)
            try await visit.note(.changed, .answer, row.answer.id.rawValue)
        }
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
