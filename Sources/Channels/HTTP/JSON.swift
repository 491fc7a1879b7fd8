import Foundation

/// A JSON text (RFC 8259) as it came, without any expectation of its form.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// nil for what is no JSON, or nested too deep.
    init?(_ body: [UInt8]) {
        guard let value = JSONReader.value(body) else { return nil }
        self = value
    }

    subscript(_ name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// What stands at the end of a path of names and places, `messages.0.id`; the whole for an empty path.
    func at(_ path: String) -> JSON? {
        path.split(separator: ".").reduce(self) { value, step in
            switch value {
            case .object(let members): members[String(step)]
            case .array(let items): Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil }
            default: nil
            }
        }
    }

    var items: [JSON]? { if case .array(let items) = self { items } else { nil } }

    var string: String? { if case .string(let text) = self { text } else { nil } }

    var isTrue: Bool { self == .bool(true) }

    /// A text, or a number spelled out; providers write ids, codes and prices in both ways.
    var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .number(let value): Self.spelled(value)
        case .bool, .null, .array, .object: nil
        }
    }

    /// A whole number, or a text that is one.
    var code: Int? { text.flatMap { Int($0) } }

    /// Without an exponent, which no price has.
    private static func spelled(_ value: Double) -> String {
        let text = "\(value)"
        guard text.contains("e") else { return text }
        return String(format: "%.9f", value)
    }

    /// A text as it stands between the quotation marks of a JSON string (RFC 8259 §7).
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// An object's text. The values are strings, whole numbers, truth values and lists of strings.
    static func object(_ members: [(String, JSON)]) -> [UInt8] {
        Array(("{" + members.map { "\"\(escaped($0))\":\($1.spelling)" }.joined(separator: ",") + "}").utf8)
    }

    private var spelling: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): Self.spelled(value)
        case .string(let text): "\"" + Self.escaped(text) + "\""
        case .array(let items): "[" + items.map(\.spelling).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\"\(Self.escaped($0))\":\($1.spelling)" }
                .joined(separator: ",") + "}"
        }
    }
}
