import Domain
import Hummingbird
import Storage

/// `/anmelden` and `/abmelden`.
func addSignIn(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/anmelden", for: .everyone) { request, context in
        if context.session != nil { return SeeOther.response("/", to: request) }
        return try signInPage(pages, request)
    }
    routes.post("/anmelden", for: .everyone) { request, context in
        try refuseForeignForm(request)
        let form = try await FormData(request)
        let email = form["email"].trimmingWhitespace().lowercased()
        let key = email.prefix(254) + " " + (context.remoteAddress ?? "")
        let wait = await pages.brake.wait(key, now: pages.now())
        if wait > 0 { return try signInPage(pages, request, email, .tooOften(seconds: wait)) }
        guard let user = try await pages.storage.users.signIn(email: email, password: form["password"]) else {
            await pages.brake.failed(key, now: pages.now())
            return try signInPage(pages, request, email, .wrong)
        }
        await pages.brake.succeeded(key)
        return try await opened(pages, user, request)
    }
    routes.post("/abmelden", for: .everyone) { request, context in
        guard let session = context.session else { return SeeOther.response("/anmelden", to: request) }
        let form = try await FormData(request)
        guard FormToken.matches(form[FormToken.field], session.csrf) else { throw HTTPError(.forbidden) }
        if let token = pages.cookie.token(of: request) { try await pages.storage.sessions.close(token) }
        var response = SeeOther.response("/anmelden", to: request)
        response.setCookie(pages.cookie.closing())
        return response
    }
}

/// A token of its own for each sign-in; the one that the browser had before is worth nothing any more.
private func opened(_ pages: PageServices, _ user: User, _ request: Request) async throws -> Response {
    if let old = pages.cookie.token(of: request) { try await pages.storage.sessions.close(old) }
    let session = try await pages.storage.sessions.open(user, now: pages.now())
    var response = SeeOther.response("/", to: request)
    response.setCookie(pages.cookie.opening(session.token))
    return response
}

private func signInPage(
    _ pages: PageServices,
    _ request: Request,
    _ email: String = "",
    _ failure: SignInPage.Failure? = nil
) throws -> Response {
    let words = pages.words(AskedLanguage.of(request))
    let model = SignInPage.view(words, email: email, failure: failure)
    let status: HTTPResponse.Status =
        switch failure {
        case nil: .ok
        case .wrong: .unprocessableContent
        case .tooOften: .tooManyRequests
        }
    return try pages.page("signin", model, Frame(pages, words, title: words("signin.title")), status: status)
}

/// Nobody is signed in yet, so no token can be asked for; browsers tell where a form comes from (Fetch Metadata §2.2).
private func refuseForeignForm(_ request: Request) throws {
    guard let site = HeaderName("Sec-Fetch-Site"), request.headers[site] == "cross-site" else { return }
    throw HTTPError(.forbidden)
}

/// The language before anybody is signed in.
enum AskedLanguage {
    /// English where the browser asks for it before German; German for all others (RFC 9110 §12.5.4).
    static func of(_ request: Request) -> Language {
        let asked = (request.headers[.acceptLanguage] ?? "").lowercased()
        let first = asked.split(separator: ",").lazy
            .compactMap { part in Language.allCases.first { part.drop { $0 == " " }.hasPrefix($0.rawValue) } }.first
        return first ?? .german
    }
}
