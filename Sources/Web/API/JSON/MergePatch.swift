import Domain

/// The members of a request's body, each taken once under the name that the interface gives it.
///
/// On PATCH it is a JSON Merge Patch (RFC 7396): what is missing stays as it is, and null clears. On POST a missing
/// member leaves the draft's own value, and null says the same. Faults are collected, so that a caller sees them all.
struct MergePatch: Sendable {
    private let members: [String: JSONValue]
    private var taken: Set<String> = []
    private(set) var problems: [FieldProblem] = []

    /// - Throws: ``ProblemList`` where the text is no object.
    init(_ value: JSONValue) throws {
        guard case .object(let members) = value else { throw ProblemList(FieldProblem("", .fieldInvalid)) }
        // RFC 8259 §4 leaves open what a name that stands twice means; the last one counts, as in most parsers.
        self.members = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
    }

    /// A text; null makes it empty.
    mutating func take(_ name: String, into text: inout String) {
        switch member(name) {
        case nil: break
        case .null: text = ""
        case .string(let value): text = value
        default: fault(name)
        }
    }

    /// A text that may be left out; null takes it away.
    mutating func take(_ name: String, into text: inout String?) {
        switch member(name) {
        case nil: break
        case .null: text = nil
        case .string(let value): text = value
        default: fault(name)
        }
    }

    /// True or false; null makes it false, as it is when nothing was ever said.
    mutating func take(_ name: String, into truth: inout Bool) {
        switch member(name) {
        case nil: break
        case .null: truth = false
        case .bool(let value): truth = value
        default: fault(name)
        }
    }

    /// A whole number, as the text that a form would hold; null makes it empty.
    mutating func takeNumber(_ name: String, into text: inout String) {
        switch member(name) {
        case nil: break
        case .null: text = ""
        case .integer(let value): text = String(value)
        default: fault(name)
        }
    }

    /// Whether the request names the member, be it as null.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// An instant as the interface spells it: RFC 3339 with its offset; null and "" make it empty.
    mutating func takeInstant(_ name: String, into text: inout String) {
        var value = text
        take(name, into: &value)
        if value != text, !value.isEmpty, RFC3339.parse(value) == nil { fault(name) }
        text = value
    }

    /// - Throws: ``ProblemList`` with every value of a wrong type and every member that nothing asked for.
    func finish() throws {
        let unknown = members.keys.filter { !taken.contains($0) }.sorted()
        let all = problems + unknown.map { FieldProblem($0, .fieldUnknown) }
        if !all.isEmpty { throw ProblemList(all) }
    }

    private mutating func member(_ name: String) -> JSONValue? {
        taken.insert(name)
        return members[name]
    }

    private mutating func fault(_ name: String) { problems.append(FieldProblem(name, .fieldInvalid)) }
}
