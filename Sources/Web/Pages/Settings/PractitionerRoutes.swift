import Domain
import Hummingbird
import Storage

/// `/einstellungen/therapeuten` and what lies below it.
func addPractitioners(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/therapeuten", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let model = PlaceListPage.view(try await visit.storage.practitioners.all(visit.practiceID), visit)
        let frame = Frame(
            visit,
            title: visit.words("settings.practitioners"),
            current: .settings,
            place: .practitioners
        )
        return try pages.page("settings/list", model, frame)
    }
    routes.get("/einstellungen/therapeuten/neu", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        return try practitionerPage(.view(PractitionerDraft(), nil, FormProblems(visit.words), visit), visit)
    }
    routes.post("/einstellungen/therapeuten/neu", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let draft = sent.form.practitioner(PractitionerDraft())
        switch try await Attempt.of(
            visit.words,
            { try await visit.storage.practitioners.create(visit.practiceID, draft, now: visit.now) }
        )
        {
        case .done(let practitioner):
            try await visit.note(.created, .practitioner, practitioner.id.rawValue)
            return SeeOther.response(SettingsPlace.practitioners.path, to: request)
        case .refused(let problems):
            return try practitionerPage(.view(draft, nil, problems, visit), visit, .unprocessableContent)
        }
    }
    addPractitionerRecord(to: routes, pages)
}

private func addPractitionerRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/therapeuten/:id", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.practitioners.find(context.id(), visit.practiceID)
        let draft = PractitionerDraft(existing: existing)
        return try practitionerPage(.view(draft, existing, FormProblems(visit.words), visit), visit)
    }
    routes.post("/einstellungen/therapeuten/:id", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await answered(request, context, sent, .changed, draft: sent.form.practitioner) { existing, visit in
            _ = try await visit.storage.practitioners.change(
                existing.id,
                visit.practiceID,
                expecting: sent.form.version,
                now: visit.now,
                edit: { $0 = sent.form.practitioner($0) }
            )
        }
    }
    routes.post("/einstellungen/therapeuten/:id/loeschen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await answered(request, context, sent, .deleted, draft: { $0 }) { existing, visit in
            try await visit.storage.practitioners.delete(existing.id, visit.practiceID, expecting: sent.form.version)
        }
    }
}

/// Does the deed, and goes back to the list; or shows the form once more with what is wrong.
private func answered(
    _ request: Request,
    _ context: WebContext,
    _ sent: Submission,
    _ kind: AuditEntry.Deed,
    draft: (PractitionerDraft) -> PractitionerDraft,
    deed: (Practitioner, Visit) async throws -> Void
) async throws -> Response {
    let visit = sent.visit
    let existing = try await visit.storage.practitioners.find(context.id(), visit.practiceID)
    let attempt = try await Attempt.of(visit.words) { try await deed(existing, visit) }
    guard case .refused(let problems) = attempt else {
        try await visit.note(kind, .practitioner, existing.id.rawValue)
        return SeeOther.response(SettingsPlace.practitioners.path, to: request)
    }
    let model = PractitionerPage.view(draft(PractitionerDraft(existing: existing)), existing, problems, visit)
    return try practitionerPage(model, visit, .unprocessableContent)
}

private func practitionerPage(
    _ model: PractitionerPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let frame = Frame(visit, title: model.lead, current: .settings, place: .practitioners)
    return try visit.pages.page("settings/practitioner", model, frame, status: status)
}

extension FormData {
    fileprivate func practitioner(_ draft: PractitionerDraft) -> PractitionerDraft {
        var draft = draft
        draft.name = self["name"]
        draft.email = self["email"]
        return draft
    }
}
