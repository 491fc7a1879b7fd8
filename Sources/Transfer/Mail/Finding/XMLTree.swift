/// An element of a small XML document of others, read strictly and without anything that a document can have done: no
/// document type, so no entity of its own, nothing fetched, nothing expanded beyond its size.
struct XMLTree: Hashable, Sendable {
    let name: String
    var attributes: [String: String] = [:]
    var children: [XMLTree] = []
    /// Its own text, without that of its children, trimmed.
    var text = ""

    /// Of elements within elements.
    static let deepest = 16
    /// Of all elements.
    static let most = 1000

    /// nil where the document is not well-formed in all that counts here, or has a document type.
    static func read(_ bytes: [UInt8]) -> XMLTree? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = XMLReader(text)
        return reader.document()
    }

    func children(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

    /// The text of the first child of this name.
    func text(_ name: String) -> String? { children.first { $0.name == name }?.text }
}

/// Reads from the start to the end, without going back.
private struct XMLReader {
    private var rest: Substring.UnicodeScalarView
    private var count = 0

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    mutating func document() -> XMLTree? {
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
        guard skipBetween(), take("<"), let root = element(depth: 1), skipBetween(), rest.isEmpty else { return nil }
        return root
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest.removeFirst(text.unicodeScalars.count)
        return true
    }

    /// All up to a text, which is passed over; nil where it does not come.
    private mutating func upTo(_ end: String) -> String? {
        var taken = String.UnicodeScalarView()
        while !rest.isEmpty {
            if take(end) { return String(taken) }
            taken.append(rest.removeFirst())
        }
        return nil
    }

    /// Whether there was any.
    @discardableResult
    private mutating func skipSpace() -> Bool {
        var isFound = false
        while let next = rest.first, next.properties.isWhitespace {
            rest.removeFirst()
            isFound = true
        }
        return isFound
    }

    /// Space, comments and instructions; false where one does not end. A document type stays, and is nobody's element.
    private mutating func skipBetween() -> Bool {
        while true {
            skipSpace()
            if take("<!--") {
                if upTo("-->") == nil { return false }
            } else if take("<?") {
                if upTo("?>") == nil { return false }
            } else {
                return true
            }
        }
    }

    private mutating func name() -> String? {
        var name = String.UnicodeScalarView()
        while let next = rest.first, next.properties.isAlphabetic || "0123456789-_.:".unicodeScalars.contains(next) {
            name.append(rest.removeFirst())
        }
        return name.isEmpty || name.count > 100 ? nil : String(name)
    }

    /// Behind its `<`.
    private mutating func element(depth: Int) -> XMLTree? {
        count += 1
        guard depth <= XMLTree.deepest, count <= XMLTree.most, let name = name() else { return nil }
        var tree = XMLTree(name: name)
        while true {
            let isParted = skipSpace()
            if take("/>") { return tree }
            if take(">") { break }
            guard isParted, let (key, value) = attribute(), tree.attributes[key] == nil else { return nil }
            tree.attributes[key] = value
        }
        return content(of: tree, depth: depth)
    }

    private mutating func attribute() -> (String, String)? {
        guard let key = name() else { return nil }
        skipSpace()
        guard take("=") else { return nil }
        skipSpace()
        guard let mark = rest.first, mark == "\"" || mark == "'" else { return nil }
        rest.removeFirst()
        guard let raw = upTo(String(mark)), !raw.contains("<"), let value = Self.unescaped(raw) else { return nil }
        return (key, value)
    }

    private mutating func content(of element: XMLTree, depth: Int) -> XMLTree? {
        var tree = element
        var text = ""
        while !rest.isEmpty {
            if take("</") {
                guard name() == tree.name else { return nil }
                skipSpace()
                guard take(">") else { return nil }
                tree.text = Self.trimmed(text)
                return tree
            } else if take("<!--") {
                if upTo("-->") == nil { return nil }
            } else if take("<![CDATA[") {
                guard let part = upTo("]]>") else { return nil }
                text += part
            } else if take("<?") {
                if upTo("?>") == nil { return nil }
            } else if take("<") {
                guard let child = self.element(depth: depth + 1) else { return nil }
                tree.children.append(child)
            } else {
                var raw = String.UnicodeScalarView()
                while let next = rest.first, next != "<" { raw.append(rest.removeFirst()) }
                guard let part = Self.unescaped(String(raw)) else { return nil }
                text += part
            }
        }
        return nil
    }

    private static func trimmed(_ text: String) -> String {
        let head = text.drop { $0.isWhitespace }
        return head.lastIndex { !$0.isWhitespace }.map { String(head[...$0]) } ?? ""
    }

    private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    /// The five entities that XML has by itself, and characters by number; nil for any other.
    private static func unescaped(_ text: String) -> String? {
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            let inner = rest[rest.index(after: start)...]
            guard let end = inner.prefix(12).firstIndex(of: ";"), let part = entity(inner[..<end]) else { return nil }
            result += part
            rest = inner[inner.index(after: end)...]
        }
        return result + rest
    }

    private static func entity(_ name: Substring) -> String? {
        if let known = entities[String(name)] { return known }
        guard name.hasPrefix("#") else { return nil }
        let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
        return number.flatMap(UnicodeScalar.init).map { String(Character($0)) }
    }
}
