import Domain
import Foundation
import Storage

/// The count as a file for a spreadsheet (RFC 4180, with semicolons as those of German and Austrian offices expect).
enum CostsTable {
    static func text(_ lines: [UsageLine], _ words: Words) -> String {
        let heads = ["month", "place", "messages", "segments", "priced", "price", "currency"]
        let header = heads.map { words("costs.column." + $0) }
        let rows = lines.filter { $0.messages > 0 }.map { line in
            [
                String(line.month / 100) + "-" + two(line.month % 100), harmless(line.locationName),
                String(line.messages), String(line.segments), String(line.priced),
                line.price.map { $0.decimal.replacing(".", with: words("number.point")) } ?? "",
                line.price?.currency ?? "",
            ]
        }
        // The mark tells a spreadsheet that this is UTF-8.
        return "\u{FEFF}" + ([header] + rows).map { $0.map(quoted).joined(separator: ";") + "\r\n" }.joined()
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

    /// A name that a spreadsheet would take for a formula begins with an apostrophe.
    private static func harmless(_ name: String) -> String {
        guard let first = name.first, "=+-@\t\r".contains(first) else { return name }
        return "'" + name
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { ";\"".contains($0) || $0.isNewline }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
