import Domain
import Hummingbird
import Storage

/// `/einstellungen/standorte` and what lies below it.
func addLocations(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/standorte", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let model = PlaceListPage.view(try await visit.storage.locations.all(visit.practiceID), visit)
        let frame = Frame(visit, title: visit.words("settings.locations"), current: .settings, place: .locations)
        return try pages.page("settings/list", model, frame)
    }
    routes.get("/einstellungen/standorte/neu", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        return try await locationPage(LocationDraft(), nil, FormProblems(visit.words), visit)
    }
    routes.post("/einstellungen/standorte/vorschau", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let phone = LocationPage.preview(sent.form["closingText"], sender: sent.form["senderId"], sent.visit)
        return try pages.fragment("settings/phone-check", phone, sent.visit)
    }
    routes.post("/einstellungen/standorte/neu/pruefen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await checked(sent, nil)
    }
    routes.post("/einstellungen/standorte/neu", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let draft = sent.form.location(LocationDraft(), visit)
        if sent.form.has("action") {
            return try await locationPage(draft, nil, FormProblems(visit.words), visit)
        }
        switch try await Attempt.of(
            visit.words,
            { try await visit.storage.locations.create(visit.practiceID, draft, now: visit.now) }
        )
        {
        case .done(let location):
            try await visit.note(.created, .location, location.id.rawValue)
            return SeeOther.response(path(location.id), to: request)
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
        if problems == nil {
            try await sent.visit.note(.changed, .location, location.id.rawValue)
            return SeeOther.response(path(location.id), to: request)
        }
        return try await refused(sent, location, problems)
    }
    routes.post("/einstellungen/standorte/:id/pruefen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await checked(
            sent,
            try await sent.visit.storage.locations.find(context.id(), sent.visit.practiceID)
        )
    }
    routes.post("/einstellungen/standorte/:id/loeschen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let location = try await visit.storage.locations.find(context.id(), visit.practiceID)
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.locations.delete(location.id, visit.practiceID, expecting: sent.form.version)
        }
        guard case .refused(let problems) = attempt else {
            try await visit.note(.deleted, .location, location.id.rawValue)
            return SeeOther.response(SettingsPlace.locations.path, to: request)
        }
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
            edit: { $0 = sent.form.location($0, visit) }
        )
    }
    guard case .refused(let problems) = attempt else { return nil }
    return problems
}

private func refused(_ sent: Submission, _ location: Location, _ problems: FormProblems?) async throws -> Response {
    let draft = sent.form.location(LocationDraft(existing: location), sent.visit)
    let status: HTTPResponse.Status = sent.form.has("action") ? .ok : .unprocessableContent
    return try await locationPage(draft, location, problems ?? FormProblems(sent.visit.words), sent.visit, status)
}

/// What is wrong with the sender that is being typed, and what else changes with it.
private func checked(_ sent: Submission, _ location: Location?) async throws -> Response {
    let visit = sent.visit
    let recipients = try await visit.storage.forecast.recipients(visit.practice)
    let draft = sent.form.location(location.map(LocationDraft.init(existing:)) ?? LocationDraft(), visit)
    return try visit.pages.fragment("settings/sender-check", SenderCheck(draft, location, recipients, visit), visit)
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
    let frame = Frame(visit, title: model.lead, current: .settings, place: .locations)
    return try visit.pages.page("settings/location", model, frame, status: status)
}

extension FormData {
    /// The form's inputs in place of the draft's; asked to, with the text in the spelling that was offered.
    fileprivate func location(_ draft: LocationDraft, _ visit: Visit) -> LocationDraft {
        var draft = draft
        draft.name = self["name"]
        draft.address = self["address"]
        draft.timeZone = self["timeZone"]
        draft.senderID = self["senderId"]
        // A box that is not ticked is not sent: the form says beside it that it had one.
        if ["registration", "senderRegistered", "senderRegisteredOn"].contains(where: has) {
            takeRegistration(into: &draft, visit)
        }
        if has("fallbackSenderId") { draft.fallbackSenderID = self["fallbackSenderId"] }
        let text = ClosingText.normalised(self["closingText"])
        draft.closingText = self["action"] == "spell" ? GSM0338.spelled(text) : text
        return draft
    }

    /// A tick that was there before says nothing about a new sender; a tick or a day that is new does, and so does a tick
    /// beside a question that already named the new one.
    private func takeRegistration(into draft: inout LocationDraft, _ visit: Visit) {
        let day = has("senderRegisteredOn") ? self["senderRegisteredOn"] : draft.senderRegisteredOn
        let namesDay = !day.isEmpty && day != draft.senderRegisteredOn
        let isRegistered = isOn("senderRegistered") || namesDay
        let isAboutNew = self["registration"] == SenderAdvice.sender(draft, visit.practice).sender?.value
        draft.saysRegistration = isRegistered != draft.senderRegistered || namesDay || isAboutNew
        draft.senderRegistered = isRegistered
        draft.senderRegisteredOn = day
    }
}
