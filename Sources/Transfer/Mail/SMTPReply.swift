/// A mail server's reply (RFC 5321 §4.2).
public struct SMTPReply: Hashable, Sendable {
    /// 200 to 599.
    public let code: Int
    /// Of the last line that has one (RFC 3463, RFC 2034 §4).
    public let enhanced: EnhancedCode?
    /// The words of all lines with a blank between them, without codes and control characters; at most 500 characters.
    /// They may name addresses.
    public let text: String

    public init(code: Int, enhanced: EnhancedCode? = nil, text: String = "") {
        self.code = code
        self.enhanced = enhanced
        self.text = text
    }

    /// One line as it came, the last of a reply; nil where it is none.
    public init?(line: String) {
        var reader = SMTPReplyReader()
        reader.add(Array(line.utf8) + [0x0D, 0x0A])
        guard case .reply(let reply) = reader.next() else { return nil }
        self = reply
    }

    public var isPositive: Bool { (200..<300).contains(code) }
    public var isTransient: Bool { (400..<500).contains(code) }
    public var isPermanent: Bool { (500..<600).contains(code) }
    /// The server closes the connection (RFC 5321 §3.8).
    public var closes: Bool { code == 421 }
}

extension SMTPReply: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the words, which may name addresses.
    public var description: String { enhanced.map { "\(code) \($0)" } ?? "\(code)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// An enhanced status code, such as 5.1.1 (RFC 3463 §2).
public struct EnhancedCode: Hashable, Sendable, CustomStringConvertible {
    /// 2, 4 or 5.
    public let kind: Int
    public let subject: Int
    public let detail: Int

    public init(_ kind: Int, _ subject: Int, _ detail: Int) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    /// Reads `5.1.1`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isDigit) }),
            let kind = Int(parts[0]), [2, 4, 5].contains(kind), let subject = Int(parts[1]), let detail = Int(parts[2])
        else { return nil }
        self.init(kind, subject, detail)
    }

    public var description: String { "\(kind).\(subject).\(detail)" }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
}

/// Puts replies together from bytes that come cut anywhere.
struct SMTPReplyReader: Sendable {
    enum Found: Hashable, Sendable {
        case reply(SMTPReply)
        /// More has to come.
        case part
        /// What came is no reply, or one without an end.
        case garbage
    }

    /// RFC 5321 §4.5.3.1.5 allows 512; real servers write more.
    static let longestLine = 4096
    /// Lines of one reply.
    static let mostLines = 100
    private static let longestText = 500

    private var bytes: [UInt8] = []
    private var words: [String] = []
    private var enhanced: EnhancedCode?
    private var lines = 0

    /// Nothing is left over.
    var isEmpty: Bool { bytes.isEmpty && lines == 0 }

    mutating func add(_ more: [UInt8]) { bytes += more }

    /// The next reply in what came so far.
    mutating func next() -> Found {
        while let end = bytes.firstIndex(of: 0x0A) {
            var line = Array(bytes[..<end])
            bytes.removeSubrange(...end)
            if line.last == 0x0D { line.removeLast() }
            guard line.count <= Self.longestLine, lines < Self.mostLines, let (code, isLast) = take(line) else {
                return .garbage
            }
            if isLast { return .reply(finish(code)) }
        }
        return bytes.count > Self.longestLine ? .garbage : .part
    }

    private mutating func take(_ line: [UInt8]) -> (code: Int, isLast: Bool)? {
        guard line.count >= 3, line[..<3].allSatisfy(\.isDigit),
            let code = Int(String(decoding: line[..<3], as: UTF8.self)), (200..<600).contains(code)
        else { return nil }
        guard line.count == 3 || line[3] == UInt8(ascii: " ") || line[3] == UInt8(ascii: "-") else { return nil }
        lines += 1
        var rest = String(decoding: line.dropFirst(4), as: UTF8.self)
        let first = rest.prefix { $0 != " " }
        if let found = EnhancedCode(first), found.kind == code / 100 {
            enhanced = found
            rest = String(rest.dropFirst(first.count))
        }
        let clean = String(
            String.UnicodeScalarView(rest.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 })
        )
        .split(separator: " ").joined(separator: " ")
        if !clean.isEmpty { words.append(clean) }
        return (code, line.count == 3 || line[3] == UInt8(ascii: " "))
    }

    private mutating func finish(_ code: Int) -> SMTPReply {
        defer { (words, enhanced, lines) = ([], nil, 0) }
        let text = String(words.joined(separator: " ").prefix(Self.longestText))
        return SMTPReply(code: code, enhanced: enhanced, text: text)
    }
}

/// What a server offers beyond the basics, by its last reply to EHLO (RFC 5321 §4.1.1.1).
struct SMTPExtensions: Hashable, Sendable {
    /// RFC 2920.
    let pipelining: Bool
    /// RFC 6152.
    let eightBit: Bool
    /// RFC 6531.
    let unicode: Bool
    /// RFC 1870.
    let size: Bool
    /// Octets of a message at most; nil where none is declared.
    let largest: Int?

    /// - Parameter lines: all that the server said until we were signed in.
    init(_ lines: [String]) {
        let last = lines.lastIndex { $0.hasPrefix("250") }
        let block = last.map { end in lines[...end].reversed().prefix { $0.hasPrefix("250") } } ?? []
        var words: [String: String] = [:]
        // The first line is the server's name.
        for line in block.reversed().dropFirst() {
            let parts = line.dropFirst(4).split(separator: " ", maxSplits: 1)
            if let name = parts.first { words[name.uppercased()] = parts.count > 1 ? String(parts[1]) : "" }
        }
        pipelining = words["PIPELINING"] != nil
        eightBit = words["8BITMIME"] != nil
        unicode = words["SMTPUTF8"] != nil
        size = words["SIZE"] != nil
        largest = words["SIZE"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
