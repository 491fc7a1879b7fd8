import Domain
import Storage

/// A provider's account as it stands in the form: the draft, and what the form puts in other words than the draft.
struct ProviderEntry: Hashable, Sendable {
    /// Where it stands among the practice's other providers.
    enum Order: String, Sendable {
        case first, last, keep
    }

    /// What a page may set is what concerns the account; a file of the server is the operator's to name.
    private static let operatorsOptions = ["ca-file"]

    var draft: ProviderDraft
    /// The options as lines.
    var options: String
    var isForAll: Bool
    /// The letters of the countries that are ticked.
    var countries: Set<String>
    var order: Order
    private let given: [String: String]
    private let isNew: Bool

    /// Something new. It is switched on by hand, once it was tried.
    init(_ kind: Provider.Kind, name: String) {
        draft = ProviderDraft(name: name, kind: kind.rawValue, isEnabled: false)
        (options, isForAll, countries, order, given, isNew) = ("", true, [], .last, [:], true)
    }

    init(existing provider: Provider) {
        draft = ProviderDraft(existing: provider)
        options = Self.lines(provider.options)
        isForAll = provider.countries.isEmpty
        countries = Set(provider.countries.map(\.rawValue))
        order = .keep
        given = provider.options
        isNew = false
    }

    /// With the inputs of the form in place of what was there.
    func with(_ form: FormData) -> ProviderEntry {
        var entry = self
        entry.draft.name = form["name"]
        entry.draft.url = form["url"]
        // Kinds that ask for no user have no such field.
        if form.has("user") { entry.draft.user = form["user"] }
        entry.draft.secret = form["secret"]
        entry.options = form["options"]
        entry.isForAll = form["countries"] != "some"
        entry.countries = Set(CountryChoices.letters(including: countries).filter { form.isOn("country" + $0) })
        entry.order = Order(rawValue: form["order"]) ?? order
        return entry
    }

    /// The draft that it stands for.
    ///
    /// - Parameter others: the practice's other providers.
    /// - Throws: `ProblemList` with the form's own names.
    func finished(beside others: [Provider]) throws -> ProviderDraft {
        var finished = draft
        var problems: [FieldProblem] = []
        finished.options = [:]
        for line in options.split(whereSeparator: \.isNewline).map({ String($0).trimmingWhitespace() })
        where !line.isEmpty {
            guard let sign = line.firstIndex(of: "="), sign != line.startIndex else {
                problems.append(FieldProblem("options", .fieldInvalid, ["line": line]))
                continue
            }
            finished.options[String(line[..<sign]).trimmingWhitespace()] = String(line[line.index(after: sign)...])
                .trimmingWhitespace()
        }
        for name in Self.operatorsOptions where finished.options[name] != given[name] {
            problems.append(FieldProblem("options", .providerUnusable, ["reason": "operators_option", "name": name]))
        }
        problems += missing
        if !isForAll, countries.isEmpty { problems.append(FieldProblem("countries", .fieldRequired)) }
        finished.countries = isForAll ? "" : countries.sorted().joined(separator: " ")
        finished.priority = priority(beside: others)
        if !problems.isEmpty { throw ProblemList(problems) }
        return finished
    }

    /// What the services with an address of their own ask of everyone.
    private var missing: [FieldProblem] {
        guard isNew, let kind = Provider.Kind(rawValue: draft.kind), [.seven, .websms, .twilio].contains(kind) else {
            return []
        }
        let fields = kind == .twilio ? ["user": draft.user, "secret": draft.secret] : ["secret": draft.secret]
        return fields.filter { $0.value.trimmingWhitespace().isEmpty }.keys.sorted()
            .map { FieldProblem($0, .fieldRequired, ["reason": "account"]) }
    }

    private func priority(beside others: [Provider]) -> String {
        let taken = others.map(\.priority)
        guard let least = taken.min(), let most = taken.max() else { return draft.priority }
        switch order {
        case .keep: return draft.priority
        case .first: return String(max(0, least - 1))
        case .last: return String(min(1_000_000, most + 1))
        }
    }

    private static func lines(_ options: [String: String]) -> String {
        options.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }.joined(separator: "\n")
    }
}

/// The countries that a form offers: those next door, and whatever else the account names.
enum CountryChoices {
    static func letters(including more: Set<String>) -> [String] {
        let near = ["AT", "DE", "CH"]
        return near + more.subtracting(near).sorted()
    }
}

extension ProblemList {
    /// With the names that the fields have on the page; those of options say which one is meant.
    var ofProviderForm: ProblemList {
        ProblemList(
            problems.map { problem in
                var problem = problem
                if problem.field == "secret-file" { problem.field = "secret" }
                guard problem.field.hasPrefix("option"), problem.field != "options" else { return problem }
                let name = problem.field.drop { $0 != "." }.dropFirst()
                problem.field = "options"
                if let reason = problem.arguments["reason"], !name.isEmpty {
                    problem.arguments["reason"] = name + ": " + reason
                }
                return problem
            }
        )
    }
}
