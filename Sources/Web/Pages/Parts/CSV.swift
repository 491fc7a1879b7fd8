/// Lines of a file that spreadsheets read.
enum CSV {
    static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ";") + "\r\n" }

    /// What a spreadsheet would take for a formula is marked as text by an apostrophe; what has a separator, a quote or an
    /// end of line in it stands in quotes (RFC 4180 §2).
    static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        let isQuoted = safe.unicodeScalars.contains { ";\"\r\n\t".unicodeScalars.contains($0) }
        return isQuoted ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }
}
