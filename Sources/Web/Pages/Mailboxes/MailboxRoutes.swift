import Domain
import Hummingbird
import Storage

/// `/einstellungen/postfach` and what lies below it. Everyone sees the list; accounts are for those who configure.
func addMailboxes(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/postfach", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let model = MailboxListPage.view(try await .init(visit), visit)
        return try pages.page(
            "mailboxes",
            model,
            Frame(visit, title: visit.words("mailbox.title"), current: .settings, place: .mailboxes)
        )
    }
    addNewMailbox(to: routes, pages)
    addMailboxRecord(to: routes, pages)
    addMailTrials(to: routes, pages)
}

private func addNewMailbox(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/postfach/neu", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        return try newMailboxPage(.view("", FormProblems(visit.words)), visit)
    }
    // The address does not go into the address of a page, where logs would keep it.
    routes.post("/einstellungen/postfach/neu", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let written = sent.form["address"]
        switch EmailAddress.parse(written, field: "address") {
        case .failure(let problem):
            let problems = FormProblems(visit.words, [problem])
            return try newMailboxPage(.view(written, problems), visit, .unprocessableContent)
        case .success(let address):
            let offer = await pages.mailboxes.find(address).first
            let entry = MailboxEntry(address: address.value, offer, displayName: visit.practice.name)
            return try await accountPage(entry, offer, isFirst: true, FormProblems(visit.words), visit)
        }
    }
    routes.post("/einstellungen/postfach/neu/konto", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let entry = MailboxEntry(address: "").with(sent.form)
        switch try await Attempt.ofMailbox(visit.words, { try await add(entry, visit) }) {
        case .done(let mailbox):
            try await visit.note(.created, .mailbox, mailbox.id.rawValue)
            return SeeOther.response(MailboxPath.of(mailbox.id) + "?neu=1", to: request)
        case .refused(let problems):
            return try await accountPage(entry, nil, isFirst: false, problems, visit, .unprocessableContent)
        }
    }
}

private func add(_ entry: MailboxEntry, _ visit: Visit) async throws -> Mailbox {
    try await visit.storage.mailboxes.add(
        try entry.finished(),
        practice: visit.practiceID,
        now: visit.now,
        check: visit.pages.mailboxes.check
    )
}

private func newMailboxPage(
    _ model: NewMailboxPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let frame = Frame(visit, title: model.lead, current: .settings, place: .mailboxes)
    return try visit.pages.page("mailbox-new", model, frame, status: status)
}

private func accountPage(
    _ entry: MailboxEntry,
    _ offer: MailServerCandidate?,
    isFirst: Bool,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) async throws -> Response {
    let model = MailboxAccountPage.view(
        entry,
        offer,
        isFirst: isFirst,
        practitioners: try await visit.storage.practitioners.all(visit.practiceID),
        problems
    )
    let frame = Frame(visit, title: model.lead, current: .settings, place: .mailboxes)
    return try visit.pages.page("mailbox-account", model, frame, status: status)
}

extension Attempt {
    /// As `of`, with problems under the names that the fields have on the page; without a key on the server no secret
    /// can be kept, and the form says so.
    static func ofMailbox(_ words: Words, _ work: () async throws -> Value) async throws -> Attempt {
        try await of(words) {
            do {
                return try await work()
            } catch let list as ProblemList {
                throw list.ofMailboxForm
            } catch StorageError.wrongKey {
                throw ProblemList(FieldProblem("secret", .providerUnusable, ["reason": "no_key"]))
            }
        }
    }
}
