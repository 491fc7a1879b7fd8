import Domain
import Hummingbird
import Storage

/// `/einstellungen/terminseite`
func addLinkSettings(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/terminseite", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let saved = FormData(query: request).has("gespeichert")
        return try await page(visit.practice.linksEnabled, FormProblems(visit.words), visit, saved: saved)
    }
    routes.post("/einstellungen/terminseite", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let isOn = sent.form.isOn("linksEnabled")
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.practices.change(
                visit.practiceID,
                expecting: sent.form.version,
                now: visit.now,
                edit: { $0.linksEnabled = isOn }
            )
        }
        guard case .refused(let problems) = attempt else {
            try await visit.note(.changed, .practice)
            return SeeOther.response("/einstellungen/terminseite?gespeichert=1", to: request)
        }
        return try await page(isOn, problems, visit, .unprocessableContent)
    }
}

private func page(
    _ isOn: Bool,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok,
    saved: Bool = false
) async throws -> Response {
    let locations = try await visit.storage.locations.all(visit.practiceID)
    let model = LinkSettingsPage.view(isOn, locations, problems, visit, saved: saved)
    let frame = Frame(visit, title: visit.words("links.title"), current: .settings, place: .patientPage)
    return try visit.pages.page("link/settings", model, frame, status: status)
}
