import Domain

/// One labelled input with what is wrong with it.
struct FieldView: Sendable {
    struct Choice: Sendable {
        let value: String
        let label: String
        let isChosen: Bool
    }

    let name: String
    var label: String
    let value: String
    let type: String
    var hint: String?
    /// What is worth knowing about what stands in the field, though nothing is wrong with it.
    var advice: [String] = []
    var problems: [String] = []
    var autocomplete: String?
    var isRequired = false
    var inputMode: String?
    var choices: [Choice] = []
    /// A correction that one click takes over.
    var suggestion: String?
    var isOn = false
    /// Where the help tells more about it.
    var fieldHelp: HelpLink?
    /// Where a script asks what is wrong while somebody types.
    var checkPath: String?
    /// The template that draws it.
    var partial = "parts/field"
}

/// The broken rules of a form, given out field by field.
struct FormProblems: Sendable {
    struct Line: Sendable {
        let target: String
        let sentence: String
    }

    let words: Words
    let problems: [FieldProblem]
    /// Someone else changed the record since the form was opened.
    let isStale: Bool

    init(_ words: Words, _ problems: [FieldProblem] = [], isStale: Bool = false) {
        self.words = words
        self.problems = problems
        self.isStale = isStale
    }

    /// The sentences beside a field.
    func of(_ field: String) -> [String] { problems.filter { $0.field == field }.map(words.sentence) }

    /// All of them, each with a link to its field; nil when there is none.
    var summary: ProblemSummary? {
        if isStale { return ProblemSummary(heading: words("form.stale"), lines: []) }
        guard !problems.isEmpty else { return nil }
        return ProblemSummary(
            heading: words.counted("form.problems", problems.count),
            lines: problems.map { Line(target: $0.field, sentence: words.sentence($0)) }
        )
    }

    /// The first correction that a rule offers for a field.
    func suggestion(for field: String) -> String? {
        problems.first { $0.field == field && $0.arguments["suggestion"]?.isEmpty == false }?.arguments["suggestion"]
    }
}

/// What stands at the top of a form that was refused.
struct ProblemSummary: Sendable {
    let heading: String
    let lines: [FormProblems.Line]
}

extension FieldView {
    /// A field of a form, labelled from the catalogue: `field.<name>`, with the hint `hint.<name>` where there is one.
    static func make(
        _ name: String,
        _ value: String,
        _ problems: FormProblems,
        type: String = "text",
        autocomplete: String? = nil,
        isRequired: Bool = false,
        inputMode: String? = nil
    ) -> FieldView {
        let words = problems.words
        return FieldView(
            name: name,
            label: words("field." + name),
            value: value,
            type: type,
            hint: words.catalogue.has("hint." + name) ? words("hint." + name) : nil,
            problems: problems.of(name),
            autocomplete: autocomplete,
            isRequired: isRequired,
            inputMode: inputMode,
            suggestion: problems.suggestion(for: name),
            fieldHelp: HelpLink(field: name, words)
        )
    }

    /// A switch.
    static func checkbox(_ name: String, _ isOn: Bool, _ problems: FormProblems) -> FieldView {
        var field = make(name, "on", problems, type: "checkbox")
        field.isOn = isOn
        field.partial = "parts/checkbox"
        return field
    }

    /// A field with a list to choose from.
    static func select(
        _ name: String,
        _ value: String,
        _ problems: FormProblems,
        _ choices: [(value: String, label: String)]
    ) -> FieldView {
        var field = make(name, value, problems, type: "select")
        field.partial = "parts/select"
        field.choices = choices.map { Choice(value: $0.value, label: $0.label, isChosen: $0.value == value) }
        return field
    }
}
