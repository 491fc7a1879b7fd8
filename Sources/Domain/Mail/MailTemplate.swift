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
        /// Braces around a word that is none of the placeholders.
        case unknown(name: String, raw: String)
        /// A brace that opens or closes nothing.
        case stray(String)
    }

    public enum Form: Sendable {
        /// One line of at most 150 characters.
        case subject
        /// At most 5,000 characters.
        case body

        public var limit: Int { self == .subject ? 150 : 5000 }
    }

    /// A part of a text as it will look.
    public struct Stretch: Hashable, Sendable {
        public enum Kind: Sendable { case own, filled, fault }

        public let text: String
        public let kind: Kind
    }

    /// Checks a text as a person wrote it; all faults are told at once.
    ///
    /// - Returns: or the failures `text.unknown_placeholder` with `placeholder` and the known ones as `offered`,
    ///   `text.stray_brace`, `field.too_long` with `maximum`, `field.invalid` for control characters.
    public static func parse(_ raw: String, as form: Form, field: String) -> Result<MailTemplate, ProblemList> {
        let text = normalised(raw)
        var problems: [FieldProblem] = []
        if text.unicodeScalars.count > form.limit {
            problems.append(FieldProblem(field, .fieldTooLong, ["maximum": String(form.limit)]))
        }
        if text.unicodeScalars.contains(where: { isForbidden($0, in: form) }) {
            problems.append(FieldProblem(field, .fieldInvalid))
        }
        let pieces = read(text)
        for piece in pieces {
            let problem = problem(of: piece, field)
            if let problem, !problems.contains(problem) { problems.append(problem) }
        }
        guard problems.isEmpty else { return .failure(ProblemList(problems)) }
        return .success(MailTemplate(source: text, pieces: pieces))
    }

    /// Takes a text back from where it was stored after `parse`; nil where it no longer passes.
    public init?(stored: String) {
        let pieces = Self.read(stored)
        guard pieces.allSatisfy({ Self.problem(of: $0, "") == nil }) else { return nil }
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
        Self.fill(pieces, value).map(\.text).joined()
    }

    /// A text that is still being written, with what is known filled in and what is wrong with it marked.
    public static func stretches(of raw: String, _ value: (MailPlaceholder) -> String) -> [Stretch] {
        fill(read(normalised(raw)), value)
    }

    /// With round brackets in place of braces, so that nobody can take it for a placeholder.
    static func harmless(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(scalar == "{" ? "(" : scalar == "}" ? ")" : scalar) }
        return String(result)
    }

    private static func fill(_ pieces: [Piece], _ value: (MailPlaceholder) -> String) -> [Stretch] {
        var stretches: [Stretch] = []
        // Where nothing is filled in, one of the two blanks around it goes too.
        var isGap = false
        var isAfterBlank = true
        for piece in pieces {
            let stretch: Stretch
            switch piece {
            case .words(let words):
                let rest = isGap && isAfterBlank && words.hasPrefix(" ") ? String(words.dropFirst()) : words
                stretch = Stretch(text: rest, kind: .own)
                isGap = false
            case .open(let placeholder):
                stretch = Stretch(text: harmless(value(placeholder)), kind: .filled)
                isGap = stretch.text.isEmpty
            case .unknown(_, let raw), .stray(let raw): stretch = Stretch(text: raw, kind: .fault)
            }
            if let last = stretch.text.last {
                isAfterBlank = last.isWhitespace
                stretches.append(stretch)
            }
        }
        return stretches
    }

    private static func normalised(_ raw: String) -> String {
        raw.precomposedStringWithCanonicalMapping.replacingOccurrences(of: "\r\n", with: "\n").trimmingWhitespace()
    }

    private static func isForbidden(_ scalar: Unicode.Scalar, in form: Form) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: form == .subject || scalar != "\n" && scalar != "\t"
        case .lineSeparator, .paragraphSeparator: form == .subject
        default: false
        }
    }

    private static func problem(of piece: Piece, _ field: String) -> FieldProblem? {
        switch piece {
        case .words, .open: return nil
        case .stray: return FieldProblem(field, .textStrayBrace)
        case .unknown(let name, _):
            let offered = MailPlaceholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
            return FieldProblem(field, .textUnknownPlaceholder, ["placeholder": name, "offered": offered])
        }
    }

    /// By scalars: a mark that is put upon a brace does not hide it.
    private static func read(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text).unicodeScalars
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if brace > rest.startIndex { pieces.append(.words(String(rest[..<brace]))) }
            let after = rest[rest.index(after: brace)...]
            guard rest[brace] == "{", let end = after.firstIndex(where: { $0 == "{" || $0 == "}" || $0 == "\n" }),
                after[end] == "}"
            else {
                pieces.append(.stray(String(rest[brace])))
                rest = after
                continue
            }
            let name = String(after[..<end])
            let next = after.index(after: end)
            if let placeholder = MailPlaceholder(rawValue: name.lowercased().trimmingWhitespace()) {
                pieces.append(.open(placeholder))
            } else {
                pieces.append(.unknown(name: String(name.prefix(40)), raw: String(rest[brace..<next])))
            }
            rest = after[next...]
        }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        return pieces
    }
}
