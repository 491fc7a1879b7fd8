/// A block of the help as HTML. The texts are the product's own; what they hold is text all the same, and escaped.
enum HelpHTML {
    static func of(_ block: HelpText.Block) -> String? {
        switch block {
        case .paragraph(let inlines): return "<p>" + text(inlines) + "</p>"
        case .list(let isNumbered, let items):
            let tag = isNumbered ? "ol" : "ul"
            return "<\(tag)>" + items.map { "<li>" + text($0) + "</li>" }.joined() + "</\(tag)>"
        case .insert: return nil
        }
    }

    private static func text(_ inlines: [HelpText.Inline]) -> String {
        inlines.map { inline in
            switch inline {
            case .text(let text): escaped(text)
            case .strong(let text): "<b>" + escaped(text) + "</b>"
            case .key(let text): "<kbd>" + escaped(text) + "</kbd>"
            case .link(let text, let path): "<a href=\"" + escaped(path) + "\">" + escaped(text) + "</a>"
            }
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        let signs: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"]
        return text.map { signs[$0] ?? String($0) }.joined()
    }
}
