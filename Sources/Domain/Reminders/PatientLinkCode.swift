/// What stands at the end of the link to a patient's own page: a half that names the appointment, and a half that only
/// this installation can make. Always 15 letters and digits, so that what it costs in an SMS is known beforehand.
public struct PatientLinkCode: Hashable, Sendable {
    /// In characters, of five bits each.
    static let nameLength = 7
    static let markLength = 8
    public static let length = nameLength + markLength
    public static let nameBits = nameLength * 5
    public static let markBits = markLength * 5

    /// The first half, of 35 bits; which appointment it means only the key knows.
    public let name: UInt64
    /// The second half, of 40 bits.
    public let mark: UInt64

    /// nil where a half has more bits than its characters hold.
    public init?(name: UInt64, mark: UInt64) {
        guard name >> Self.nameBits == 0, mark >> Self.markBits == 0 else { return nil }
        self.name = name
        self.mark = mark
    }

    /// Reads a code as it stands in a link or as a person typed it: capitals do not matter, what looks alike is the same,
    /// hyphens and blanks are left out. nil for anything but a whole code.
    public init?(_ raw: String) {
        var digits: [UInt64] = []
        for character in raw.utf8.prefix(4 * Self.length) where character != 0x2D && character != 0x20 {
            guard let value = Self.value(of: character) else { return nil }
            digits.append(value)
        }
        guard digits.count == Self.length else { return nil }
        name = Self.number(digits.prefix(Self.nameLength))
        mark = Self.number(digits.dropFirst(Self.nameLength))
    }

    public var text: String { Self.text(name, Self.nameLength) + Self.text(mark, Self.markLength) }

    /// For previews; stands for no appointment.
    public static let example = "7k3m9qx2b4hn8wz"

    /// Crockford's Base 32 (crockford.com/base32.html), in small letters: without I, L, O and U.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static func value(of character: UInt8) -> UInt64? {
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
        switch isCapital ? character + 32 : character {
        case UInt8(ascii: "o"): return 0
        case UInt8(ascii: "i"), UInt8(ascii: "l"): return 1
        case let letter: return alphabet.firstIndex(of: letter).map { UInt64($0) }
        }
    }

    private static func number(_ digits: ArraySlice<UInt64>) -> UInt64 { digits.reduce(0) { $0 << 5 | $1 } }

    private static func text(_ number: UInt64, _ length: Int) -> String {
        let digits = (0..<length).map { alphabet[Int(number >> UInt64(5 * (length - 1 - $0)) & 31)] }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension PatientLinkCode: CustomStringConvertible, CustomReflectable {
    /// Without the code, so that none gets into a log by accident.
    public var description: String { "code" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
