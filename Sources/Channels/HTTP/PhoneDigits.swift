import Domain

/// Numbers as gateways write them.
enum PhoneDigits {
    /// E.164 with `+`, of digits with `+`, `00` or nothing before the calling code; nil where that is no such number
    /// (at most 15 digits, no calling code begins with 0).
    static func e164(_ text: String?) -> String? {
        guard let text else { return nil }
        let digits = text.hasPrefix("+") ? text.dropFirst() : text.hasPrefix("00") ? text.dropFirst(2) : text[...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), (7...15).contains(digits.utf8.count),
            !digits.hasPrefix("0")
        else { return nil }
        return "+" + digits
    }

    /// Who sent something to us: E.164 where it is a number, else as it came, at most 32 characters.
    static func correspondent(_ text: String) -> String { e164(text) ?? String(text.prefix(32)) }

    /// A sender as ``SenderID/value`` writes it, of how a gateway does.
    static func sender(_ text: String) -> String { e164(text).map { "00" + $0.dropFirst() } ?? String(text.prefix(32)) }
}

extension SenderID {
    /// Digits without a prefix, or the name.
    var bare: String { internationalDigits ?? value }

    /// `+` and digits, or the name.
    var plussed: String { internationalDigits.map { "+" + $0 } ?? value }
}
