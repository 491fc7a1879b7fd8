import Domain
import Foundation
import Hummingbird
import Storage

/// `/anmelden/vergessen` and `/anmelden/neu/{word}`.
func addForgotten(to routes: PageRoutes, _ pages: PageServices) {
    // Its own: who asks for links must not make the brake at the door forget.
    let brake = SignInBrake()
    routes.get("/anmelden/vergessen", for: .everyone) { request, _ in
        let isPossible = try await pages.sendsLinks()
        return try forgottenPage(isPossible ? .asking : .impossible, pages, request)
    }
    routes.post("/anmelden/vergessen", for: .everyone) { request, context in
        try SignIn.refuseForeignForm(request, pages)
        let email = try await FormData(request)["email"].trimmingWhitespace().lowercased()
        guard try await pages.sendsLinks() else { return try forgottenPage(.impossible, pages, request) }
        let wait = await brake.enter(SignIn.counts(email, request, context), now: pages.now())
        if wait > 0 { return try forgottenPage(.asking, pages, request, email, .tooOften(seconds: wait)) }
        // Whether there is such a person, and whether anything leaves, is told by neither the answer nor its time.
        try await pages.patiently(isRight: { false }) {
            guard let user = try await pages.user(email) else { return }
            _ = try await pages.storage.letters.askPasswordReset(user, now: pages.now())
            try await note(pages, user, .sent, .resetLink)
        }
        return try forgottenPage(.sent, pages, request)
    }
    addNewPassword(to: routes, pages)
}

/// The link of a letter: looking shows a form, and only sending it does anything, since what scans mails follows links.
private func addNewPassword(to routes: PageRoutes, _ pages: PageServices) {
    let brake = WordBrake()
    routes.get("/anmelden/neu/:word", for: .everyone) { request, context in
        let user = try await holder(pages, request, context, brake)
        return try newPasswordPage(pages, request, context, user)
    }
    routes.post("/anmelden/neu/:word", for: .everyone) { request, context in
        try SignIn.refuseForeignForm(request, pages)
        let form = try await FormData(request)
        guard let user = try await holder(pages, request, context, brake) else {
            return try newPasswordPage(pages, request, context, nil)
        }
        let words = pages.words(user.language)
        let attempt = try await Attempt.of(words) {
            try await pages.storage.resets.use(
                context.parameters.get("word") ?? "",
                password: form["password"],
                now: pages.now()
            )
        }
        switch attempt {
        case .refused(let problems): return try newPasswordPage(pages, request, context, user, problems)
        case .done(nil): return try newPasswordPage(pages, request, context, nil)
        case .done(let user?):
            try await note(pages, user, .changed, .password)
            var response = SeeOther.response("/anmelden?neu=1", to: request)
            response.setCookie(pages.cookie.closing())
            return response
        }
    }
}

private func note(
    _ pages: PageServices,
    _ user: User,
    _ deed: AuditEntry.Deed,
    _ detail: AuditEntry.Detail
) async throws {
    let audit = pages.storage.audit
    try await audit.note(user.practiceID, Actor(user), deed, .user, user.id.rawValue, detail, now: pages.now())
}

/// Whose link it is. Who tries words that name nothing is held off; a right one opens whoever else shares the address.
private func holder(
    _ pages: PageServices,
    _ request: Request,
    _ context: WebContext,
    _ brake: WordBrake
) async throws -> User? {
    let word = context.parameters.get("word") ?? ""
    if let user = try await pages.storage.resets.find(word, now: pages.now()) { return user }
    guard let address = ClientAddress.of(request, context).map(ClientAddress.network) else { return nil }
    if await brake.isHeld(address, now: pages.now()) {
        throw HTTPError(.tooManyRequests, headers: [.retryAfter: String(Int(brake.seconds))])
    }
    await brake.missed(address, now: pages.now())
    return nil
}

private func newPasswordPage(
    _ pages: PageServices,
    _ request: Request,
    _ context: WebContext,
    _ user: User?,
    _ problems: FormProblems? = nil
) throws -> Response {
    let words = pages.words(user?.language ?? PreferredLanguage.of(request))
    let model = NewPasswordPage(
        email: user?.email.value,
        forWhom: words("newpassword.for", ["email": user?.email.value ?? ""]),
        action: "/anmelden/neu/" + (context.parameters.get("word") ?? ""),
        field: user.map { _ in .newPassword(problems ?? FormProblems(words)) }
    )
    let status: HTTPResponse.Status = user == nil ? .notFound : problems == nil ? .ok : .unprocessableContent
    let frame = Frame(pages, words, title: words("newpassword.title"))
    return try pages.page("accounts/new-password", model, frame, status: status)
}

private func forgottenPage(
    _ stage: ForgottenPage.Stage,
    _ pages: PageServices,
    _ request: Request,
    _ email: String = "",
    _ failure: SignInFailure? = nil
) throws -> Response {
    let words = pages.words(PreferredLanguage.of(request))
    let model = ForgottenPage.view(stage, words, email: email, failure: failure)
    return try SignIn.page("accounts/forgotten", model, pages, words, title: "forgotten.title", failure)
}

extension PageServices {
    /// Whether a link can be mailed: it needs an address of this server, and a mailbox.
    func sendsLinks(for practice: Practice.ID? = nil) async throws -> Bool {
        guard publicURL != nil else { return false }
        return try await storage.resets.isPossible(for: practice)
    }

    fileprivate func user(_ email: String) async throws -> User? {
        do { return try await storage.users.find(email: email) } catch StorageError.notFound { return nil }
    }
}

extension FieldView {
    /// A password to be chosen.
    static func newPassword(_ problems: FormProblems) -> FieldView {
        var field = FieldView.make("password", "", problems, type: "password", autocomplete: "new-password")
        field.label = problems.words("field.newPassword")
        field.hint = problems.words("hint.newPassword")
        return field
    }

    /// The password that holds now.
    static func currentPassword(_ problems: FormProblems) -> FieldView {
        .make("currentPassword", "", problems, type: "password", autocomplete: "current-password")
    }

    /// One's own password, before something that whoever finds an open page must not do.
    ///
    /// - Parameter name: where several forms of a page ask for it, one of each.
    static func ownPassword(_ name: String, _ problems: FormProblems, hint: String? = nil) -> FieldView {
        var field = FieldView.make(name, "", problems, type: "password", autocomplete: "current-password")
        field.label = problems.words("field.ownPassword")
        field.hint = hint.map { problems.words($0) }
        return field
    }
}
