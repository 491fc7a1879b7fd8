import Foundation

/// A topic as it was written: a small part of Markdown (CommonMark 0.31), since the texts are our own: `#` and `##`
/// headings, paragraphs, lists by `-` and `1.`, `**strong**`, `` `key` `` and `[words](/path)`. A line `@word` puts what the
/// program knows in its place. Whatever else stands there is text.
struct HelpText: Sendable {
    enum Block: Hashable, Sendable {
        case paragraph([Inline])
        case list(isNumbered: Bool, [[Inline]])
        /// What the catalogue says: `sms`, `email`, `bounces`, `support`.
        case insert(String)
    }

    enum Inline: Hashable, Sendable {
        case text(String)
        case strong(String)
        case key(String)
        case link(String, path: String)

        var plain: String {
            switch self {
            case .text(let text), .strong(let text), .key(let text), .link(let text, _): text
            }
        }
    }

    struct Section: Sendable {
        /// Of its heading, for links; empty for what stands before the first one.
        let id: String
        let heading: String
        var blocks: [Block] = []
    }

    private(set) var title = ""
    private(set) var sections: [Section] = []

    init(_ source: String) {
        var lines: [Substring] = []
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") {
                title = line.dropFirst(2).trimmingSpaces()
            } else if line.hasPrefix("## ") {
                sections.append(Self.section(line.dropFirst(3).trimmingSpaces()))
            } else if line.trimmingSpaces().isEmpty {
                add(lines)
                lines = []
            } else {
                lines.append(line)
            }
        }
        add(lines)
    }

    /// What the topic is about: its first paragraph.
    var summary: String {
        guard case .paragraph(let inlines)? = sections.first(where: { $0.id.isEmpty })?.blocks.first else { return "" }
        return inlines.map(\.plain).joined()
    }

    /// `## Heading {#anchor}`; without one the anchor is made of the heading.
    private static func section(_ line: String) -> Section {
        guard let open = line.range(of: " {#"), line.hasSuffix("}") else {
            return Section(id: slug(line), heading: line)
        }
        return Section(id: String(line[open.upperBound...].dropLast()), heading: String(line[..<open.lowerBound]))
    }

    private static func slug(_ heading: String) -> String {
        let folded = FoldedText.spelledOut(heading).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(folded).split(separator: "-").joined(separator: "-")
    }

    private mutating func add(_ lines: [Substring]) {
        guard let first = lines.first else { return }
        if sections.isEmpty { sections.append(Section(id: "", heading: "")) }
        let block: Block
        if first.hasPrefix("@"), lines.count == 1 {
            block = .insert(first.dropFirst().trimmingSpaces())
        } else if Self.item(first) != nil {
            block = .list(isNumbered: !first.hasPrefix("- "), Self.items(lines))
        } else {
            block = .paragraph(Self.inlines(lines.map { $0.trimmingSpaces() }.joined(separator: " ")))
        }
        sections[sections.count - 1].blocks.append(block)
    }

    /// A line that begins an item, without its mark.
    private static func item(_ line: Substring) -> String? {
        if line.hasPrefix("- ") { return line.dropFirst(2).trimmingSpaces() }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return line.dropFirst(digits.count + 2).trimmingSpaces()
    }

    private static func items(_ lines: [Substring]) -> [[Inline]] {
        var items: [String] = []
        for line in lines {
            if let item = item(line) {
                items.append(item)
            } else if !items.isEmpty {
                items[items.count - 1] += " " + line.trimmingSpaces()
            }
        }
        return items.map(inlines)
    }

    static func inlines(_ text: String) -> [Inline] {
        var inlines: [Inline] = []
        var plain = ""
        var rest = text[...]
        while let character = rest.first {
            guard let (inline, after) = marked(rest) else {
                plain.append(character)
                rest = rest.dropFirst()
                continue
            }
            if !plain.isEmpty { inlines.append(.text(plain)) }
            plain = ""
            inlines.append(inline)
            rest = after
        }
        if !plain.isEmpty { inlines.append(.text(plain)) }
        return inlines
    }

    /// What begins here with a mark, and what follows it.
    private static func marked(_ text: Substring) -> (Inline, Substring)? {
        if text.hasPrefix("**"), let close = text.dropFirst(2).range(of: "**") {
            return (.strong(String(text.dropFirst(2)[..<close.lowerBound])), text[close.upperBound...])
        }
        if text.hasPrefix("`"), let close = text.dropFirst().range(of: "`") {
            return (.key(String(text.dropFirst()[..<close.lowerBound])), text[close.upperBound...])
        }
        guard text.hasPrefix("["), let middle = text.range(of: "]("),
            let close = text[middle.upperBound...].range(of: ")")
        else { return nil }
        let words = text[text.index(after: text.startIndex)..<middle.lowerBound]
        let path = text[middle.upperBound..<close.lowerBound]
        return (.link(String(words), path: String(path)), text[close.upperBound...])
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String {
        let start = drop { $0 == " " }
        return String(start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)])
    }
}
