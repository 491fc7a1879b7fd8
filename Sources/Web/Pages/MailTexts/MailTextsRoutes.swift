import Domain
import Hummingbird
import Storage

/// `/einstellungen/e-mail-texte`, of the practice and of each location.
func addMailTexts(to routes: PageRoutes, _ pages: PageServices) {
    for path in ["/einstellungen/e-mail-texte", "/einstellungen/e-mail-texte/:id"] {
        routes.get(path, for: .reader) { request, context in
            let visit = try await Visit(pages, context)
            let given = try await surroundings(context, visit)
            let saved = FormData(query: request).has("gespeichert")
            return try textsPage(stored(given, visit), given, FormProblems(visit.words), visit, saved: saved)
        }
        routes.post(path + "/vorschau", for: .admin) { request, context in
            let sent = try await Submission(pages, request, context)
            let given = try await surroundings(context, sent.visit)
            let draft = sent.form.texts(given, sent.visit)
            return try pages.fragment("parts/mail", MailPreview(draft, given, sent.visit), sent.visit)
        }
        routes.post(path, for: .admin) { request, context in
            let sent = try await Submission(pages, request, context)
            let given = try await surroundings(context, sent.visit)
            let draft = sent.form.texts(given, sent.visit)
            if sent.form["action"] == "preview" {
                return try textsPage(draft, given, FormProblems(sent.visit.words), sent.visit)
            }
            let own = sent.form["action"] == "reset" ? (subject: "", body: "") : draft.own
            let attempt = try await Attempt.of(sent.visit.words) { try await save(own, given, sent) }
            guard case .refused(let problems) = attempt else {
                return SeeOther.response(given.path + "?gespeichert=1", to: request)
            }
            return try textsPage(draft, given, problems, sent.visit, .unprocessableContent)
        }
    }
}

private func save(
    _ own: (subject: String, body: String),
    _ given: MailTextsPage.Surroundings,
    _ sent: Submission
) async throws {
    let (visit, version) = (sent.visit, sent.form.version)
    guard let location = given.location else {
        _ = try await visit.storage.practices.change(visit.practiceID, expecting: version, now: visit.now) {
            $0.emailSubject = own.subject
            $0.emailBody = own.body
        }
        return try await visit.note(.changed, .practice, visit.practiceID.rawValue)
    }
    _ = try await visit.storage.locations.change(location.id, visit.practiceID, expecting: version, now: visit.now) {
        $0.emailSubject = own.subject
        $0.emailBody = own.body
    }
    try await visit.note(.changed, .location, location.id.rawValue)
}

private func surroundings(_ context: WebContext, _ visit: Visit) async throws -> MailTextsPage.Surroundings {
    let isOfLocation = context.parameters.get("id") != nil
    let location = isOfLocation ? try await visit.storage.locations.find(context.id(), visit.practiceID) : nil
    let mailboxes = try await visit.storage.mailboxes.all(of: visit.practiceID)
    let shared = mailboxes.first { $0.practitionerID == nil } ?? mailboxes.first
    let name = shared.map { MailComposer.sender($0, practice: visit.practice.name).displayName }
    return MailTextsPage.Surroundings(
        location: location,
        locations: try await visit.storage.locations.all(visit.practiceID),
        facts: try await visit.storage.appointments.mailFacts(visit.practiceID, at: location?.id, now: visit.now),
        sender: name ?? visit.practice.name
    )
}

private func stored(_ given: MailTextsPage.Surroundings, _ visit: Visit) -> MailTextsDraft {
    let practice = visit.practice
    let subject = given.location == nil ? practice.emailSubject : given.location?.emailSubject
    let body = given.location == nil ? practice.emailBody : given.location?.emailBody
    return MailTextsDraft(
        subject: subject?.source ?? "",
        body: body?.source ?? "",
        inherited: given.inherited(practice)
    )
}

private func textsPage(
    _ draft: MailTextsDraft,
    _ given: MailTextsPage.Surroundings,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok,
    saved: Bool = false
) throws -> Response {
    let model = MailTextsPage.view(draft, given, problems, visit, saved: saved)
    let frame = Frame(visit, title: visit.words("mailtext.title"), current: .settings, place: .mailTexts)
    return try visit.pages.page("mail-texts", model, frame, status: status)
}

extension FormData {
    fileprivate func texts(_ given: MailTextsPage.Surroundings, _ visit: Visit) -> MailTextsDraft {
        MailTextsDraft(
            subject: self["emailSubject"],
            body: self["emailBody"],
            inherited: given.inherited(visit.practice)
        )
    }
}
