import Domain
import Hummingbird
import Storage

/// `/konto/zweiter-faktor`: a code beside the password, for those who want one.
func addSecondFactor(to routes: PageRoutes, _ pages: PageServices) {
    let path = "/konto/zweiter-faktor"
    routes.get(path, for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        return try await factorPage(FormProblems(visit.words), visit, request)
    }
    routes.post(path, for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await owned(sent, request, context) { visit in
            let token = pages.cookie.token(of: request) ?? ""
            try await visit.storage.secondFactor.begin(visit.session.user.id, in: token, now: visit.now)
            return SeeOther.response(path, to: request)
        }
    }
    routes.post(path + "/aus", for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await owned(sent, request, context) { visit in
            try await visit.storage.secondFactor.turnOff(visit.session.user.id, of: visit.practiceID)
            try await visit.note(.changed, .user, visit.session.user.id.rawValue, .secondFactorOff)
            return SeeOther.response("/konto?faktor=1", to: request)
        }
    }
    routes.post(path + "/codes", for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await owned(sent, request, context) { visit in
            let codes = try await visit.storage.secondFactor.renewRecoveryCodes(visit.session.user.id)
            try await visit.note(.changed, .user, visit.session.user.id.rawValue, .recoveryCodes)
            return try codesPage(codes, visit)
        }
    }
    routes.post(path + "/bestaetigen", for: .reader) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await confirmed(sent, request, context)
    }
}

/// Does what only the owner of the password may.
private func owned(
    _ sent: Submission,
    _ request: Request,
    _ context: WebContext,
    _ deed: (Visit) async throws -> Response
) async throws -> Response {
    let visit = sent.visit
    let attempt = try await Attempt.of(visit.words) {
        guard visit.storage.secondFactor.isPossible || visit.session.user.secondFactorSince != nil else {
            throw ProblemList(FieldProblem("currentPassword", .providerUnusable, ["reason": "no_key"]))
        }
        try await PasswordCheck.demand(sent.form, visit, request, context)
        return try await deed(visit)
    }
    switch attempt {
    case .done(let response): return response
    case .refused(let problems): return try await factorPage(problems, visit, request)
    }
}

/// The first code of the app: from now on one is asked for at each sign-in. This browser gets a token of its own, and all
/// others have to show a code.
private func confirmed(
    _ sent: Submission,
    _ request: Request,
    _ context: WebContext
) async throws -> Response {
    let visit = sent.visit
    let user = visit.session.user
    let attempt = try await Attempt.of(visit.words) {
        let token = visit.pages.cookie.token(of: request) ?? ""
        let code = sent.form["code"]
        let on: SecondFactorOn?
        do {
            on = try await visit.storage.secondFactor.confirm(user.id, in: token, code: code, now: visit.now)
        } catch StorageError.stale {
            throw ProblemList(FieldProblem("currentPassword", .fieldInvalid, ["reason": "enrolment_over"]))
        }
        guard let on else { throw ProblemList(FieldProblem("code", .fieldInvalid, ["reason": "code_wrong"])) }
        return on
    }
    switch attempt {
    case .done(let on):
        try await visit.note(.changed, .user, user.id.rawValue, .secondFactorOn)
        guard let session = try await SignIn.session(visit.pages, on.match, request, context) else {
            return SeeOther.response("/anmelden", to: request)
        }
        var response = try codesPage(on.recoveryCodes, visit, csrf: session.csrf)
        response.setCookie(visit.pages.cookie.opening(session.token))
        return response
    case .refused(let problems): return try await factorPage(problems, visit, request)
    }
}

private func factorPage(_ problems: FormProblems, _ visit: Visit, _ request: Request) async throws -> Response {
    let user = visit.session.user
    let token = visit.pages.cookie.token(of: request) ?? ""
    let model = SecondFactorPage.view(
        try await visit.storage.secondFactor.waiting(user, in: token, now: visit.now),
        codesLeft: try await visit.storage.secondFactor.recoveryCodesLeft(user.id),
        problems,
        visit
    )
    let frame = Frame(visit, title: visit.words("factor.title"), current: .none)
    let isFine = problems.problems.isEmpty && !problems.isStale
    return try visit.pages.page(
        "accounts/second-factor",
        model,
        frame,
        status: isFine ? .ok : .unprocessableContent
    )
}

/// - Parameter csrf: of the session that this answer begins; nil where none does.
private func codesPage(_ codes: [String], _ visit: Visit, csrf: String? = nil) throws -> Response {
    let words = visit.words
    let model = RecoveryCodesPage(
        lead: words(csrf == nil ? "factor.codes.renewed" : "factor.codes.lead"),
        about: words("factor.codes.about"),
        codes: codes
    )
    var frame = Frame(visit, title: words("factor.title"), current: .none)
    if let csrf { frame.csrf = csrf }
    return try visit.pages.page("accounts/recovery-codes", model, frame)
}
