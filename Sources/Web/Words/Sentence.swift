/// A sentence with places `{name}`, taken apart once.
struct Sentence: Hashable, Sendable {
    private enum Part: Hashable {
        case text(String)
        case place(name: String)
    }

    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            parts.append(.text(String(rest[..<open])))
            parts.append(.place(name: String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        self.parts = parts + [.text(String(rest))]
    }

    /// The text with arguments in their places; what an argument brings along is never read as a place again. A place
    /// without an argument stays as it is written.
    func filled(_ arguments: [String: String]) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .place(let name): result += arguments[name] ?? "{" + name + "}"
            }
        }
        return result
    }
}
