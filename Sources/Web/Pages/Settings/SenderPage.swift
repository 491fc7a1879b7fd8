import Domain
import Storage

/// Under which name or number the practice's SMS leave: its own sender, what countries demand of it, and how each location
/// stands.
struct SenderPage: Sendable {
    /// The sender that holds at a location, and whether it stands in the registry that it needs.
    struct Row: Sendable {
        let path: String
        let name: String
        let sender: String
        let state: State
        let detail: String

        struct State: Sendable {
            let look: String
            let word: String
        }
    }

    let lead: String
    let form: FormFrame
    let settings: SettingsForm
    /// What the networks of the patients' countries demand, a sentence each.
    let rules: [String]
    let rows: [Row]

    static func view(_ settings: SettingsForm, _ house: SettingsPage.House, _ visit: Visit) -> SenderPage {
        let words = visit.words
        let sender = visit.practice.sender?.value
        return SenderPage(
            lead: sender.map { words("settings.sender.lead", ["sender": $0]) } ?? words("settings.sender.lead.none"),
            form: settings.formFrame,
            settings: settings,
            rules: SenderAdvice.rules(house.recipients, visit),
            rows: house.locations.map { row($0, house, visit) }
        )
    }

    private static func row(_ location: Location, _ house: SettingsPage.House, _ visit: Visit) -> Row {
        let words = visit.words
        let sender = LocationSender(location, visit.practice)
        let state = sender.registration(for: house.recipients, at: visit.now)
        let fallback = state == .required ? sender.fallback : nil
        let look: Look
        var key = state.rawValue
        switch state {
        case .notNeeded: look = .none
        case .registered: look = .delivered
        case .required:
            look = fallback == nil ? .failed : .unclear
            if fallback != nil { key = "replaced" }
        }
        let own = location.sender == nil ? "settings.sender.of_practice" : "settings.sender.own"
        return Row(
            path: SettingsPlace.locations.path + "/\(location.id)",
            name: location.name,
            sender: sender.sender?.value ?? words("sender.none"),
            state: Row.State(look: look.rawValue, word: words("registration.word." + key)),
            detail: words(own)
        )
    }
}

/// What is worth knowing about a sender beside its field; it hinders nobody.
enum SenderAdvice {
    /// Sentences about the sender that a form holds, or that holds where it stays empty.
    static func sentences(_ sender: SenderID?, _ words: Words) -> [String] {
        guard let sender, sender.kind == .alphanumeric else { return [] }
        let vague = GenericName.weight(sender) == nil ? [] : [words("sender.vague")]
        return vague + [words("sender.one_way")]
    }

    /// What each of the countries demands of a name, and that a number is free of it.
    static func rules(_ recipients: Set<Country>, _ visit: Visit) -> [String] {
        let words = visit.words
        let rules = SenderRules.all.filter { $0.kind == .alphanumeric && recipients.contains($0.country) }
        let sentences = rules.map { rule in
            let key: String
            switch rule.demand {
            case .registry: key = rule.holds(at: visit.now) ? "registry" : "registry_coming"
            case .telling: key = "telling"
            case .nothing: key = "nothing"
            }
            return words("sender.rule." + key, words.arguments(rule))
        }
        return sentences + [words("sender.rule.number")]
    }

    /// As it would be with the form's inputs; what cannot be a sender counts as none.
    static func sender(_ draft: LocationDraft, _ practice: Practice) -> LocationSender {
        let own = draft.senderID.trimmingWhitespace()
        let fallback = draft.fallbackSenderID.trimmingWhitespace()
        return LocationSender(
            own.isEmpty ? practice.sender : SenderID(stored: own),
            fallback: fallback.isEmpty ? practice.fallbackSender : SenderID(stored: fallback),
            registeredSince: LocationSender.since(
                draft.senderRegistered,
                LocalDate(iso: draft.senderRegisteredOn.trimmingWhitespace())
            )
        )
    }
}
