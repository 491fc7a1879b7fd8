import Domain
import Storage

/// The ways by which a practice's SMS leave: its own providers, and those of the installation behind them.
struct ProviderListPage: Sendable {
    struct Row: Sendable {
        /// nil for those who may not see the account.
        let path: String?
        let name: String
        let detail: String
        let state: ProviderState
    }

    let lead: String
    let advice: String?
    let rows: [Row]
    let isEmpty: Bool
    /// Names of those that the operator set up; nil where there are none.
    let installation: String?
    let mayConfigure: Bool

    /// What was read of the practice's providers.
    struct House: Sendable {
        /// Its own, in the order in which they are tried.
        let own: [Provider]
        /// Those that carry its messages, in that order: its own, then those for all.
        let carriers: [Provider]
        let health: [Provider.ID: ProviderHealth]

        init(_ visit: Visit) async throws {
            own = try await visit.storage.providers.own(visit.practiceID)
            carriers = try await visit.storage.providers.forPractice(visit.practiceID)
            health = try await visit.storage.health.all()
        }
    }

    static func view(_ house: House, _ visit: Visit) -> ProviderListPage {
        let words = visit.words
        let shared = house.carriers.filter { $0.practiceID == nil }.map(\.name)
        return ProviderListPage(
            lead: lead(house.carriers.map(\.name), words),
            advice: house.carriers.count > 1 ? words("providers.advice") : nil,
            rows: house.own.map { row($0, house, visit) },
            isEmpty: house.own.isEmpty,
            installation: shared.isEmpty ? nil : words("providers.installation", ["names": words.list(shared)]),
            mayConfigure: visit.mayConfigure
        )
    }

    static func lead(_ names: [String], _ words: Words) -> String {
        guard let first = names.first else { return words("providers.lead.none") }
        if names.count == 1 { return words("providers.lead.one", ["first": first]) }
        return words("providers.lead.many", ["first": first, "rest": words.list(Array(names.dropFirst()))])
    }

    private static func row(_ provider: Provider, _ house: House, _ visit: Visit) -> Row {
        let words = visit.words
        let place = house.carriers.firstIndex { $0.id == provider.id }
        let details = [
            words("provider.kind." + provider.kind.rawValue),
            place.map { words("provider.place", ["number": String($0 + 1)]) },
            provider.countries.isEmpty
                ? nil : words("provider.only", ["countries": words.list(provider.countries.map(\.rawValue))]),
        ]
        return Row(
            path: visit.mayConfigure ? ProviderPath.of(provider.id) : nil,
            name: provider.name,
            detail: details.compactMap(\.self).joined(separator: " · "),
            state: ProviderState(provider, house.health[provider.id], visit)
        )
    }
}

/// The addresses of the pages about providers.
enum ProviderPath {
    static let list = "/einstellungen/versand"

    static func of(_ id: Provider.ID) -> String { list + "/\(id)" }
    static func new(_ kind: Provider.Kind) -> String { list + "/neu/" + kind.rawValue }
}
