import Domain
import Hummingbird
import Storage

/// `/einstellungen/postfach/:id/test`: sends one e-mail, and shows how far it is.
func addMailTrials(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/einstellungen/postfach/:id/test", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let record = try await MailboxPage.Record(context, visit)
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.trials.askMail(record.mailbox.id, to: sent.form["to"], now: visit.now)
        }
        guard case .refused(let problems) = attempt else {
            try await visit.note(.sent, .mailbox, record.mailbox.id.rawValue)
            return SeeOther.response(MailboxPath.of(record.mailbox.id) + "?getestet=1#test", to: request)
        }
        let entered = MailboxPage.Sent(to: sent.form["to"])
        return try mailboxPage(record, entered, problems, visit, .unprocessableContent)
    }
    routes.get("/einstellungen/postfach/:id/test", for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let mailbox = try await visit.storage.mailboxes.find(context.id(), of: visit.practiceID)
        guard let trial = try await visit.storage.trials.latest(mailbox.id) else { throw StorageError.notFound }
        let view = MailTrialView(trial, mailbox, visit)
        // Nothing new is not read out once more.
        if FormData(query: request)["stand"] == view.key { return Response(status: .noContent) }
        return try pages.fragment("parts/mail-trial", view, visit)
    }
}
