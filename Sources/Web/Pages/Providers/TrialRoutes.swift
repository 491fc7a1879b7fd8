import Domain
import Hummingbird
import Storage

/// `/einstellungen/versand/:id/test`: sends one SMS, and shows how far it is.
func addProviderTrials(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/einstellungen/versand/:id/test", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let record = try await ProviderPage.Record(context, visit)
        let attempt = try await Attempt.of(visit.words) { try await ask(record.provider, sent) }
        guard case .refused(let problems) = attempt else {
            try await visit.note(.sent, .provider, record.provider.id.rawValue)
            return SeeOther.response(ProviderPath.of(record.provider.id) + "?getestet=1#test", to: request)
        }
        let entered = ProviderPage.Sent(to: sent.form["to"], from: sent.form["from"])
        return try providerPage(record, entered, problems, visit, .unprocessableContent)
    }
    routes.get("/einstellungen/versand/:id/test", for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let provider = try await visit.storage.providers.find(context.id(), of: visit.practiceID)
        guard let trial = try await visit.storage.trials.latest(provider.id) else { throw StorageError.notFound }
        let view = TrialView(trial, provider, visit)
        // Nothing new is not read out once more.
        if FormData(query: request)["stand"] == view.key { return Response(status: .noContent) }
        return try pages.fragment("parts/trial", view, visit)
    }
}

private func ask(_ provider: Provider, _ sent: Submission) async throws -> Trial {
    try await sent.visit.storage.trials.ask(
        provider.id,
        to: sent.form["to"],
        from: sent.form["from"],
        country: sent.visit.practice.country,
        now: sent.visit.now
    )
}
