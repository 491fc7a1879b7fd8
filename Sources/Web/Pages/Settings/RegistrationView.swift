import Domain
import Foundation
import Storage

/// Whether the sender of a location has to stand in a registry, and what is to be done until it does.
struct RegistrationView: Sendable {
    let sentences: [String]
    /// How the sentences look: `banner urgent` while patients may get nothing, calmer where there is nothing to do.
    let look: String
    /// What can be said about it; a number needs no registration, so there is nothing to say.
    let isAsked: Bool
    /// The sender that the answer is about.
    let subject: String
    let fields: [FieldView]

    /// nil where no recipient's country has a registry, and nothing was ever said about one.
    init?(_ draft: LocationDraft, _ problems: FormProblems, _ recipients: Set<Country>, _ visit: Visit) {
        let isFilled = draft.senderRegistered || !draft.fallbackSenderID.isEmpty || !draft.senderRegisteredOn.isEmpty
        let known = isFilled ? Set(SenderRules.registries.map(\.country)) : recipients
        guard let rule = SenderRules.registry(for: .alphanumeric, in: known) else { return nil }
        let words = visit.words
        let sender = SenderAdvice.sender(draft, visit.practice)
        let state = sender.registration(for: [rule.country], at: visit.now)
        sentences = sender.sender.map { Self.sentences(state, $0, sender.fallback, rule, draft, words) } ?? []
        look = Self.look(state, isReplaced: sender.fallback != nil)
        subject = sender.sender?.value ?? ""
        isAsked = isFilled || sender.sender?.kind != .international
        var registered = FieldView.checkbox("senderRegistered", draft.senderRegistered, problems)
        registered.label = words("field.senderRegistered", words.arguments(rule))
        var fallback = FieldView.make("fallbackSenderId", draft.fallbackSenderID, problems, autocomplete: "off")
        fallback.hint = [fallback.hint, words("sender.fallback.inherited")].compactMap(\.self).joined(separator: " ")
        fields = [
            registered, .make("senderRegisteredOn", draft.senderRegisteredOn, problems, type: "date"), fallback,
        ]
    }

    private static func look(_ state: SenderRegistration, isReplaced: Bool) -> String {
        switch state {
        case .required: isReplaced ? "banner" : "banner urgent"
        case .registered: "banner good"
        case .notNeeded: "quiet"
        }
    }

    private static func sentences(
        _ state: SenderRegistration,
        _ sender: SenderID,
        _ fallback: SenderID?,
        _ rule: SenderRule,
        _ draft: LocationDraft,
        _ words: Words
    ) -> [String] {
        var arguments = words.arguments(rule)
        arguments["sender"] = sender.value
        switch state {
        case .notNeeded:
            return [words(sender.kind == rule.kind ? "registration.coming" : "registration.not_needed", arguments)]
        case .registered:
            let day = LocalDate(iso: draft.senderRegisteredOn.trimmingWhitespace())
            arguments["day"] = day.map(words.date)
            return [words(day == nil ? "registration.registered" : "registration.registered_on", arguments)]
        case .required:
            arguments["fallback"] = fallback?.value
            let until = fallback == nil ? "registration.until_nothing" : "registration.until_fallback"
            return [
                words("registration.required", arguments), words("registration.apply", arguments),
                words(until, arguments),
            ]
        }
    }
}
