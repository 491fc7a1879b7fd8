import Domain
import Hummingbird
import Storage

/// `/konto`: what everybody sets for themselves.
func addOwnAccount(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/konto", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let done = ["gespeichert", "passwort", "sitzungen", "faktor"].first(where: query.has)
        let draft = UserDraft(existing: visit.session.user)
        return try await ownPage(draft, FormProblems(visit.words), visit, request, done: done)
    }
    routes.post("/konto", for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = visit.session.user
        let edit: @Sendable (inout UserDraft) -> Void = {
            $0.name = sent.form["name"]
            $0.language = sent.form["language"]
        }
        let attempt = try await Attempt.of(visit.words) {
            _ = try await visit.storage.users.change(
                user.id,
                visit.practiceID,
                keeping: pages.cookie.token(of: request),
                edit: edit
            )
            try await visit.note(.changed, .user, user.id.rawValue)
        }
        guard case .refused(let problems) = attempt else {
            return SeeOther.response("/konto?gespeichert=1", to: request)
        }
        var draft = UserDraft(existing: user)
        edit(&draft)
        return try await ownPage(draft, problems, visit, request)
    }
    addOwnDeeds(to: routes, pages)
    addSecondFactor(to: routes, pages)
}

private func addOwnDeeds(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/konto/passwort", for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await changedPassword(sent, request, context)
    }
    routes.post("/konto/sitzungen", for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let token = pages.cookie.token(of: request)
        if sent.form.has("andere") {
            try await visit.storage.sessions.endAll(of: visit.session.user.id, visit.practiceID, keeping: token)
        } else {
            try await visit.storage.sessions.end(sent.form["sitzung"], of: visit.session.user.id)
        }
        try await visit.note(.deleted, .session)
        return SeeOther.response("/konto?sitzungen=1", to: request)
    }
}

/// The old password, then the new one; all sessions end, and this browser gets another.
private func changedPassword(
    _ sent: Submission,
    _ request: Request,
    _ context: WebContext
) async throws -> Response {
    let visit = sent.visit
    let user = visit.session.user
    let attempt = try await Attempt.of(visit.words) {
        let old = try await PasswordCheck.demand(sent.form, visit, request, context)
        let new = try await visit.storage.users.setPassword(user.id, password: sent.form["password"], replacing: old)
        try await visit.note(.changed, .user, user.id.rawValue, .password)
        return new
    }
    switch attempt {
    case .done(let match):
        guard let session = try await SignIn.session(visit.pages, match, request, context) else {
            return SeeOther.response("/anmelden", to: request)
        }
        var response = SeeOther.response("/konto?passwort=1", to: request)
        response.setCookie(visit.pages.cookie.opening(session.token))
        return response
    case .refused(let problems):
        return try await ownPage(UserDraft(existing: user), problems, visit, request)
    }
}

private func ownPage(
    _ draft: UserDraft,
    _ problems: FormProblems,
    _ visit: Visit,
    _ request: Request,
    done: String? = nil
) async throws -> Response {
    let user = visit.session.user
    let token = visit.pages.cookie.token(of: request) ?? ""
    let state = OwnAccountPage.State(
        sessions: try await visit.storage.sessions.all(of: user.id, asking: token, now: visit.now),
        codesLeft: try await visit.storage.secondFactor.recoveryCodesLeft(user.id),
        notice: done.map { visit.words("account.done." + $0) }
    )
    let model = OwnAccountPage.view(draft, state, problems, visit)
    let frame = Frame(visit, title: visit.words("account.title"), current: .none)
    let status: HTTPResponse.Status = problems.problems.isEmpty ? .ok : .unprocessableContent
    return try visit.pages.page("accounts/own", model, frame, status: status)
}
