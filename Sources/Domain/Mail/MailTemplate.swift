import Foundation

/// A subject or a body with placeholders, such as `Termin am {datum}`. One that was parsed has no other braces, so no raw
/// placeholder can leave.
public struct MailTemplate: Hashable, Sendable {
    /// As it was written, in NFC, with LF.
    public let source: String
    private let pieces: [Piece]

    private enum Piece: Hashable {
        case words(String)
        case open(MailPlaceholder)
    }

    public enum Form: Sendable {
        /// One line of at most 150 characters.
        case subject
        /// At most 5,000 characters.
        case body

        var limit: Int { self == .subject ? 150 : 5000 }
    }

    /// Checks a text as a person wrote it; all faults are told at once.
    ///
    /// - Throws: `text.unknown_placeholder` with `placeholder` and the known ones as `offered`, `text.stray_brace`,
    ///   `field.too_long`, `field.invalid` for control characters.
    public static func parse(_ raw: String, as form: Form, field: String) -> Result<MailTemplate, ProblemList> {
        let text = raw.precomposedStringWithCanonicalMapping
            .replacingOccurrences(of: "\r\n", with: "\n")
            .trimmingWhitespace()
        var problems: [FieldProblem] = []
        if text.count > form.limit {
            problems.append(FieldProblem(field, .fieldTooLong, ["limit": String(form.limit)]))
        }
        let isForbidden = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control && (form == .subject || scalar != "\n" && scalar != "\t")
        }
        if text.unicodeScalars.contains(where: isForbidden) { problems.append(FieldProblem(field, .fieldInvalid)) }
        let (pieces, faults) = read(text)
        for fault in faults {
            switch fault {
            case .stray: problems.append(FieldProblem(field, .textStrayBrace))
            case .unknown(let name):
                problems.append(
                    FieldProblem(
                        field,
                        .textUnknownPlaceholder,
                        [
                            "placeholder": name,
                            "offered": MailPlaceholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", "),
                        ]
                    )
                )
            }
        }
        guard problems.isEmpty else { return .failure(ProblemList(problems)) }
        return .success(MailTemplate(source: text, pieces: pieces))
    }

    /// Takes a text back from where it was stored after `parse`; nil where it no longer passes.
    public init?(stored: String) {
        let (pieces, faults) = Self.read(stored)
        guard faults.isEmpty else { return nil }
        self.init(source: stored, pieces: pieces)
    }

    /// Says nothing.
    static let empty = MailTemplate(source: "", pieces: [])

    private init(source: String, pieces: [Piece]) {
        self.source = source
        self.pieces = pieces
    }

    /// With everything filled in. What is filled in is not read again: a name may hold braces, and they leave as round ones.
    public func render(_ value: (MailPlaceholder) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .words(let words): words
            case .open(let placeholder):
                value(placeholder).replacingOccurrences(of: "{", with: "(").replacingOccurrences(of: "}", with: ")")
            }
        }.joined()
    }

    private enum Fault { case stray, unknown(String) }

    private static func read(_ text: String) -> (pieces: [Piece], faults: [Fault]) {
        var pieces: [Piece] = []
        var faults: [Fault] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if brace > rest.startIndex { pieces.append(.words(String(rest[..<brace]))) }
            let after = rest[rest.index(after: brace)...]
            guard rest[brace] == "{", let end = after.firstIndex(where: { "{}\n".contains($0) }), after[end] == "}"
            else {
                faults.append(.stray)
                rest = after
                continue
            }
            let name = after[..<end].lowercased().trimmingWhitespace()
            if let placeholder = MailPlaceholder(rawValue: name) {
                pieces.append(.open(placeholder))
            } else {
                faults.append(.unknown(String(after[..<end].prefix(40))))
            }
            rest = after[after.index(after: end)...]
        }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        return (pieces, faults)
    }
}
