import Domain
import Hummingbird
import Storage

/// Who signs in: everybody's own account, the people, and keys for programs.
func addAccounts(to routes: PageRoutes, _ pages: PageServices) {
    addOwnAccount(to: routes, pages)
    addUsers(to: routes, pages)
    addTokens(to: routes, pages)
}

/// `/einstellungen/konten`: who signs in.
private func addUsers(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/konten", for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let done = ["eingeladen", "angelegt", "entfernt"].first(where: query.has)
        let standings = try await visit.storage.users.list(visit.practiceID)
        let notice = done.map { visit.words("users.done." + $0) }
        let model = UserListPage.view(standings, notice: notice, visit)
        let frame = Frame(visit, title: visit.words("users.title"), current: .settings, place: .users)
        return try pages.page("accounts/users", model, frame)
    }
    routes.get("/einstellungen/konten/neu", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        let draft = UserDraft(email: "", role: "staff", language: visit.practice.language.rawValue)
        return try await newPage(draft, invites: true, FormProblems(visit.words), visit)
    }
    routes.post("/einstellungen/konten/neu", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let draft = sent.form.user(UserDraft(email: "", role: "", language: visit.practice.language.rawValue))
        let mayMail = try await pages.sendsLinks(for: visit.practiceID)
        let invites = mayMail && sent.form["way"] != "password"
        let attempt = try await Attempt.of(visit.words) {
            if draft.isGrave(from: nil) {
                try await PasswordCheck.demand(sent.form, field: UserPage.saving, visit, request, context)
            }
            try await created(draft, password: invites ? nil : sent.form["password"], visit)
        }
        guard case .refused(let problems) = attempt else {
            let done = invites ? "eingeladen" : "angelegt"
            return SeeOther.response("/einstellungen/konten?\(done)=1", to: request)
        }
        return try await newPage(draft, invites: invites, problems, visit)
    }
    addUserRecord(to: routes, pages)
    addUserDeeds(to: routes, pages)
}

private func created(_ draft: UserDraft, password: String?, _ visit: Visit) async throws {
    let user = try await visit.storage.users.create(visit.practiceID, draft, password: password, now: visit.now)
    try await visit.note(.created, .user, user.id.rawValue)
    if password == nil { _ = try await visit.storage.letters.askPasswordReset(user, now: visit.now) }
}

private func newPage(
    _ draft: UserDraft,
    invites: Bool,
    _ problems: FormProblems,
    _ visit: Visit
) async throws -> Response {
    let mayMail = try await visit.pages.sendsLinks(for: visit.practiceID)
    let model = UserNewPage.view(draft, mayMail: mayMail, invites: invites, problems)
    let frame = Frame(visit, title: model.lead, current: .settings, place: .users)
    let status: HTTPResponse.Status = problems.problems.isEmpty ? .ok : .unprocessableContent
    return try visit.pages.page("accounts/user-new", model, frame, status: status)
}

private func addUserRecord(to routes: PageRoutes, _ pages: PageServices) {
    let path = "/einstellungen/konten/:id"
    routes.get(path, for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        let query = FormData(query: request)
        let done = ["gespeichert", "passwort", "link", "faktor", "sitzungen"].first(where: query.has)
        let draft = UserDraft(existing: user)
        return try await userPage(user, draft, FormProblems(visit.words), visit, done: done)
    }
    routes.post(path, for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        let draft = sent.form.user(UserDraft(existing: user))
        return try await answered(sent, user, request, done: "gespeichert", draft: draft) {
            if draft.isGrave(from: user) {
                try await PasswordCheck.demand(sent.form, field: UserPage.saving, visit, request, context)
            }
            let changed = try await visit.storage.users.change(
                user.id,
                visit.practiceID,
                expecting: sent.form.version,
                keeping: pages.cookie.token(of: request),
                edit: { $0 = sent.form.user($0) }
            )
            return details(user, changed)
        }
    }
    addUserRemoval(to: routes, pages, path)
}

private func addUserRemoval(to routes: PageRoutes, _ pages: PageServices, _ path: String) {
    routes.post(path + "/loeschen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        let attempt = try await Attempt.of(visit.words) {
            try checkOther(user, visit)
            try await visit.storage.users.remove(user.id, visit.practiceID)
            try await visit.note(.deleted, .user, user.id.rawValue)
        }
        switch attempt {
        case .done: return SeeOther.response("/einstellungen/konten?entfernt=1", to: request)
        case .refused(let problems): return try await userPage(user, UserDraft(existing: user), problems, visit)
        }
    }
}

