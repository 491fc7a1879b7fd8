import Domain

/// The form of an account, with the fields of its kind only.
struct ProviderForm: Sendable {
    /// A country to be ticked.
    struct Tick: Sendable {
        let name: String
        let label: String
        let isOn: Bool
    }

    /// For which countries, as two choices and the ticks of the second.
    struct Countries: Sendable {
        let isForAll: Bool
        let ticks: [Tick]
        let problems: [String]
    }

    let frame: FormFrame
    let fields: [FieldView]
    let countries: Countries
    /// nil where there is nothing to stand before or behind.
    let order: FieldView?
    let further: [FieldView]
    /// Whether what is rarely needed is shown at once.
    let isOpen: Bool

    init(
        _ entry: ProviderEntry,
        _ existing: Provider?,
        others: [Provider],
        hasSecret: Bool,
        _ problems: FormProblems,
        saved: Bool = false
    ) {
        let kind = existing?.kind ?? Provider.Kind(rawValue: entry.draft.kind) ?? .http
        let needsAddress = kind == .smpp || kind == .http
        frame = FormFrame(
            action: existing.map { ProviderPath.of($0.id) } ?? ProviderPath.new(kind),
            problems: problems,
            version: existing?.version,
            saved: saved
        )
        let url = Self.url(entry, kind, problems, isRequired: needsAddress)
        fields =
            [Self.name(entry, problems)] + (needsAddress ? [url] : []) + Self.user(entry, kind, problems)
            + [Self.secret(kind, problems, hasSecret: hasSecret)]
        countries = Self.countries(entry, problems)
        order = others.isEmpty ? nil : Self.order(entry, existing, others, problems)
        let options = Self.options(entry, kind, problems)
        further = (needsAddress ? [] : [url]) + [options]
        let isWrong = !problems.of("options").isEmpty || !needsAddress && !problems.of("url").isEmpty
        isOpen = isWrong || kind == .http || !entry.options.isEmpty
    }

    private static func name(_ entry: ProviderEntry, _ problems: FormProblems) -> FieldView {
        var field = FieldView.make("name", entry.draft.name, problems, autocomplete: "off", isRequired: true)
        field.hint = problems.words("provider.hint.name")
        return field
    }

    private static func url(
        _ entry: ProviderEntry,
        _ kind: Provider.Kind,
        _ problems: FormProblems,
        isRequired: Bool
    ) -> FieldView {
        let words = problems.words
        var field = FieldView.make(
            "url",
            entry.draft.url,
            problems,
            autocomplete: "off",
            isRequired: isRequired,
            inputMode: "url"
        )
        field.hint = words(isRequired ? "provider.hint.url." + kind.rawValue : "provider.hint.url")
        return field
    }

    private static func user(
        _ entry: ProviderEntry,
        _ kind: Provider.Kind,
        _ problems: FormProblems
    ) -> [FieldView] {
        guard kind != .seven, kind != .simulator else { return [] }
        let words = problems.words
        var field = FieldView.make("user", entry.draft.user, problems, autocomplete: "off", isRequired: kind == .twilio)
        field.label = words("provider.user." + kind.rawValue)
        let hint = "provider.hint.user." + kind.rawValue
        field.hint = words.catalogue.has(hint) ? words(hint) : nil
        return [field]
    }

    /// Its value never comes back to the page.
    private static func secret(_ kind: Provider.Kind, _ problems: FormProblems, hasSecret: Bool) -> FieldView {
        let words = problems.words
        var field = FieldView.make("secret", "", problems, type: "password", autocomplete: "new-password")
        field.label = words("provider.secret." + kind.rawValue)
        let hint = "provider.hint.secret." + kind.rawValue
        let standing = hasSecret ? "provider.secret.kept" : problems.problems.isEmpty ? nil : "provider.secret.again"
        let hints = [standing.map { words($0) }, words.catalogue.has(hint) ? words(hint) : nil].compactMap(\.self)
        field.hint = hints.isEmpty ? nil : hints.joined(separator: " ")
        return field
    }

    private static func countries(_ entry: ProviderEntry, _ problems: FormProblems) -> Countries {
        let words = problems.words
        let letters = CountryChoices.letters(including: entry.countries)
        return Countries(
            isForAll: entry.isForAll,
            ticks: letters.map { letters in
                let name = "country." + letters
                return Tick(
                    name: "country" + letters,
                    label: words.catalogue.has(name) ? words(name) : letters,
                    isOn: entry.countries.contains(letters)
                )
            },
            problems: problems.of("countries")
        )
    }

    private static func order(
        _ entry: ProviderEntry,
        _ existing: Provider?,
        _ others: [Provider],
        _ problems: FormProblems
    ) -> FieldView {
        let words = problems.words
        let names = ["others": words.list(others.map(\.name))]
        var choices = [
            (value: ProviderEntry.Order.first.rawValue, label: words("provider.order.first", names)),
            (value: ProviderEntry.Order.last.rawValue, label: words("provider.order.last", names)),
        ]
        if existing != nil {
            choices.insert((value: ProviderEntry.Order.keep.rawValue, label: words("provider.order.keep")), at: 0)
        }
        return .select("order", entry.order.rawValue, problems, choices)
    }

    private static func options(_ entry: ProviderEntry, _ kind: Provider.Kind, _ problems: FormProblems) -> FieldView {
        var field = FieldView.make("options", entry.options, problems)
        field.hint = problems.words("provider.hint.options." + kind.rawValue)
        field.partial = "parts/lines"
        return field
    }
}
