import Domain
import Hummingbird
import Storage

/// `/einstellungen/versand/:id`: account, switch, and the address that the provider calls.
func addProviderRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/versand/:id", for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let record = try await ProviderPage.Record(context, visit)
        let sent = ProviderPage.Sent(isSaved: FormData(query: request).has("gespeichert"))
        return try providerPage(record, sent, FormProblems(visit.words), visit)
    }
    routes.post("/einstellungen/versand/:id", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let record = try await ProviderPage.Record(context, sent.visit)
        let entry = ProviderEntry(existing: record.provider).with(sent.form)
        let attempt = try await change(record, sent) { draft in
            let isEnabled = draft.isEnabled
            draft = try entry.finished(beside: record.others)
            draft.isEnabled = isEnabled
        }
        return try await answered(attempt, record, ProviderPage.Sent(entry: entry), sent, request, "?gespeichert=1")
    }
    routes.post("/einstellungen/versand/:id/schalter", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let record = try await ProviderPage.Record(context, sent.visit)
        let isEnabled = sent.form.isOn("enabled")
        let attempt = try await change(record, sent) { $0.isEnabled = isEnabled }
        return try await answered(attempt, record, ProviderPage.Sent(), sent, request, "")
    }
    routes.post("/einstellungen/versand/:id/adresse", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let provider = try await sent.visit.storage.providers.find(context.id(), of: sent.visit.practiceID)
        guard provider.kind.isCalledBack else { throw StorageError.notFound }
        let attempt = try await Attempt.ofProvider(sent.visit.words) {
            try await sent.visit.storage.providers.renewHookSecret(of: provider.id, practice: sent.visit.practiceID)
        }
        guard case .refused(let problems) = attempt else {
            try await sent.visit.note(.changed, .provider, provider.id.rawValue)
            return SeeOther.response(ProviderPath.of(provider.id) + "#adresse", to: request)
        }
        let record = try await ProviderPage.Record(context, sent.visit)
        return try providerPage(record, ProviderPage.Sent(), problems, sent.visit, .unprocessableContent)
    }
}

private func change(
    _ record: ProviderPage.Record,
    _ sent: Submission,
    _ edit: @escaping @Sendable (inout ProviderDraft) throws -> Void
) async throws -> Attempt<Provider> {
    let visit = sent.visit
    return try await Attempt.ofProvider(visit.words) {
        try await visit.storage.providers.change(
            record.provider.id,
            of: visit.practiceID,
            expecting: sent.form.version,
            now: visit.now,
            edit: edit,
            check: visit.pages.providers.check
        )
    }
}

private func answered(
    _ attempt: Attempt<Provider>,
    _ record: ProviderPage.Record,
    _ entered: ProviderPage.Sent,
    _ sent: Submission,
    _ request: Request,
    _ query: String
) async throws -> Response {
    guard case .refused(let problems) = attempt else {
        try await sent.visit.note(.changed, .provider, record.provider.id.rawValue)
        return SeeOther.response(ProviderPath.of(record.provider.id) + query, to: request)
    }
    return try providerPage(record, entered, problems, sent.visit, .unprocessableContent)
}

func providerPage(
    _ record: ProviderPage.Record,
    _ sent: ProviderPage.Sent,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let model = ProviderPage.view(record, sent, problems, visit)
    let frame = Frame(visit, title: record.provider.name, current: .settings, place: .providers)
    return try visit.pages.page("provider", model, frame, status: status)
}

extension ProviderPage.Record {
    /// The provider in the path with what stands on its page; one of another practice is not found.
    init(_ context: WebContext, _ visit: Visit) async throws {
        let storage = visit.storage
        let provider = try await storage.providers.find(context.id(), of: visit.practiceID)
        self.init(
            provider: provider,
            others: try await storage.providers.own(visit.practiceID).filter { $0.id != provider.id },
            health: try await storage.health.all()[provider.id],
            trial: try await storage.trials.latest(provider.id),
            hookSecret: try await Self.readable { try await storage.providers.hookSecret(of: provider.id) },
            hasSecret: try await Self.readable { try await storage.providers.secret(of: provider.id) } != nil,
            locations: try await storage.locations.all(visit.practiceID)
        )
    }

    /// nil where the server's key does not open it: the page shall show that it is to be entered anew.
    private static func readable(_ read: () async throws -> String?) async throws -> String? {
        do { return try await read() } catch StorageError.wrongKey { return nil }
    }
}
