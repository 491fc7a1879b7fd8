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

    /// Sorts claims by the lane that carries them; nil for those that nobody can carry.
    func divide(_ claims: [Claim]) -> [(lane: Lane?, claims: [Claim])] {
        var byProvider: [Provider.ID?: [Claim]] = [:]
        var chosen: [Practice.ID: Provider.ID?] = [:]
        for claim in claims {
            guard claim.channel == .sms else {
                byProvider[nil, default: []].append(claim)
                continue
            }
            let provider = chosen[claim.practiceID] ?? choose(for: claim.practiceID)
            chosen[claim.practiceID] = provider
            byProvider[provider, default: []].append(claim)
        }
        return byProvider.map { id, claims in (id.flatMap { open[$0]?.lane }, claims) }
    }

    private func choose(for practice: Practice.ID) -> Provider.ID? {
        open.values.map(\.provider)
            .filter { $0.practiceID == nil || $0.practiceID == practice }
            .min { rank($0) < rank($1) }?
            .id
    }

    private func rank(_ provider: Provider) -> (Int, Int, Provider.ID) {
        (provider.practiceID == nil ? 1 : 0, provider.priority, provider.id)
    }
}
