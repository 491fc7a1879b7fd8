import Domain
import Hummingbird
import Storage

/// `/einstellungen/standorte` and what lies below it.
func addLocations(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/standorte/neu") { _, context in
        let visit = try await Visit(pages, context)
        try visit.requireConfiguring()
        return try locationPage(.view(LocationDraft(), nil, FormProblems(visit.words), visit), visit)
    }
    routes.post("/einstellungen/standorte/vorschau") { request, context in
        let sent = try await Submission(pages, request, context, settings: true)
        let phone = LocationPage.preview(sent.form["closingText"], sender: sent.form["senderId"], sent.visit)
        return try pages.fragment("parts/phone", phone, sent.visit)
    }
    routes.post("/einstellungen/standorte/neu") { request, context in
        let sent = try await Submission(pages, request, context, settings: true)
        let visit = sent.visit
        let draft = sent.form.location(LocationDraft())
        if sent.form.has("action") {
            return try locationPage(.view(draft, nil, FormProblems(visit.words), visit), visit)
        }
        switch try await Attempt.of(
            visit.words,
            { try await visit.storage.locations.create(visit.practiceID, draft, now: visit.now) }
        )
        {
        case .done(let location): return SeeOther.response(path(location.id), to: request)
        case .refused(let problems):
            return try locationPage(.view(draft, nil, problems, visit), visit, .unprocessableContent)
        }
    }
    addLocationRecord(to: routes, pages)
}

private func addLocationRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/standorte/:id") { request, context in
        let visit = try await Visit(pages, context)
        let location = try await visit.storage.locations.find(context.id(), visit.practiceID)
        let saved = FormData(query: request).has("gespeichert")
        let draft = LocationDraft(existing: location)
        return try locationPage(.view(draft, location, FormProblems(visit.words), visit, saved: saved), visit)
    }
    routes.post("/einstellungen/standorte/:id") { request, context in
        let sent = try await Submission(pages, request, context, settings: true)
        let location = try await sent.visit.storage.locations.find(context.id(), sent.visit.practiceID)
        let problems = try await problems(sent, location)
        if problems == nil { return SeeOther.response(path(location.id), to: request) }
        return try refused(sent, location, problems)
    }
    routes.post("/einstellungen/standorte/:id/loeschen") { request, context in
        let sent = try await Submission(pages, request, context, settings: true)
        let visit = sent.visit
        let location = try await visit.storage.locations.find(context.id(), visit.practiceID)
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.locations.delete(location.id, visit.practiceID, expecting: sent.form.version)
        }
        guard case .refused(let problems) = attempt else { return SeeOther.response("/einstellungen", to: request) }
        let model = LocationPage.view(LocationDraft(existing: location), location, problems, visit)
        return try locationPage(model, visit, .unprocessableContent)
    }
}

/// Saves; nil when that went well. A form that only asks for a preview has no problems and is not saved.
private func problems(_ sent: Submission, _ location: Location) async throws -> FormProblems? {
    let visit = sent.visit
    if sent.form.has("action") { return FormProblems(visit.words) }
    let attempt = try await Attempt.of(visit.words) {
        try await visit.storage.locations.change(
            location.id,
            visit.practiceID,
            expecting: sent.form.version,
            now: visit.now,
            edit: { $0 = sent.form.location($0) }
        )
    }
    guard case .refused(let problems) = attempt else { return nil }
    return problems
}

private func refused(_ sent: Submission, _ location: Location, _ problems: FormProblems?) throws -> Response {
    let draft = sent.form.location(LocationDraft(existing: location))
    let model = LocationPage.view(draft, location, problems ?? FormProblems(sent.visit.words), sent.visit)
    return try locationPage(model, sent.visit, sent.form.has("action") ? .ok : .unprocessableContent)
}

private func path(_ id: Location.ID) -> String { "/einstellungen/standorte/\(id)?gespeichert=1" }

private func locationPage(
    _ model: LocationPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    try visit.pages.page("location", model, Frame(visit, title: model.lead, current: .settings), status: status)
}

extension FormData {
    /// The form's inputs in place of the draft's; asked to, with the text in the spelling that was offered.
    fileprivate func location(_ draft: LocationDraft) -> LocationDraft {
        var draft = draft
        draft.name = self["name"]
        draft.address = self["address"]
        draft.timeZone = self["timeZone"]
        draft.senderID = self["senderId"]
        draft.senderRegistered = isOn("senderRegistered")
        let text = ClosingText.normalised(self["closingText"])
        draft.closingText = self["action"] == "spell" ? GSM0338.spelled(text) : text
        return draft
    }
}
