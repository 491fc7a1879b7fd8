import Database
import Domain
import Foundation

/// The place in a list behind which the next page begins: the sort key and, where keys are equal, the id.
struct Cursor: Hashable {
    let key: Int64
    let id: Int64

    /// Base64 for URLs (RFC 4648 §5), without padding.
    var text: String { Base64URL.encode(Array("\(key):\(id)".utf8)) }

    init(key: Int64, id: Int64) {
        self.key = key
        self.id = id
    }

    /// - Throws: `field.invalid` on `cursor` for anything that `text` never gave.
    init(_ text: String) throws(ProblemList) {
        let bytes = Base64URL.decode(text) ?? []
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let key = Int64(parts[0]), let id = Int64(parts[1]) else {
            throw ProblemList(FieldProblem("cursor", .fieldInvalid))
        }
        self.init(key: key, id: id)
    }
}

extension PageRequest {
    /// - Throws: `field.invalid` on `limit` or `cursor`.
    func checked() throws(ProblemList) -> (limit: Int, cursor: Cursor?) {
        guard (1...200).contains(limit) else {
            throw ProblemList(FieldProblem("limit", .fieldInvalid, ["minimum": "1", "maximum": "200"]))
        }
        guard let cursor else { return (limit, nil) }
        return (limit, try Cursor(cursor))
    }
}

extension Page {
    /// Makes a page of one row more than was asked for: the row too much tells that there is a next page.
    init(_ items: [Item], limit: Int, cursor: (Item) -> Cursor) {
        let shown = Array(items.prefix(limit))
        self.init(items: shown, next: items.count > limit ? shown.last.map { cursor($0).text } : nil)
    }
}

/// Conditions of a WHERE that depend on what was asked for, their values numbered as they come.
struct Conditions {
    private(set) var values: [SQLValue] = []
    private var parts: [String] = []

    /// Adds one condition; each `?` in it is the next of the values.
    mutating func add(_ condition: String, _ new: any SQLBindable...) {
        var text = ""
        var next = new.makeIterator()
        for character in condition {
            if character == "?", let value = next.next() {
                values.append(value.sqlValue)
                text += "$\(values.count)"
            } else {
                text.append(character)
            }
        }
        parts.append(text)
    }

    /// Adds one condition as it is; its values were bound before.
    mutating func add(raw condition: String) { parts.append(condition) }

    /// All of them, for behind WHERE.
    var sql: String { parts.joined(separator: " AND ") }

    /// Numbers one value more, for behind LIMIT or in a condition that is added as it is.
    mutating func bind(_ value: any SQLBindable) -> String {
        values.append(value.sqlValue)
        return "$\(values.count)"
    }
}

/// Base64 with the alphabet for URLs and file names, without padding (RFC 4648 §5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func decode(_ text: String) -> [UInt8]? {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let plain = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        return Data(base64Encoded: plain).map { [UInt8]($0) }
    }
}
