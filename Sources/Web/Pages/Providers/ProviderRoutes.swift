import Domain
import Hummingbird
import Storage

/// `/einstellungen/versand` and what lies below it. Everyone sees the list; accounts are for those who configure, and
/// for the practice's own providers only.
func addProviders(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/versand", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let model = ProviderListPage.view(try await .init(visit), visit)
        return try pages.page(
            "providers",
            model,
            Frame(visit, title: visit.words("providers.title"), current: .settings, place: .providers)
        )
    }
    routes.get("/einstellungen/versand/neu", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        let own = try await visit.storage.providers.own(visit.practiceID)
        let model = ProviderKindPage.view(own, visit.words)
        return try pages.page(
            "provider-kind",
            model,
            Frame(visit, title: model.lead, current: .settings, place: .providers)
        )
    }
    addNewProvider(to: routes, pages)
    addProviderRecord(to: routes, pages)
    addProviderTrials(to: routes, pages)
}

private func addNewProvider(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/versand/neu/:kind", for: .admin) { _, context in
        let visit = try await Visit(pages, context)
        let own = try await visit.storage.providers.own(visit.practiceID)
        let entry = ProviderEntry(try kind(context, own), name: try await freeName(context, visit))
        return try newProviderPage(.view(entry, own, FormProblems(visit.words)), visit)
    }
    routes.post("/einstellungen/versand/neu/:kind", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let own = try await visit.storage.providers.own(visit.practiceID)
        let entry = ProviderEntry(try kind(context, own), name: "").with(sent.form)
        switch try await Attempt.ofProvider(visit.words, { try await add(entry, own, visit) }) {
        case .done(let provider):
            try await visit.note(.created, .provider, provider.id.rawValue)
            return SeeOther.response(ProviderPath.of(provider.id) + "?neu=1", to: request)
        case .refused(let problems):
            return try newProviderPage(.view(entry, own, problems), visit, .unprocessableContent)
        }
    }
}

private func add(_ entry: ProviderEntry, _ own: [Provider], _ visit: Visit) async throws -> Provider {
    try await visit.storage.providers.add(
        entry.finished(beside: own),
        practice: visit.practiceID,
        now: visit.now,
        check: visit.pages.providers.check
    )
}

/// The kind in the path, if the first step offers it.
private func kind(_ context: WebContext, _ own: [Provider]) throws -> Provider.Kind {
    guard let kind = context.parameters.get("kind").flatMap(Provider.Kind.init(rawValue:)),
        ProviderKindPage.kinds(own).contains(kind)
    else { throw StorageError.notFound }
    return kind
}

/// The kind's name, or the first of `seven-2`, `seven-3` that nobody of the installation has.
private func freeName(_ context: WebContext, _ visit: Visit) async throws -> String {
    let base = context.parameters.get("kind") ?? ""
    let taken = Set(try await visit.storage.providers.all().map(\.name))
    if !taken.contains(base) { return base }
    return (2...taken.count + 2).lazy.map { "\(base)-\($0)" }.first { !taken.contains($0) } ?? base
}

private func newProviderPage(
    _ model: NewProviderPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    try visit.pages.page(
        "provider-new",
        model,
        Frame(visit, title: model.lead, current: .settings, place: .providers),
        status: status
    )
}

extension Attempt {
    /// As `of`, with problems under the names that the fields have on the page; without a key on the server no secret
    /// can be kept, and the form says so.
    static func ofProvider(_ words: Words, _ work: () async throws -> Value) async throws -> Attempt {
        try await of(words) {
            do {
                return try await work()
            } catch let list as ProblemList {
                throw list.ofProviderForm
            } catch StorageError.wrongKey {
                throw ProblemList(FieldProblem("secret", .providerUnusable, ["reason": "no_key"]))
            }
        }
    }
}
