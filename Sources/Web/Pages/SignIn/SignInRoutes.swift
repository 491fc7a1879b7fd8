import Domain
import Hummingbird
import Storage

/// `/anmelden` and `/abmelden`, and what lies below.
func addSignIn(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/anmelden", for: .everyone) { request, context in
        if context.session != nil { return SeeOther.response("/", to: request) }
        let words = pages.words(PreferredLanguage.of(request))
        let done = FormData(query: request).has("neu") ? words("signin.new_password") : nil
        return try signInPage(pages, request, done: done)
    }
    routes.post("/anmelden", for: .everyone) { request, context in
        try SignIn.refuseForeignForm(request, pages)
        let form = try await FormData(request)
        return try await signedIn(pages, request, context, form)
    }
    routes.post("/abmelden", for: .everyone) { request, context in
        guard let session = context.session else { return SeeOther.response("/anmelden", to: request) }
        let form = try await FormData(request)
        guard FormToken.matches(form[FormToken.field], session.csrf) else { throw HTTPError(.forbidden) }
        if let token = pages.cookie.token(of: request) { try await pages.storage.sessions.close(token) }
        try await SignIn.note(pages, session.user, .signedOut)
        var response = SeeOther.response("/anmelden", to: request)
        response.setCookie(pages.cookie.closing())
        return response
    }
    addCodes(to: routes, pages)
    addForgotten(to: routes, pages)
}

private func signedIn(
    _ pages: PageServices,
    _ request: Request,
    _ context: WebContext,
    _ form: FormData
) async throws -> Response {
    let email = form["email"].trimmingWhitespace().lowercased()
    let counts = SignIn.counts(email, request, context)
    let wait = await pages.brake.enter(counts, now: pages.now())
    if wait > 0 { return try signInPage(pages, request, email, .tooOften(seconds: wait)) }
    switch try await judged(pages, email, form["password"], request, context) {
    case .opened(let response):
        await pages.brake.succeeded(counts)
        return response
    case .wrong: return try signInPage(pages, request, email, .wrong)
    case .busy:
        await pages.brake.withdraw(counts)
        return try signInPage(pages, request, email, .busy)
    }
}

/// What became of a try.
private enum Judgement: Sendable {
    case opened(Response)
    case wrong, busy
}

/// What is wrong is put on record in the same time in which nothing would be.
private func judged(
    _ pages: PageServices,
    _ email: String,
    _ password: String,
    _ request: Request,
    _ context: WebContext
) async throws -> Judgement {
    try await pages.patiently(
        isRight: { if case .wrong = $0 { false } else { true } },
        {
            switch try await pages.storage.users.signIn(email: email, password: password) {
            case .matched(let match):
                let response = try await entered(pages, match, request, context)
                if let response { return .opened(response) }
                // Changed while it was looked at.
                try await SignIn.note(pages, match.user, .refused)
                return .wrong
            case .wrong(let user):
                if let user { try await SignIn.note(pages, user, .refused) }
                return .wrong
            case .busy: return .busy
            }
        }
    )
}

/// The password was right: the person is in, or a code is asked for on a page of its own.
private func entered(
    _ pages: PageServices,
    _ match: PasswordMatch,
    _ request: Request,
    _ context: WebContext
) async throws -> Response? {
    guard match.user.secondFactorSince != nil else { return try await SignIn.opened(pages, match, request, context) }
    guard let word = try await pages.storage.secondSteps.open(match, now: pages.now()) else { return nil }
    var response = SeeOther.response("/anmelden/code", to: request)
    response.setCookie(pages.cookie.awaiting(word))
    return response
}

private func signInPage(
    _ pages: PageServices,
    _ request: Request,
    _ email: String = "",
    _ failure: SignInFailure? = nil,
    done: String? = nil
) throws -> Response {
    let words = pages.words(PreferredLanguage.of(request))
    let model = SignInPage.view(words, email: email, failure: failure, done: done)
    return try SignIn.page("signin", model, pages, words, title: "signin.title", failure)
}

/// What the pages before the door have in common.
enum SignIn {
    /// What a try is counted for.
    static func counts(_ who: String, _ request: Request, _ context: WebContext) -> [SignInBrake.Count] {
        SignInBrake.Count.all(who, ClientAddress.of(request, context).map(ClientAddress.network))
    }

    /// Begins a session with a token of its own; the one that the browser had before is worth nothing any more. nil where
    /// the password was changed meanwhile.
    static func opened(
        _ pages: PageServices,
        _ match: PasswordMatch,
        _ request: Request,
        _ context: WebContext,
        to path: String = "/"
    ) async throws -> Response? {
        guard let session = try await session(pages, match, request, context) else { return nil }
        try await note(pages, match.user, .signedIn)
        var response = SeeOther.response(path, to: request)
        response.setCookie(pages.cookie.opening(session.token))
        return response
    }

    /// A new session in the place of the browser's old one; nil where the password was changed meanwhile.
    static func session(
        _ pages: PageServices,
        _ match: PasswordMatch,
        _ request: Request,
        _ context: WebContext
    ) async throws -> SessionOpened? {
        if let old = pages.cookie.token(of: request) { try await pages.storage.sessions.close(old) }
        return try await pages.storage.sessions.open(
            match,
            address: ClientAddress.of(request, context) ?? "",
            browser: BrowserName.of(request),
            now: pages.now()
        )
    }

    static func note(_ pages: PageServices, _ user: User, _ deed: AuditEntry.Deed) async throws {
        try await pages.storage.audit.note(user.practiceID, Actor(user), deed, .session, now: pages.now())
    }

    static func page(
        _ template: String,
        _ model: any Sendable,
        _ pages: PageServices,
        _ words: Words,
        title: String,
        _ failure: SignInFailure? = nil
    ) throws -> Response {
        let frame = Frame(pages, words, title: words(title))
        var response = try pages.page(template, model, frame, status: failure?.status ?? .ok)
        if case .tooOften(let seconds) = failure {
            response.headers[.retryAfter] = String(max(1, Int(seconds.rounded(.up))))
        }
        return response
    }

    /// Nobody is signed in yet, so no token can be asked for.
    static func refuseForeignForm(_ request: Request, _ pages: PageServices) throws {
        if FormOrigin.isForeign(request, publicURL: pages.publicURL) { throw HTTPError(.forbidden) }
    }
}
