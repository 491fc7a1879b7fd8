import Domain
import Hummingbird
import Storage

/// `/einstellungen/schliesstage`
func addClosingDays(to routes: PageRoutes, _ pages: PageServices) {
    let path = SettingsPlace.closingDays.path
    routes.get(path, for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let year = Int(query["jahr"]).flatMap { (1990...9000).contains($0) ? $0 : nil }
        return try await closingDaysPage(
            ClosingDayDraft(),
            FormProblems(visit.words),
            visit,
            year: year,
            saved: query.has("gespeichert")
        )
    }
    routes.post(path, for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let draft = ClosingDayDraft(
            name: sent.form["name"],
            firstDay: sent.form["firstDay"],
            lastDay: sent.form["lastDay"],
            locationID: sent.form["locationId"]
        )
        switch try await Attempt.of(visit.words, { try await visit.storage.closingDays.add(visit.practiceID, draft) }) {
        case .done(let closing):
            try await visit.note(.created, .closingDay, closing.id.rawValue)
            return SeeOther.response(path + "?gespeichert=1", to: request)
        case .refused(let problems):
            return try await closingDaysPage(draft, problems, visit, .unprocessableContent)
        }
    }
    addClosingDayChanges(to: routes, pages, path)
}

/// The choice of the region, and what takes a closing day away.
private func addClosingDayChanges(to routes: PageRoutes, _ pages: PageServices, _ path: String) {
    routes.post(path + "/land", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        guard let problems = try await savingSettings(sent) else {
            return SeeOther.response(path + "?gespeichert=1#feiertage", to: request)
        }
        return try await closingDaysPage(ClosingDayDraft(), problems, sent.visit, .unprocessableContent)
    }
    routes.post(path + "/:id/loeschen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let id: ClosingDay.ID = try context.id()
        try await sent.visit.storage.closingDays.remove(id, sent.visit.practiceID)
        try await sent.visit.note(.deleted, .closingDay, id.rawValue)
        return SeeOther.response(path, to: request)
    }
}

private func closingDaysPage(
    _ draft: ClosingDayDraft,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok,
    year: Int? = nil,
    saved: Bool = false
) async throws -> Response {
    let house = ClosingDaysPage.House(
        upcoming: try await visit.storage.closingDays.upcoming(visit.practiceID, on: visit.today),
        past: try await visit.storage.closingDays.past(visit.practiceID, on: visit.today),
        locations: try await visit.storage.locations.all(visit.practiceID)
    )
    let model = ClosingDaysPage.view(draft, house, year: year ?? visit.today.year, problems, visit, saved: saved)
    let title = visit.words("settings.place.closing_days")
    let frame = Frame(visit, title: title, current: .settings, place: .closingDays)
    return try visit.pages.page("settings/closing-days", model, frame, status: status)
}
