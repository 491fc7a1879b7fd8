import Domain
import Hummingbird
import Storage

/// `/einstellungen/standorte` and what lies below it.
func addLocations(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/standorte/neu", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        return try await locationPage(LocationDraft(), nil, FormProblems(visit.words), visit)
    }
    routes.post("/einstellungen/standorte/vorschau", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let phone = LocationPage.preview(sent.form["closingText"], sender: sent.form["senderId"], sent.visit)
        return try pages.fragment("parts/phone", phone, sent.visit)
    }
    routes.post("/einstellungen/standorte/neu", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let draft = sent.form.location(LocationDraft())
        if sent.form.has("action") {
            return try await locationPage(draft, nil, FormProblems(visit.words), visit)
        }
        switch try await Attempt.of(
            visit.words,
            { try await visit.storage.locations.create(visit.practiceID, draft, now: visit.now) }
        )
        {
        case .done(let location): return SeeOther.response(path(location.id), to: request)
        case .refused(let problems):
            return try await locationPage(draft, nil, problems, visit, .unprocessableContent)
        }
    }
    addLocationRecord(to: routes, pages)
}

private func addLocationRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/standorte/:id", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let location = try await visit.storage.locations.find(context.id(), visit.practiceID)
        let saved = FormData(query: request).has("gespeichert")
        let draft = LocationDraft(existing: location)
        return try await locationPage(draft, location, FormProblems(visit.words), visit, saved: saved)
    }
    routes.post("/einstellungen/standorte/:id", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let location = try await sent.visit.storage.locations.find(context.id(), sent.visit.practiceID)
        let problems = try await problems(sent, location)
        if problems == nil { return SeeOther.response(path(location.id), to: request) }
        return try await refused(sent, location, problems)
    }
    routes.post("/einstellungen/standorte/:id/loeschen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let location = try await visit.storage.locations.find(context.id(), visit.practiceID)
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.locations.delete(location.id, visit.practiceID, expecting: sent.form.version)
        }
        guard case .refused(let problems) = attempt else { return SeeOther.response("/einstellungen", to: request) }
        let draft = LocationDraft(existing: location)
        return try await locationPage(draft, location, problems, visit, .unprocessableContent)
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

private func refused(_ sent: Submission, _ location: Location, _ problems: FormProblems?) async throws -> Response {
    let draft = sent.form.location(LocationDraft(existing: location))
    let status: HTTPResponse.Status = sent.form.has("action") ? .ok : .unprocessableContent
    return try await locationPage(draft, location, problems ?? FormProblems(sent.visit.words), sent.visit, status)
}

private func path(_ id: Location.ID) -> String { "/einstellungen/standorte/\(id)?gespeichert=1" }

private func locationPage(
    _ draft: LocationDraft,
    _ location: Location?,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok,
    saved: Bool = false
) async throws -> Response {
    let recipients = try await visit.storage.forecast.recipients(visit.practice)
    let model = LocationPage.view(draft, location, problems, recipients, visit, saved: saved)
    return try visit.pages.page("location", model, Frame(visit, title: model.lead, current: .settings), status: status)
}

extension FormData {
    /// The form's inputs in place of the draft's; asked to, with the text in the spelling that was offered.
    fileprivate func location(_ draft: LocationDraft) -> LocationDraft {
        var draft = draft
        draft.name = self["name"]
        draft.address = self["address"]
        draft.timeZone = self["timeZone"]
        draft.senderID = self["senderId"]
        // A box that is not ticked is not sent: the form says beside it that it had one.
        if ["registration", "senderRegistered", "senderRegisteredOn"].contains(where: has) {
            takeRegistration(into: &draft)
        }
        if has("fallbackSenderId") { draft.fallbackSenderID = self["fallbackSenderId"] }
        let text = ClosingText.normalised(self["closingText"])
        draft.closingText = self["action"] == "spell" ? GSM0338.spelled(text) : text
        return draft
    }

    /// A tick that was there before says nothing about a new sender; a tick or a day that is new does.
    private func takeRegistration(into draft: inout LocationDraft) {
        let day = has("senderRegisteredOn") ? self["senderRegisteredOn"] : draft.senderRegisteredOn
        let namesDay = !day.isEmpty && day != draft.senderRegisteredOn
        let isRegistered = isOn("senderRegistered") || namesDay
        draft.saysRegistration = isRegistered != draft.senderRegistered || namesDay
        draft.senderRegistered = isRegistered
        draft.senderRegisteredOn = day
    }
}