/// What is told apart in the record.
private func details(_ old: User, _ new: User) -> [AuditEntry.Detail?] {
    let all: [AuditEntry.Detail?] = [old.email != new.email ? .email : nil, old.role != new.role ? .role : nil]
    let some = all.filter { $0 != nil }
    return some.isEmpty ? [nil] : some
}

private func addUserDeeds(to routes: PageRoutes, _ pages: PageServices) {
    let path = "/einstellungen/konten/:id"
    routes.post(path + "/passwort", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        return try await answered(sent, user, request, done: "passwort") {
            try checkOther(user, visit)
            try await PasswordCheck.demand(sent.form, field: UserPage.setting, visit, request, context)
            try await visit.storage.users.setPassword(user.id, password: sent.form["password"])
            return [.password]
        }
    }
    routes.post(path + "/link", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        guard try await pages.sendsLinks(for: visit.practiceID) else { throw HTTPError(.notFound) }
        return try await answered(sent, user, request, done: "link") {
            try checkOther(user, visit)
            _ = try await visit.storage.letters.askPasswordReset(user, now: visit.now)
            return [.resetLink]
        }
    }
    addUserAccess(to: routes, pages, path)
}

/// What somebody comes in by who has a password.
private func addUserAccess(to routes: PageRoutes, _ pages: PageServices, _ path: String) {
    routes.post(path + "/zweiter-faktor", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        return try await answered(sent, user, request, done: "faktor") {
            try checkOther(user, visit)
            try await PasswordCheck.demand(sent.form, field: UserPage.switching, visit, request, context)
            try await visit.storage.secondFactor.turnOff(user.id, of: visit.practiceID)
            return [.secondFactorOff]
        }
    }
    routes.post(path + "/sitzungen", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let user = try await visit.storage.users.find(context.id(), visit.practiceID)
        return try await answered(sent, user, request, done: "sitzungen") {
            let own = visit.session.user.id == user.id ? pages.cookie.token(of: request) : nil
            try await visit.storage.sessions.endAll(of: user.id, visit.practiceID, keeping: own)
            return [.sessions]
        }
    }
}

/// Does the deed, puts it on record, and goes back to the person; or shows what is wrong.
private func answered(
    _ sent: Submission,
    _ user: User,
    _ request: Request,
    done: String,
    draft: UserDraft? = nil,
    deed: () async throws -> [AuditEntry.Detail?]
) async throws -> Response {
    let visit = sent.visit
    let attempt = try await Attempt.of(visit.words) {
        for detail in try await deed() {
            try await visit.note(detail == .resetLink ? .sent : .changed, .user, user.id.rawValue, detail)
        }
    }
    switch attempt {
    case .done: return SeeOther.response("/einstellungen/konten/\(user.id)?\(done)=1", to: request)
    case .refused(let problems):
        let version = draft == nil ? nil : sent.form.version
        return try await userPage(user, draft ?? UserDraft(existing: user), problems, visit, version: version)
    }
}

/// What one does to oneself has a page of its own, where the old password is asked for.
private func checkOther(_ user: User, _ visit: Visit) throws {
    guard user.id == visit.session.user.id else { return }
    throw ProblemList(FieldProblem("user", .fieldInvalid, ["reason": "own_account"]))
}

private func userPage(
    _ user: User,
    _ draft: UserDraft,
    _ problems: FormProblems,
    _ visit: Visit,
    done: String? = nil,
    version: Int64? = nil
) async throws -> Response {
    let standing = try await visit.storage.users.list(visit.practiceID).first { $0.user.id == user.id }
    guard let standing else { throw StorageError.notFound }
    let state = UserPage.State(
        standing: standing,
        sessions: try await visit.storage.sessions.all(of: user.id, now: visit.now).count,
        mayMail: try await visit.pages.sendsLinks(for: visit.practiceID),
        notice: done.map { visit.words("user.done." + $0) },
        version: version ?? standing.user.version
    )
    let model = UserPage.view(draft, state, problems, visit)
    let frame = Frame(visit, title: user.displayName, current: .settings, place: .users)
    let status: HTTPResponse.Status = problems.problems.isEmpty ? .ok : .unprocessableContent
    return try visit.pages.page("accounts/user", model, frame, status: status)
}
