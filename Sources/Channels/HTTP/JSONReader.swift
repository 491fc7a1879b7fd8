/// Reads a JSON text (RFC 8259) in one pass. By hand, since what anybody may send is read with it: a decoder that tries
/// one type after the other takes minutes over a few kilobytes of brackets.
///
/// nil, at any place, is what is no JSON.
struct JSONReader {
    /// Lists and objects in one another; no gateway has more than a handful.
    static let deepest = 32

    private let body: [UInt8]
    private var place = 0
    private var depth = 0

    /// The value that a text consists of.
    static func value(_ body: [UInt8]) -> JSON? {
        guard String(validating: body, as: UTF8.self) != nil else { return nil }
        var reader = JSONReader(body)
        guard let value = reader.value() else { return nil }
        reader.skipBlanks()
        return reader.next == nil ? value : nil
    }

    private init(_ body: [UInt8]) {
        self.body = body
        // A mark of the byte order may be passed over (RFC 8259 §8.1).
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    private var next: UInt8? { place < body.count ? body[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func value() -> JSON? {
        skipBlanks()
        return switch next {
        case UInt8(ascii: "{"): nested { $0.object() }
        case UInt8(ascii: "["): nested { $0.array() }
        case UInt8(ascii: "\""): text().map { .string($0) }
        case UInt8(ascii: "t"): word("true", .bool(true))
        case UInt8(ascii: "f"): word("false", .bool(false))
        case UInt8(ascii: "n"): word("null", .null)
        default: number()
        }
    }

    private mutating func nested(_ read: (inout JSONReader) -> JSON?) -> JSON? {
        guard depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        place += 1
        return read(&self)
    }

    private mutating func word(_ word: String, _ value: JSON) -> JSON? {
        guard body[place...].starts(with: word.utf8) else { return nil }
        place += word.utf8.count
        return value
    }

    private mutating func array() -> JSON? {
        var items: [JSON] = []
        skipBlanks()
        if take("]") { return .array(items) }
        repeat {
            guard let item = value() else { return nil }
            items.append(item)
            skipBlanks()
        } while take(",")
        return take("]") ? .array(items) : nil
    }

    /// Of members of one name the first counts.
    private mutating func object() -> JSON? {
        var members: [String: JSON] = [:]
        skipBlanks()
        if take("}") { return .object(members) }
        repeat {
            skipBlanks()
            guard let name = text() else { return nil }
            skipBlanks()
            guard take(":"), let value = value() else { return nil }
            if members[name] == nil { members[name] = value }
            skipBlanks()
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func text() -> String? {
        guard take("\"") else { return nil }
        var bytes: [UInt8] = []
        while let byte = next, byte >= 0x20 {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                bytes.append(contentsOf: Character(scalar).utf8)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// What stands behind a backslash.
    private mutating func escaped() -> Unicode.Scalar? {
        guard let byte = next else { return nil }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let unit = codeUnit() else { return nil }
        // Half of a pair alone is no character.
        guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) }
        guard take("\\"), take("u"), let second = codeUnit(), UTF16.isTrailSurrogate(second) else { return nil }
        return UTF16.decode(UTF16.EncodedScalar([unit, second]))
    }

    private mutating func codeUnit() -> UInt16? {
        guard place + 4 <= body.count else { return nil }
        let digits = body[place..<place + 4]
        place += 4
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> JSON? {
        let start = place
        _ = take("-")
        let firstDigit = place
        guard skipDigits() else { return nil }
        // No zero stands before other digits.
        guard body[firstDigit] != UInt8(ascii: "0") || place == firstDigit + 1 else { return nil }
        if take("."), !skipDigits() { return nil }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard skipDigits() else { return nil }
        }
        let text = String(decoding: body[start..<place], as: UTF8.self)
        if let whole = Int64(text) { return .integer(whole) }
        guard let value = Double(text), value.isFinite else { return nil }
        // `1e3`; beyond these a Double does not keep each digit.
        return abs(value) < 9_007_199_254_740_992 && value.rounded() == value
            ? .integer(Int64(value)) : .number(value)
    }

    private mutating func skipDigits() -> Bool {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        return place > start
    }
}
