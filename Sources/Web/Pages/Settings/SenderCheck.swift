import Domain
import Storage

/// What is said about a sender while it is typed: the same as when it is saved.
struct SenderCheck: Sendable {
    let checked: FieldView
    /// Of a location: nil for the practice's own sender.
    var registration: RegistrationView?
    var hasRegistration = false
    var phone: PhoneView?

    /// The practice's own.
    init(_ draft: PracticeDraft, _ visit: Visit) {
        let words = visit.words
        var problems = Self.problems { try draft.validated(replacing: visit.practice) }
        if visit.practice.smsEnabled, draft.senderID.trimmingWhitespace().isEmpty {
            problems.append(FieldProblem("senderId", .senderMissing, ["reason": "sms_on"]))
        }
        checked = Self.field(draft.senderID, problems, SenderID(stored: draft.senderID.trimmingWhitespace()), words)
    }

    /// A location's, with what depends on it.
    init(_ draft: LocationDraft, _ existing: Location?, _ recipients: Set<Country>, _ visit: Visit) {
        var draft = draft
        if let existing { draft.forgetRegistration(of: existing, visit.practice) }
        let words = visit.words
        let problems = Self.problems {
            try draft.validated(country: visit.practice.country, keeping: existing?.sender)
        }
        let holding = SenderAdvice.sender(draft, visit.practice).sender
        checked = Self.field(draft.senderID, problems, holding, words, inherits: true)
        registration = RegistrationView(draft, FormProblems(words), recipients, visit)
        hasRegistration = true
        phone = LocationPage.preview(draft.closingText, sender: draft.senderID, visit)
    }

    private static func problems(_ validate: () throws -> Any) -> [FieldProblem] {
        do {
            _ = try validate()
            return []
        } catch {
            return (error as? ProblemList)?.problems.filter { $0.field == "senderId" } ?? []
        }
    }

    private static func field(
        _ value: String,
        _ problems: [FieldProblem],
        _ holding: SenderID?,
        _ words: Words,
        inherits: Bool = false
    ) -> FieldView {
        var field = FieldView.make("senderId", value, FormProblems(words, problems), autocomplete: "off")
        if inherits {
            field.hint = [field.hint, words("sender.inherited")].compactMap(\.self).joined(separator: " ")
        }
        if problems.isEmpty { field.advice = SenderAdvice.sentences(holding, words) }
        return field
    }
}
