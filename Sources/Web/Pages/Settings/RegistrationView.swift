import Domain
import Foundation
import Storage

/// Whether the sender of a location has to stand in a registry, and what is to be done until it does.
struct RegistrationView: Sendable {
    let sentences: [String]
    /// Something is to be done.
    let isOpen: Bool
    let registered: FieldView
    let fields: [FieldView]

    /// nil where no recipient's country has a registry, and nothing was ever said about one.
    init?(
        _ draft: LocationDraft,
        _ problems: FormProblems,
        _ recipients: Set<Country>,
        _ visit: Visit
    ) {
        let isFilled = draft.senderRegistered || !draft.fallbackSenderID.isEmpty || !draft.senderRegisteredOn.isEmpty
        let known = isFilled ? Set(SenderRules.registries.map(\.country)) : recipients
        guard let rule = SenderRules.registry(for: .alphanumeric, in: known) else { return nil }
        let words = visit.words
        let sender = SenderAdvice.sender(draft, visit.practice)
        let state = sender.registration(for: [rule.country], at: visit.now)
        sentences = Self.sentences(state, sender, rule, draft, words)
        isOpen = state == .required
        var registered = FieldView.checkbox("senderRegistered", draft.senderRegistered, problems)
        registered.label = words("field.senderRegistered", words.arguments(rule))
        self.registered = registered
        var fallback = FieldView.make("fallbackSenderId", draft.fallbackSenderID, problems, autocomplete: "off")
        fallback.hint = [fallback.hint, words("sender.fallback.inherited")].compactMap(\.self).joined(separator: " ")
        fields = [.make("senderRegisteredOn", draft.senderRegisteredOn, problems, type: "date"), fallback]
    }

    private static func sentences(
        _ state: SenderRegistration,
        _ sender: LocationSender,
        _ rule: SenderRule,
        _ draft: LocationDraft,
        _ words: Words
    ) -> [String] {
        var arguments = words.arguments(rule)
        switch state {
        case .notNeeded:
            let isComing = sender.sender?.kind == rule.kind
            return [words(isComing ? "registration.coming" : "registration.not_needed", arguments)]
        case .registered:
            guard let day = LocalDate(iso: draft.senderRegisteredOn.trimmingWhitespace()) else {
                return [words("registration.registered", arguments)]
            }
            arguments["day"] = words.date(day)
            return [words("registration.registered_on", arguments)]
        case .required:
            arguments["fallback"] = sender.fallback?.value
            let until = sender.fallback == nil ? "registration.until_nothing" : "registration.until_fallback"
            return [
                words("registration.required", arguments), words("registration.apply", arguments),
                words(until, arguments),
            ]
        }
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
