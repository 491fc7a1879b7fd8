/// Cuts what a server says into answers, however it comes in pieces. Bounded: what is too large is given up at once,
/// before it is stored.
struct IMAPReader {
    /// Of one literal, in octets; what is fetched of a message is cut by the server to no more than this.
    static let largestLiteral = 262_144
    /// Of one answer with all its literals, in octets.
    static let largestAnswer = 1_048_576

    private var bytes: [UInt8] = []
    /// Where the answer begins that is being read.
    private var start = 0
    /// Up to here there is no end of it.
    private var scanned = 0
    /// Where the line begins that is being read.
    private var lineStart = 0
    /// A literal that is still to come ends here.
    private var literalEnd: Int?

    mutating func add(_ more: [UInt8]) {
        if start > 0 {
            bytes.removeSubrange(..<start)
            (scanned, lineStart, literalEnd) = (scanned - start, lineStart - start, literalEnd.map { $0 - start })
            start = 0
        }
        bytes += more
    }

    /// The next answer that is complete; nil where more has to come.
    mutating func next() throws(IMAPFault) -> IMAPAnswer? {
        while true {
            if let end = literalEnd {
                guard bytes.count >= end else { return nil }
                (scanned, lineStart, literalEnd) = (end, end, nil)
            }
            guard let end = bytes[scanned...].firstIndex(of: 0x0A) else {
                scanned = bytes.count
                guard scanned - start <= Self.largestAnswer else { throw .tooLarge }
                return nil
            }
            scanned = end + 1
            guard scanned - start <= Self.largestAnswer else { throw .tooLarge }
            guard end > lineStart, bytes[end - 1] == 0x0D else { throw .malformed }
            if let length = try announcedLiteral(before: end - 1) {
                guard scanned + length - start <= Self.largestAnswer else { throw .tooLarge }
                literalEnd = scanned + length
                continue
            }
            defer { (start, lineStart) = (scanned, scanned) }
            return try IMAPParser.answer(bytes[start..<end - 1])
        }
    }

    /// The octets that a line's end announces: `{12}`, `{12+}`.
    private func announcedLiteral(before end: Int) throws(IMAPFault) -> Int? {
        guard end > lineStart, bytes[end - 1] == UInt8(ascii: "}"), !isStatus else { return nil }
        var digits = bytes[lineStart..<end - 1].suffix(12)
        guard let open = digits.lastIndex(of: UInt8(ascii: "{")) else { return nil }
        digits = digits[(open + 1)...]
        if digits.last == UInt8(ascii: "+") { digits = digits.dropLast() }
        guard let length = Int(String(decoding: digits, as: UTF8.self)), length >= 0, digits.first != 0x2B else {
            return nil
        }
        guard length <= Self.largestLiteral else { throw .tooLarge }
        return length
    }

    /// Whether the answer is a sentence for people, which may end with anything.
    private var isStatus: Bool {
        let head = bytes[start...].prefix(48)
        if head.first == UInt8(ascii: "+") { return true }
        let words = head.split(separator: 0x20, maxSplits: 2)
        return words.count > 1
            && IMAPAnswer.Status(rawValue: String(decoding: words[1], as: UTF8.self).uppercased()) != nil
    }
}
