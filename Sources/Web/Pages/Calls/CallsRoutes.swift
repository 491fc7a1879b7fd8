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

private func callsPage(_ visit: Visit, ticked: Reminder.ID? = nil) async throws -> Response {
    let entries = try await visit.storage.calls.list(visit.practiceID, now: visit.now)
    return try callsPage(CallsView.view(entries, in: .list, ticked: ticked, visit), visit)
}

private func callsPage(
    _ calls: CallsView,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let frame = Frame(visit, title: visit.words("calls.title"), current: .start)
    return try visit.pages.page("calls/list", CallsPage(calls, visit), frame, status: status)
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
            isMore: sent.form.isOn("more"),
            now: visit.now
        )
    }
    switch attempt {
    case .refused(let problems):
        return try await refused(CallDraft(reminder: id, note: note, problems: problems.of("note")), sent, request)
    case .done(let standing?):
        return try await conflict(id, standing, note: note, sent, request)
    case .done(nil):
        try await visit.note(.created, .call, id.rawValue)
        let place = place(of: sent)
        guard request.isForPart else {
            return SeeOther.response(place.path + place.joint + "erledigt=\(id)#anrufe", to: request)
        }
        let entries = try await visit.storage.calls.list(visit.practiceID, now: visit.now)
        return try await part(CallsView.view(entries, in: place, ticked: id, visit), entries, place, visit)
    }
}

private func untick(_ id: Reminder.ID, _ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    let standing = try await visit.storage.calls.untick(id, visit.practiceID, seen: sent.form["seen"])
    if let standing { return try await conflict(id, standing, note: nil, sent, request) }
    try await visit.note(.deleted, .call, id.rawValue)
    return SeeOther.response(place(of: sent).path + "#anrufe", to: request)
}

private func place(of sent: Submission) -> CallsView.Place { CallsView.Place(rawValue: sent.form["place"]) ?? .list }

/// A note that cannot be written as it is; it stands in the list again.
private func refused(_ draft: CallDraft, _ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    let entries = try await visit.storage.calls.list(visit.practiceID, now: visit.now)
    let place = request.isForPart ? place(of: sent) : .list
    var view = CallsView.view(entries, in: place, draft: draft, visit)
    if let entry = entries.first(where: { $0.id == draft.reminder }), let tick = entry.tick {
        view.conflict = CallConflict(entry, tick, note: draft.note, problems: draft.problems, place, visit)
    }
    guard request.isForPart else { return try callsPage(view, visit, .unprocessableContent) }
    return try await part(view, entries, place, visit, .unprocessableContent)
}

/// Somebody else called before: nothing was written, and nothing that was typed is lost.
private func conflict(
    _ id: Reminder.ID,
    _ standing: CallTick,
    note: String?,
    _ sent: Submission,
    _ request: Request
) async throws -> Response {
    let visit = sent.visit
    let entries = try await visit.storage.calls.list(visit.practiceID, now: visit.now)
    let place = request.isForPart ? place(of: sent) : .list
    var view = CallsView.view(entries, in: place, visit)
    let entry = entries.first { $0.id == id } ?? entries.first { $0.tick == standing }
    view.conflict = entry.map { CallConflict($0, standing, note: note, place, visit) }
    guard request.isForPart else { return try callsPage(view, visit, .conflict) }
    return try await part(view, entries, place, visit, .conflict)
}

/// The list as a script puts it into the page, with what else of the page tells of it.
private func part(
    _ view: CallsView,
    _ entries: [CallEntry],
    _ place: CallsView.Place,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) async throws -> Response {
    var view = view
    if place == .start {
        let zone = visit.practice.timeZone
        let counts = try await visit.storage.today.counts(visit.practiceID, visit.today, in: zone, now: visit.now)
        view.dayLead = DayLead(counts, calls: entries, visit).sentence
    }
    var response = try visit.pages.fragment("calls/ticked", view, visit)
    response.status = status
    return response
}

/// What comes of most calls.
private enum CallNote: String {
    case reached, voicemail
}

extension CallsView.Place {
    /// What stands before a further part of the address's query.
    fileprivate var joint: String { path.contains("?") ? "&" : "?" }
}
