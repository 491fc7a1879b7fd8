import Domain
import Hummingbird
import Storage

/// `/antworten`
func addAnswers(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/antworten", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let page = try await visit.storage.inbound.list(
            visit.practiceID,
            open: !query.has("alle"),
            PageRequest(limit: 50, cursor: query["cursor"].isEmpty ? nil : query["cursor"])
        )
        let told = try await visit.storage.links.list(
            visit.practiceID,
            open: !query.has("alle"),
            PageRequest(limit: 50, cursor: query["aelter"].isEmpty ? nil : query["aelter"])
        )
        let found = AnswersPage.Found(
            answers: page,
            told: told,
            closed: try await closed(query, visit),
            closedTold: try await closedTold(query, visit)
        )
        let frame = Frame(visit, title: visit.words("answers.title"), current: .answers)
        return try pages.page("answers", AnswersPage.view(found, query, visit), frame)
    }
    routes.post("/antworten/:id", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let id: InboundRow.ID = try context.id()
        let isDone = sent.form.isOn("done")
        try await visit.storage.inbound.setDone(id, visit.practiceID, isDone, now: visit.now)
        try await visit.note(.changed, .answer, id.rawValue)
        let answer = try await visit.storage.inbound.find(id, visit.practiceID)
        return SeeOther.response(back(from: answer, sent.form), to: request)
    }
}

/// Where the button stood.
private func back(from answer: InboundRow, _ form: FormData) -> String {
    let place = AnswerView.Place(rawValue: form["place"]) ?? .open
    if place == .patient, let patient = answer.patientID { return "/patienten/\(patient)#antworten" }
    let parts = [place == .all ? "alle=1" : nil, answer.doneAt == nil ? nil : "erledigt=\(answer.id)"].compactMap(
        \.self
    )
    return "/antworten" + (parts.isEmpty ? "" : "?") + parts.joined(separator: "&")
}

/// Likewise, of what was said on a patient's page.
private func closedTold(_ query: FormData, _ visit: Visit) async throws -> LinkAnswerRow? {
    guard let id = LinkAnswer.ID(query["link"]) else { return nil }
    do { return try await visit.storage.links.find(id, visit.practiceID) } catch StorageError.notFound { return nil }
}

/// What was closed a moment ago; nil where that names nothing of this practice.
private func closed(_ query: FormData, _ visit: Visit) async throws -> InboundRow? {
    guard let id = InboundRow.ID(query["erledigt"]) else { return nil }
    do { return try await visit.storage.inbound.find(id, visit.practiceID) } catch StorageError.notFound { return nil }
}
