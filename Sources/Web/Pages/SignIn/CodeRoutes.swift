import Domain
import Hummingbird
import Storage

/// `/anmelden/code`: the second step, for those who asked for one.
func addCodes(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/anmelden/code", for: .everyone) { request, _ in
        guard let word = pages.cookie.step(of: request),
            let user = try await pages.storage.secondSteps.find(word, now: pages.now())
        else { return SeeOther.response("/anmelden", to: request) }
        return try codePage(pages, request, pages.words(user.language))
    }
    routes.post("/anmelden/code", for: .everyone) { request, context in
        try SignIn.refuseForeignForm(request, pages)
        let form = try await FormData(request)
        guard let word = pages.cookie.step(of: request),
            let user = try await pages.storage.secondSteps.find(word, now: pages.now())
        else { return try over(pages, request) }
        let counts = SignIn.counts("code \(user.id)", request, context)
        let wait = await pages.brake.enter(counts, now: pages.now())
        let words = pages.words(user.language)
        if wait > 0 { return try codePage(pages, request, words, .tooOften(seconds: wait)) }
        switch try await judged(pages, word, form["code"]) {
        case .passed(let match, let codesLeft):
            await pages.brake.succeeded(counts)
            // Who is at the last of these should hear of it before they are gone.
            let path = codesLeft.map { $0 <= 3 ? "/konto/zweiter-faktor" : "/" } ?? "/"
            guard var response = try await SignIn.opened(pages, match, request, context, to: path) else {
                return try over(pages, request)
            }
            response.setCookie(pages.cookie.awaitingNoMore())
            return response
        case .wrong(_, let left): return try codePage(pages, request, words, .wrongCode(triesLeft: left))
        case .over: return try over(pages, request)
        }
    }
}

private func judged(_ pages: PageServices, _ word: String, _ code: String) async throws -> SecondStepOutcome {
    try await pages.patiently(
        isRight: { if case .passed = $0 { true } else { false } },
        {
            let outcome = try await pages.storage.secondSteps.judge(word, code: code, now: pages.now())
            switch outcome {
            case .passed, .over(nil): break
            case .wrong(let user, _), .over(let user?): try await SignIn.note(pages, user, .refused)
            }
            return outcome
        }
    )
}

private func codePage(
    _ pages: PageServices,
    _ request: Request,
    _ words: Words,
    _ failure: SignInFailure? = nil
) throws -> Response {
    let isRecovery = FormData(query: request).has("ersatz")
    let model = CodePage(
        problem: failure.map { $0.sentence(words) },
        isRecovery: isRecovery,
        action: isRecovery ? "/anmelden/code?ersatz=1" : "/anmelden/code"
    )
    return try SignIn.page("accounts/code", model, pages, words, title: "signin.title", failure)
}

/// Back to the password.
private func over(_ pages: PageServices, _ request: Request) throws -> Response {
    let words = pages.words(PreferredLanguage.of(request))
    let model = SignInPage.view(words, failure: .codeOver)
    var response = try SignIn.page("signin", model, pages, words, title: "signin.title", .codeOver)
    response.setCookie(pages.cookie.awaitingNoMore())
    return response
}
