import Domain
import Hummingbird
import Storage

/// `/einstellungen` and what lies below it.
func addSettings(to routes: PageRoutes, _ pages: PageServices) {
    for place in [SettingsPlace.overview, .practice, .reminders, .sender] {
        routes.get(place.path, for: .reader) { request, context in
            let visit = try await Visit(pages, context)
            let saved = FormData(query: request).has("gespeichert")
            let draft = PracticeDraft(existing: visit.practice)
            return try await settingsPage(place, draft, FormProblems(visit.words), visit, saved: saved)
        }
        routes.post(place.path, for: .admin) { request, context in
            let sent = try await Submission(pages, request, context)
            guard let problems = try await savingSettings(sent) else {
                return SeeOther.response(place.path + "?gespeichert=1", to: request)
            }
            let draft = sent.form.practice(PracticeDraft(existing: sent.visit.practice))
            return try await settingsPage(place, draft, problems, sent.visit, .unprocessableContent)
        }
    }
    routes.post(SettingsPlace.sender.path + "/pruefen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let draft = sent.form.practice(PracticeDraft(existing: sent.visit.practice))
        return try pages.fragment("settings/sender-check", SenderCheck(draft, sent.visit), sent.visit)
    }
    routes.post("/einstellungen/pause", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        _ = try await visit.storage.practices.setPaused(visit.practiceID, sent.form.isOn("paused"), now: visit.now)
        try await visit.note(.changed, .practice, visit.practiceID.rawValue)
        return SeeOther.response("/einstellungen", to: request)
    }
    addLocations(to: routes, pages)
    addPractitioners(to: routes, pages)
    addClosingDays(to: routes, pages)
}

/// Changes what the form holds; nil when that went well.
func savingSettings(_ sent: Submission) async throws -> FormProblems? {
    let visit = sent.visit
    let attempt = try await Attempt.of(visit.words) {
        try await visit.storage.practices.change(
            visit.practiceID,
            expecting: sent.form.version,
            now: visit.now,
            edit: { $0 = sent.form.practice($0) }
        )
    }
    guard case .done(let practice) = attempt else {
        guard case .refused(let problems) = attempt else { return nil }
        return problems
    }
    if practice.version != visit.practice.version {
        try await visit.note(.changed, .practice, visit.practiceID.rawValue)
    }
    return nil
}

private func settingsPage(
    _ place: SettingsPlace,
    _ draft: PracticeDraft,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok,
    saved: Bool = false
) async throws -> Response {
    let house = SettingsPage.House(
        locations: try await visit.storage.locations.all(visit.practiceID),
        warnings: try await visit.storage.forecast.warnings(visit.practiceID, now: visit.now),
        recipients: try await visit.storage.forecast.recipients(visit.practice),
        setup: try await visit.storage.practices.setup(visit.practiceID)
    )
    let title = visit.words(place == .overview ? "settings.title" : "settings.place." + place.rawValue)
    let frame = Frame(visit, title: title, current: .settings, place: place)
    if place == .overview {
        let model = SettingsPage.view(draft, house, problems, visit, saved: saved)
        return try visit.pages.page("settings/overview", model, frame, status: status)
    }
    let form = SettingsForm(place, draft, problems, visit, usesFallback: house.usesFallback, saved: saved)
    if place == .sender {
        return try visit.pages.page("settings/sender", SenderPage.view(form, house, visit), frame, status: status)
    }
    return try visit.pages.page("settings/form", SettingsFormPage.view(place, form, visit), frame, status: status)
}
