import Domain
import Hummingbird
import Storage

/// `/einstellungen/postfach/:id`: account and switch.
func addMailboxRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/postfach/:id", for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let record = try await MailboxPage.Record(context, visit)
        let sent = MailboxPage.Sent(isSaved: FormData(query: request).has("gespeichert"))
        return try mailboxPage(record, sent, FormProblems(visit.words), visit)
    }
    routes.post("/einstellungen/postfach/:id", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let record = try await MailboxPage.Record(context, sent.visit)
        let entry = MailboxEntry(existing: record.mailbox).with(sent.form)
        let attempt = try await change(record, sent, check: pages.mailboxes.check) { draft in
            let isEnabled = draft.isEnabled
            draft = try entry.finished()
            draft.isEnabled = isEnabled
        }
        return try await answered(attempt, record, MailboxPage.Sent(entry: entry), sent, request, "?gespeichert=1")
    }
    routes.post("/einstellungen/postfach/:id/schalter", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let record = try await MailboxPage.Record(context, sent.visit)
        let isEnabled = sent.form.isOn("enabled")
        // One whose settings make no sense any more can still be switched off.
        let check = isEnabled ? pages.mailboxes.check : MailboxStore.unchecked
        let attempt = try await change(record, sent, check: check) { $0.isEnabled = isEnabled }
        return try await answered(attempt, record, MailboxPage.Sent(), sent, request, "")
    }
}

private func change(
    _ record: MailboxPage.Record,
    _ sent: Submission,
    check: @escaping MailboxStore.Check,
    _ edit: @escaping @Sendable (inout MailboxDraft) throws -> Void
) async throws -> Attempt<Mailbox> {
    let visit = sent.visit
    return try await Attempt.ofMailbox(visit.words) {
        try await visit.storage.mailboxes.change(
            record.mailbox.id,
            of: visit.practiceID,
            expecting: sent.form.version,
            now: visit.now,
            edit: edit,
            check: check
        )
    }
}

private func answered(
    _ attempt: Attempt<Mailbox>,
    _ record: MailboxPage.Record,
    _ entered: MailboxPage.Sent,
    _ sent: Submission,
    _ request: Request,
    _ query: String
) async throws -> Response {
    guard case .refused(let problems) = attempt else {
        try await sent.visit.note(.changed, .mailbox, record.mailbox.id.rawValue)
        return SeeOther.response(MailboxPath.of(record.mailbox.id) + query, to: request)
    }
    return try mailboxPage(record, entered, problems, sent.visit, .unprocessableContent)
}

func mailboxPage(
    _ record: MailboxPage.Record,
    _ sent: MailboxPage.Sent,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let model = MailboxPage.view(record, sent, problems, visit)
    let frame = Frame(visit, title: record.mailbox.address.value, current: .settings, place: .mailboxes)
    return try visit.pages.page("mailbox", model, frame, status: status)
}

extension MailboxPage.Record {
    /// The mailbox in the path with what stands on its page; one of another practice is not found.
    init(_ context: WebContext, _ visit: Visit) async throws {
        let storage = visit.storage
        let mailbox = try await storage.mailboxes.find(context.id(), of: visit.practiceID)
        self.init(
            mailbox: mailbox,
            practitioners: try await storage.practitioners.all(visit.practiceID),
            health: try await storage.health.all()[mailbox.id],
            standing: try await storage.mailboxes.standings(of: visit.practiceID)[mailbox.id] ?? MailboxStanding(),
            trial: try await storage.trials.latest(mailbox.id),
            hasSecret: try await Self.hasSecret(mailbox, storage)
        )
    }

    /// False where the server's key does not open it: the page shall show that it is to be entered anew.
    private static func hasSecret(_ mailbox: Mailbox, _ storage: Storage) async throws -> Bool {
        do { return try await storage.providers.secret(of: mailbox.id) != nil } catch StorageError.wrongKey {
            return false
        }
    }
}
