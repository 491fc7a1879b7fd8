import Domain
import Storage

/// Which lane carries whose messages: a practice's own providers first, then those for all, each by priority.
struct LaneRoster {
    private var open: [Provider.ID: (provider: Provider, lane: Lane)] = [:]

    var lanes: [Lane] { open.values.map(\.lane) }

    /// Forgets lanes whose provider changed or went, and tells which providers have none.
    mutating func update(to providers: [Provider]) -> (closed: [Lane], missing: [Provider]) {
        let wanted = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        let closed = open.values.filter { wanted[$0.provider.id] != $0.provider }
        for entry in closed { open[entry.provider.id] = nil }
        return (closed.map(\.lane), providers.filter { open[$0.id] == nil })
    }

    mutating func add(_ lane: Lane, for provider: Provider) {
        open[provider.id] = (provider, lane)
    }

    /// Whose reminders each lane takes on, and last those that nobody can carry.
    var scopes: [(lane: Lane?, scope: ClaimScope)] {
        let owners = Set(open.values.compactMap(\.provider.practiceID)).sorted()
        var practicesByProvider: [Provider.ID: [Practice.ID]] = [:]
        for owner in owners {
            if let provider = choose(for: owner) { practicesByProvider[provider, default: []].append(owner) }
        }
        var scopes: [(lane: Lane?, scope: ClaimScope)] = practicesByProvider.map { id, practices in
            (open[id]?.lane, .sms(of: practices))
        }
        let common = choose(for: nil).flatMap { open[$0]?.lane }
        scopes.append((common, .smsExceptOf(owners)))
        scopes.append((nil, .email))
        return scopes
    }

    private func choose(for practice: Practice.ID?) -> Provider.ID? {
        open.values.map(\.provider)
            .filter { $0.practiceID == nil || $0.practiceID == practice }
            .min { rank($0) < rank($1) }?
            .id
    }

    private func rank(_ provider: Provider) -> (Int, Int, Provider.ID) {
        (provider.practiceID == nil ? 1 : 0, provider.priority, provider.id)
    }
}
