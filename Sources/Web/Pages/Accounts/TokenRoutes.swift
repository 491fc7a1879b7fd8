import Domain
import Hummingbird
import Storage

/// `/einstellungen/schluessel`: keys for the JSON interface.
func addTokens(to routes: PageRoutes, _ pages: PageServices) {
    let path = "/einstellungen/schluessel"
    routes.get(path, for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let standings = try await visit.storage.tokens.list(visit.practiceID)
        let notice = FormData(query: request).has("beendet") ? visit.words("tokens.revoked") : nil
        return try tokensPage(.view(standings, notice: notice, FormProblems(visit.words), visit), visit)
    }
    // The answer shows the key, since nothing keeps it: there is no page to be led to.
    routes.post(path, for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let secret = pages.random(32)
        let attempt = try await Attempt.of(visit.words) {
            try await PasswordCheck.demand(sent.form, field: UserPage.saving, visit, request, context)
            return try await visit.storage.tokens.create(
                visit.practiceID,
                name: sent.form["name"],
                scope: sent.form["scope"],
                secret: secret,
                now: visit.now
            )
        }
        switch attempt {
        case .done(let token):
            try await visit.note(.created, .token, token.id.rawValue)
            let made = TokensPage.Made(label: token.name, secret: secret.map(hexadecimal).joined())
            let standings = try await visit.storage.tokens.list(visit.practiceID)
            return try tokensPage(.view(standings, made: made, FormProblems(visit.words), visit), visit)
        case .refused(let problems):
            let standings = try await visit.storage.tokens.list(visit.practiceID)
            let name = sent.form["name"]
            let model = TokensPage.view(standings, name: name, scope: sent.form["scope"], problems, visit)
            return try tokensPage(model, visit, .unprocessableContent)
        }
    }
    addRevoking(to: routes, pages, path)
}

private func addRevoking(to routes: PageRoutes, _ pages: PageServices, _ path: String) {
    routes.post(path + "/:id/beenden", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let id: AccessToken.ID = try context.id()
        try await sent.visit.storage.tokens.revoke(id, sent.visit.practiceID, now: sent.visit.now)
        try await sent.visit.note(.deleted, .token, id.rawValue)
        return SeeOther.response(path + "?beendet=1", to: request)
    }
}

private func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

private func tokensPage(
    _ model: TokensPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let frame = Frame(visit, title: visit.words("tokens.title"), current: .settings, place: .tokens)
    return try visit.pages.page("accounts/tokens", model, frame, status: status)
}
