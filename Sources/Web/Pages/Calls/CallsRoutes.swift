import Domain
import Hummingbird
import Storage

/// `/anrufe`
func addCalls(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/anrufe", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let ticked = Reminder.ID(FormData(query: request)["erledigt"])
        return try await callsPage(visit, ticked: ticked)
    }
    routes.get("/anrufe/drucken", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let open = try await visit.storage.calls.list(visit.practiceID, now: visit.now).filter { $0.tick == nil }
        try await visit.note(.exported, .call)
        let frame = Frame(visit, title: visit.words("calls.title"), current: .start)
        return try pages.page("calls/sheet", CallSheet(open, visit), frame)
    }
    routes.post("/anrufe/:id", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let id: Reminder.ID = try context.id()
        if sent.form.isOn("undo") { return try await untick(id, sent, request) }
        return try await tick(id, sent, request)
    }
}

private func callsPage(
    _ visit: Visit,
    ticked: Reminder.ID? = nil,
    draft: CallDraft? = nil,
    _ status: HTTPResponse.Status = .ok
) async throws -> Response {
    let entries = try await visit.storage.calls.list(visit.practiceID, now: visit.now)
    let calls = CallsView.view(entries, in: .list, ticked: ticked, draft: draft, visit)
    let page = CallsPage(calls, visit)
    let frame = Frame(visit, title: visit.words("calls.title"), current: .start)
    return try visit.pages.page("calls/list", page, frame, status: status)
}

private func tick(_ id: Reminder.ID, _ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    let said = CallNote(rawValue: sent.form["said"])
    let note = said.map { visit.words("calls.said." + $0.rawValue) } ?? sent.form["note"]
    let attempt = try await Attempt.of(visit.words) {
        try await visit.storage.calls.tick(
            id,
            visit.practiceID,
            by: Actor(visit.session.user),
            note: note,
            now: visit.now
        )
    }
    if case .refused(let problems) = attempt {
        let draft = CallDraft(reminder: id, note: note, problems: problems.of("note"))
        return try await callsPage(visit, draft: draft, .unprocessableContent)
    }
    try await visit.note(.created, .call, id.rawValue)
    let place = CallsView.Place(rawValue: sent.form["place"]) ?? .list
    guard request.isOfScript else {
        return SeeOther.response((place == .start ? "/" : "/anrufe") + "?erledigt=\(id)#anrufe", to: request)
    }
    let entries = try await visit.storage.calls.list(visit.practiceID, now: visit.now)
    var view = CallsView.view(entries, in: place, ticked: id, visit)
    if place == .start {
        let zone = visit.practice.timeZone
        let counts = try await visit.storage.today.counts(visit.practiceID, visit.today, in: zone, now: visit.now)
        view.dayLead = DayLead(counts, calls: entries, visit).sentence
    }
    return try visit.pages.fragment("calls/ticked", view, visit)
}

private func untick(_ id: Reminder.ID, _ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    try await visit.storage.calls.untick(id, visit.practiceID)
    try await visit.note(.deleted, .call, id.rawValue)
    let place = CallsView.Place(rawValue: sent.form["place"]) ?? .list
    return SeeOther.response(place == .start ? "/#anrufe" : "/anrufe#anrufe", to: request)
}

/// What comes of most calls.
private enum CallNote: String {
    case reached, voicemail
}

extension Request {
    /// Whether a script of the page asks, and puts the answer into it.
    fileprivate var isOfScript: Bool { HeaderName("HX-Request").map { headers[$0] != nil } ?? false }
}
