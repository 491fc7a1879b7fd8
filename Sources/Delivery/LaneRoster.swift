import Domain
import Storage

/// Which lane carries whose messages: a practice's own providers first, then those for all, each by priority. The next
/// one helps where the first is resting or cannot be done in time.
struct LaneRoster {
    private var open: [Provider.ID: Entry] = [:]
    /// The lanes of practices with providers of their own, and of all others, in the order in which they are asked.
    private var own: [Practice.ID: [Entry]] = [:]
    private var common: [Entry] = []
    private var mailboxes: [Provider.ID: Mailbox] = [:]

    struct Entry {
        let provider: Provider
        let lane: Lane
    }

    /// Whose reminders one lane takes on.
    struct Share {
        let lane: Lane
        var scopes: [ClaimScope]
        /// Another lane, which is well, takes of all of the same.
        let isHelped: Bool
    }

    var lanes: [Lane] { open.values.map(\.lane) }

    func lane(of provider: Provider.ID) -> Lane? { open[provider]?.lane }

    /// Forgets lanes whose provider changed or went, and tells which providers have none.
    mutating func update(
        to providers: [Provider],
        _ mailboxes: [Mailbox] = []
    ) -> (closed: [Lane], missing: [Provider]) {
        // One whose display name changed has the account that it had; its lane would not know.
        let changed = Set(mailboxes.filter { $0 != self.mailboxes[$0.id] }.map(\.id))
        self.mailboxes = Dictionary(mailboxes.map { ($0.id, $0) }) { first, _ in first }
        let providers = providers + mailboxes.map(\.account)
        let wanted = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        let closed = open.values.filter { wanted[$0.provider.id] != $0.provider || changed.contains($0.provider.id) }
        for entry in closed { open[entry.provider.id] = nil }
        if !closed.isEmpty { rank() }
        return (closed.map(\.lane), providers.filter { open[$0.id] == nil })
    }

    mutating func add(_ lane: Lane, for provider: Provider) {
        open[provider.id] = Entry(provider: provider, lane: lane)
        rank()
    }

    func mailbox(_ id: Provider.ID) -> Mailbox? { mailboxes[id] }

    private mutating func rank() {
        // One that is switched off takes nothing new on.
        let ranked = open.values.filter { $0.provider.isEnabled && $0.provider.kind != .mailbox }.sorted {
            ($0.provider.priority, $0.provider.id) < ($1.provider.priority, $1.provider.id)
        }
        common = ranked.filter { $0.provider.practiceID == nil }
        own = Dictionary(grouping: ranked.filter { $0.provider.practiceID != nil }) {
            $0.provider.practiceID ?? Identifier(0)
        }
    }

    /// Practices and numbers with the lanes that may carry their SMS, the preferred one first.
    private var groups: [(practices: ClaimScope.Practices, numbers: ClaimScope.Numbers, lanes: [Entry])] {
        let owners = own.keys.sorted()
        var groups: [(ClaimScope.Practices, ClaimScope.Numbers, [Entry])] = []
        // Practices whose providers are the same are one group: one with an own provider, as a rule.
        for owner in owners { groups += byNumber(.only([owner]), (own[owner] ?? []) + common) }
        return groups + byNumber(.allBut(owners), common)
    }

    /// A group for each country that a provider names, with all who carry it, and one for all other countries.
    private func byNumber(
        _ practices: ClaimScope.Practices,
        _ lanes: [Entry]
    ) -> [(ClaimScope.Practices, ClaimScope.Numbers, [Entry])] {
        let named = Set(lanes.flatMap { $0.lane.callingCodes ?? [] }).sorted()
        if named.isEmpty { return [(practices, .all, lanes)] }
        return named.map { code in
            (practices, .only([code]), lanes.filter { $0.lane.callingCodes?.contains(code) ?? true })
        } + [(practices, .allBut(named), lanes.filter { $0.lane.callingCodes == nil })]
    }

    /// Each practice's e-mails by its mailboxes: those of practitioners carry their own, the practice's all others. The
    /// oldest of several for the same is the one.
    ///
    /// - Returns: the scopes that no mailbox carries.
    private func shareMail(_ scopes: inout [Provider.ID: [ClaimScope]]) -> [ClaimScope] {
        var uncarried = [ClaimScope(.email, of: .withoutMailbox)]
        let byPractice = Dictionary(grouping: mailboxes.values.sorted { $0.id < $1.id }) {
            $0.account.practiceID ?? Identifier(0)
        }
        for (practice, all) in byPractice {
            var seen: Set<Practitioner.ID?> = []
            // One that cannot be opened carries nothing, and one that is switched off takes nothing new on.
            let mailboxes = all.filter { $0.account.isEnabled && open[$0.id] != nil }
            for mailbox in mailboxes where seen.insert(mailbox.practitionerID).inserted {
                guard let practitioner = mailbox.practitionerID else { continue }
                scopes[mailbox.id] = [ClaimScope(.email, of: .only([practice]), for: .only(practitioner))]
            }
            let rest = ClaimScope(.email, of: .only([practice]), for: .allBut(seen.compactMap(\.self).sorted()))
            if let common = mailboxes.first(where: { $0.practitionerID == nil }) {
                scopes[common.id] = [rest]
            } else {
                uncarried.append(rest)
            }
        }
        return uncarried
    }

    /// Shares the practices out among the lanes. A lane that needs help keeps its practices: the next one that is well
    /// takes of the same, and nothing is taken twice.
    ///
    /// - Parameter needsHelp: lanes that rest, are silent, or cannot hand over in time what is due.
    /// - Returns: also the scopes that no lane can carry.
    func shares(needsHelp: Set<Provider.ID>) -> (shares: [Share], uncarried: [ClaimScope]) {
        var scopes: [Provider.ID: [ClaimScope]] = [:]
        var alone: Set<Provider.ID> = []
        var uncarried = shareMail(&scopes)
        for (practices, numbers, lanes) in groups {
            let scope = ClaimScope(.sms, of: practices, to: numbers)
            if lanes.isEmpty { uncarried.append(scope) }
            for entry in lanes {
                scopes[entry.provider.id, default: []].append(scope)
                if !needsHelp.contains(entry.provider.id) { break }
            }
            // Where all are in trouble nobody is helped by waiting.
            if lanes.allSatisfy({ needsHelp.contains($0.provider.id) }) { alone.formUnion(lanes.map(\.provider.id)) }
        }
        return (
            open.values.map { entry in
                Share(
                    lane: entry.lane,
                    scopes: scopes[entry.provider.id] ?? [],
                    // What leaves by one mailbox leaves by no other.
                    isHelped: entry.provider.kind != .mailbox && needsHelp.contains(entry.provider.id)
                        && !alone.contains(entry.provider.id)
                )
            },
            uncarried
        )
    }
}
