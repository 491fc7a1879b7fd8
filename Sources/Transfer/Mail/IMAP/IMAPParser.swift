/// Reads one answer, whole and without its last line end.
struct IMAPParser {
    /// Lists within lists.
    private static let deepest = 16

    private let bytes: ArraySlice<UInt8>
    private var place: Int

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    static func answer(_ bytes: ArraySlice<UInt8>) throws(IMAPFault) -> IMAPAnswer {
        var parser = IMAPParser(bytes)
        return try parser.answer()
    }

    private mutating func answer() throws(IMAPFault) -> IMAPAnswer {
        if peek == UInt8(ascii: "+") { return .goOn }
        let tag = try word()
        let first = try word()
        if let status = IMAPAnswer.Status(rawValue: first.uppercased()) {
            let code = statusCode()
            return .status(tag: tag == "*" ? nil : tag, status, code: code, text: rest)
        }
        guard tag == "*" else { throw .malformed }
        if let number = UInt32(first) {
            return .data(number: number, name: try word().uppercased(), values: try values())
        }
        return .data(number: nil, name: first.uppercased(), values: try values())
    }

    private var peek: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    private var rest: String {
        String(decoding: bytes[place...].drop { $0 == 0x20 }, as: UTF8.self)
    }

    /// Up to the next space, which is passed over.
    private mutating func word() throws(IMAPFault) -> String {
        let end = bytes[place...].firstIndex(of: 0x20) ?? bytes.endIndex
        guard end > place, end - place <= 64 else { throw .malformed }
        defer { place = min(end + 1, bytes.endIndex) }
        return String(decoding: bytes[place..<end], as: UTF8.self)
    }

    /// `[UIDVALIDITY 12]` before the words of a status.
    private mutating func statusCode() -> [String] {
        guard peek == UInt8(ascii: "["), let end = bytes[place...].firstIndex(of: UInt8(ascii: "]")) else { return [] }
        let inner = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
        place = end + 1
        var words = inner.split(separator: " ").map(String.init)
        if let first = words.first { words[0] = first.uppercased() }
        return words
    }

    /// All that is left of the answer.
    private mutating func values() throws(IMAPFault) -> [IMAPValue] {
        var values: [IMAPValue] = []
        while let next = peek {
            if next == 0x20 { place += 1 } else { values.append(try value(depth: 0)) }
        }
        return values
    }

    private mutating func value(depth: Int) throws(IMAPFault) -> IMAPValue {
        switch peek {
        case UInt8(ascii: "("): return try list(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try quoted())
        case UInt8(ascii: "{"): return .string(try literal())
        default:
            let atom = try atom()
            return atom.uppercased() == "NIL" ? .null : .atom(atom)
        }
    }

    private mutating func list(depth: Int) throws(IMAPFault) -> IMAPValue {
        guard depth <= Self.deepest else { throw .malformed }
        place += 1
        var values: [IMAPValue] = []
        while let next = peek {
            switch next {
            case UInt8(ascii: ")"):
                place += 1
                return .list(values)
            case 0x20: place += 1
            default: values.append(try value(depth: depth))
            }
        }
        throw .malformed
    }

    private mutating func quoted() throws(IMAPFault) -> [UInt8] {
        place += 1
        var text: [UInt8] = []
        while let next = peek {
            place += 1
            switch next {
            case UInt8(ascii: "\""): return text
            case 0x0D, 0x0A: throw .malformed
            case UInt8(ascii: "\\"):
                guard let escaped = peek, escaped == UInt8(ascii: "\"") || escaped == next else { throw .malformed }
                place += 1
                text.append(escaped)
            default: text.append(next)
            }
        }
        throw .malformed
    }

    private mutating func literal() throws(IMAPFault) -> [UInt8] {
        guard let close = bytes[place...].firstIndex(of: UInt8(ascii: "}")) else { throw .malformed }
        var digits = bytes[(place + 1)..<close]
        if digits.last == UInt8(ascii: "+") { digits = digits.dropLast() }
        // Behind the brace stands the line end that the reader found.
        guard let length = Int(String(decoding: digits, as: UTF8.self)), length >= 0, length <= bytes.count,
            bytes.endIndex - close >= 3 + length, bytes[close + 1] == 0x0D, bytes[close + 2] == 0x0A
        else { throw .malformed }
        place = close + 3 + length
        return Array(bytes[(close + 3)..<place])
    }

    /// With all that stands in brackets within it.
    private mutating func atom() throws(IMAPFault) -> String {
        let start = place
        var isInBrackets = false
        scan: while let next = peek {
            switch next {
            case UInt8(ascii: "["): isInBrackets = true
            case UInt8(ascii: "]"): isInBrackets = false
            case 0x20, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""): if !isInBrackets { break scan }
            case UInt8(ascii: "{"), 0x00...0x1F, 0x7F: throw .malformed
            default: break
            }
            place += 1
        }
        guard place > start, !isInBrackets else { throw .malformed }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }
}
