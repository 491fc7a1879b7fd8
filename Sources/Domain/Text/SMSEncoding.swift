/// How a text travels: its alphabet, its size, and how many messages it costs (3GPP TS 23.038 §4, TS 23.040 §9.2.3.24.1).
public struct SMSEncoding: Hashable, Sendable {
    public enum Alphabet: String, CaseIterable, Sendable {
        case gsm = "gsm7"
        case ucs2 = "ucs2"

        /// Units in a message that stands alone: 140 octets.
        public var unitsAlone: Int {
            switch self {
            case .gsm: 160
            case .ucs2: 70
            }
        }

        /// Units in a part of a longer one, beside the six octets that number the parts.
        public var unitsInPart: Int {
            switch self {
            case .gsm: 153
            case .ucs2: 67
            }
        }
    }

    public let alphabet: Alphabet
    /// Septets, or UTF-16 units.
    public let units: Int
    /// Messages that the text costs; an empty one costs one too.
    public let segments: Int

    /// A character of the extension, or one of two UTF-16 units, is never split over two parts.
    public static func of(_ text: String) -> SMSEncoding {
        if let octets = GSM0338.encode(text) {
            return SMSEncoding(.gsm, units: octets.count) { octets[$0] == GSM0338.escape }
        }
        let units = Array(text.utf16)
        return SMSEncoding(.ucs2, units: units.count) { UTF16.isLeadSurrogate(units[$0]) }
    }

    /// `opensPair` tells whether the unit at an index belongs together with the next one.
    private init(_ alphabet: Alphabet, units: Int, opensPair: (Int) -> Bool) {
        self.alphabet = alphabet
        self.units = units
        guard units > alphabet.unitsAlone else {
            segments = 1
            return
        }
        var parts = 0
        var start = 0
        while start < units {
            parts += 1
            let end = start + alphabet.unitsInPart
            start = end < units && opensPair(end - 1) ? end - 1 : end
        }
        segments = parts
    }
}
