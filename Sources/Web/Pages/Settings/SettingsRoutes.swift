import Domain
import Hummingbird
import Storage

/// `/einstellungen` and what lies below it.
func addSettings(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let saved = FormData(query: request).has("gespeichert")
        let house = try await house(visit)
        let draft = PracticeDraft(existing: visit.practice)
        return try settingsPage(.view(draft, house, FormProblems(visit.words), visit, saved: saved), visit)
    }
    routes.post("/einstellungen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.practices.change(
                visit.practiceID,
                expecting: sent.form.version,
                now: visit.now,
                edit: { $0 = sent.form.practice($0) }
            )
        }
        guard case .refused(let problems) = attempt else {
            return SeeOther.response("/einstellungen?gespeichert=1", to: request)
        }
        let house = try await house(visit)
        let draft = sent.form.practice(PracticeDraft(existing: visit.practice))
        return try settingsPage(.view(draft, house, problems, visit), visit, .unprocessableContent)
    }
    routes.post("/einstellungen/pause", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        _ = try await visit.storage.practices.setPaused(visit.practiceID, sent.form.isOn("paused"), now: visit.now)
        return SeeOther.response("/einstellungen", to: request)
    }
    addLocations(to: routes, pages)
    addPractitioners(to: routes, pages)
}

private func house(_ visit: Visit) async throws -> SettingsPage.House {
    SettingsPage.House(
        locations: try await visit.storage.locations.all(visit.practiceID),
        practitioners: try await visit.storage.practitioners.all(visit.practiceID),
        warnings: try await visit.storage.forecast.warnings(visit.practiceID, now: visit.now),
        recipients: try await visit.storage.forecast.recipients(visit.practice)
    )
}

private func settingsPage(
    _ model: SettingsPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let frame = Frame(visit, title: visit.words("settings.title"), current: .settings)
    return try visit.pages.page("settings", model, frame, status: status)
}

extension FormData {
    /// The form's inputs in place of the draft's; what the form does not hold stays.
    fileprivate func practice(_ draft: PracticeDraft) -> PracticeDraft {
        var draft = draft
        draft.name = self["name"]
        draft.timeZone = self["timeZone"]
        draft.senderID = self["senderId"]
        // Who has no use for them is not shown them.
        if has("fallbackSenderId") { draft.fallbackSenderID = self["fallbackSenderId"] }
        if has("smsMonthlyLimit") { draft.smsMonthlyLimit = self["smsMonthlyLimit"] }
        draft.smsEnabled = isOn("smsEnabled")
        draft.emailEnabled = isOn("emailEnabled")
        draft.resendsUnknown = isOn("resendUnknown")
        draft.fallsBack = isOn("fallsBack")
        draft.keepsBirthDates = isOn("keepsBirthDates")
        draft.smsSendTime = self["smsSendTime"]
        draft.emailSendTime = self["emailSendTime"]
        draft.latestSendTime = self["latestSendTime"]
        return draft
    }
}
