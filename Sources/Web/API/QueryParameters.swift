import Domain
import Foundation
import Storage

/// The lists of the interface: each marks its cursors as its own.
enum APIList: String, CaseIterable, Sendable {
    case appointments, inbound, locations, messages, patients, practitioners

    var mark: String { rawValue + "." }
}

/// The query of an address, read as HTML forms write it (WHATWG URL §5.1); parameters nobody asks for are ignored.
struct QueryParameters: Sendable {
    private let values: [String: String]

    init(_ query: String?) {
        let pairs = (query ?? "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
            return (sides[0], sides.count > 1 ? sides[1] : "")
        }
        values = Dictionary(pairs) { first, _ in first }
    }

    /// nil where the parameter is missing or empty.
    subscript(name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// Whether a parameter is set: `true`, `1` or nothing behind its name; anything else but `false` and `0` is refused.
    func flag(_ name: String) throws -> Bool {
        switch values[name]?.lowercased() {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        default: throw ProblemList(FieldProblem(name, .fieldInvalid))
        }
    }

    /// An id; one of another form is refused.
    func id<Owner>(_ name: String) throws -> Identifier<Owner>? {
        guard let text = self[name] else { return nil }
        guard let id = Identifier<Owner>(text) else { throw ProblemList(FieldProblem(name, .fieldInvalid)) }
        return id
    }

    /// One of the words of an enumeration.
    func word<Value: RawRepresentable>(_ name: String) throws -> Value? where Value.RawValue == String {
        guard let text = self[name] else { return nil }
        guard let value = Value(rawValue: text) else { throw ProblemList(FieldProblem(name, .fieldInvalid)) }
        return value
    }

    /// A whole number of the range.
    func number(_ name: String, in range: ClosedRange<Int>, standard: Int) throws -> Int {
        guard let text = self[name] else { return standard }
        guard let value = Int(text), range.contains(value) else { throw ProblemList(FieldProblem(name, .fieldInvalid)) }
        return value
    }

    /// An instant, or the beginning of a day in the zone.
    ///
    /// The plus of an offset often arrives as a blank, because forms write a blank so: it is read as the plus.
    func instant(_ name: String, zone: TimeZone) throws -> Date? {
        guard let text = self[name] else { return nil }
        if let day = LocalDate(iso: text) { return WallTime(date: day, hour: 0, minute: 0).instant(in: zone) }
        guard let read = RFC3339.parse(text.replacing(" ", with: "+")) else {
            throw ProblemList(FieldProblem(name, .fieldInvalid))
        }
        return read.instant
    }

    /// As `instant`, but a day means its end: the whole day lies before it.
    func end(_ name: String, zone: TimeZone) throws -> Date? {
        guard let text = self[name], let day = LocalDate(iso: text) else { return try instant(name, zone: zone) }
        return WallTime(date: day.adding(days: 1), hour: 0, minute: 0).instant(in: zone)
    }

    /// `limit` (1…200, 50) and `cursor`; the cursor of another list is refused.
    func page(of list: APIList) throws -> PageRequest {
        let limit = try number("limit", in: 1...200, standard: 50)
        guard let cursor = self["cursor"] else { return PageRequest(limit: limit, cursor: nil) }
        guard cursor.hasPrefix(list.mark) else { throw ProblemList(FieldProblem("cursor", .fieldInvalid)) }
        return PageRequest(limit: limit, cursor: String(cursor.dropFirst(list.mark.count)))
    }

    private static func decoded(_ text: Substring) -> String {
        let text = String(text.replacing("+", with: " "))
        return text.removingPercentEncoding ?? text
    }
}
