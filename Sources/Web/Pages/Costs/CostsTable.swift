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
                String(line.month / 100) + "-" + two(line.month % 100), line.locationName,
                String(line.messages), String(line.segments), String(line.priced),
                line.price.map { $0.decimal.replacing(".", with: words("number.point")) } ?? "",
                line.price?.currency ?? "",
            ]
        }
        // The mark tells a spreadsheet that this is UTF-8.
        return "\u{FEFF}" + ([header] + rows).map(CSV.line).joined()
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
