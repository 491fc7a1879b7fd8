// The texts of an SMS: the alphabet, its counting, the closing text, the predefined part, segments.
// Counting is in septets throughout; a text is brought to NFC before it is counted.
// No sending and no choosing of channels here: texts only.

import Foundation

/// The GSM 7 bit default alphabet with its extension (3GPP TS 23.038 §6.2.1 and §6.2.1.1).
public enum GSM0338 {
    /// A character that the alphabet does not have.
    public struct Offender: Hashable, Sendable {
        public let character: Character
        /// Counted in characters from the beginning of the text.
        public let offset: Int
        /// The nearest spelling inside the alphabet; empty: leave it out; nil: there is none.
        public let suggestion: String?
    }

    /// The code that announces a character of the extension.
    public static let escape: UInt8 = 0x1B

    /// How many septets a text takes, two for each character of the extension; nil if a character is outside.
    public static func septets(of text: String) -> Int? {
        if let count = count(text) { return count }
        return count(text.precomposedStringWithCanonicalMapping)
    }

    /// Unpacked octets, one septet each; an extension character is 0x1B and its code. nil if a character is outside.
    public static func encode(_ text: String) -> [UInt8]? {
        if let octets = octets(text) { return octets }
        return octets(text.precomposedStringWithCanonicalMapping)
    }

    /// The text of unpacked octets.
    ///
    /// An unknown extension code shows the character of the default alphabet at its place, and a lone escape a space
    /// (§6.2.1, note 1); octets above 0x7F, which no septet can hold, become U+FFFD.
    public static func decode(_ octets: [UInt8]) -> String {
        var scalars = String.UnicodeScalarView()
        var escaped = false
        for octet in octets {
            if octet == escape {
                if escaped { scalars.append(" ") }
                escaped = true
                continue
            }
            let known = octet < 0x80 ? defaultAlphabet[Int(octet)] : "\u{FFFD}"
            scalars.append(escaped ? extensionScalar(octet) ?? known : known)
            escaped = false
        }
        if escaped { scalars.append(" ") }
        return String(scalars)
    }

    /// Every character that the alphabet does not have, in the order of the text.
    public static func offenders(in text: String) -> [Offender] {
        text.enumerated().compactMap { offset, character in
            contains(character)
                ? nil : Offender(character: character, offset: offset, suggestion: nearestSpelling(of: character))
        }
    }

    /// The text with the nearest spelling in place of every offender; what has none is left out, never a question mark.
    public static func spelled(_ text: String) -> String {
        guard septets(of: text) == nil else { return text }
        return text.reduce(into: "") { result, character in
            if contains(character) { result.append(character) } else { result += nearestSpelling(of: character) ?? "" }
        }
    }

    static func contains(_ character: Character) -> Bool { septets(of: String(character)) != nil }

    static func contains(_ scalar: Unicode.Scalar) -> Bool { code(of: scalar) != outside }

    private static func count(_ text: String) -> Int? {
        var count = 0
        for scalar in text.unicodeScalars {
            let code = code(of: scalar)
            guard code != outside else { return nil }
            count += code > 0xFF ? 2 : 1
        }
        return count
    }

    private static func octets(_ text: String) -> [UInt8]? {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let code = code(of: scalar)
            guard code != outside else { return nil }
            if code > 0xFF { octets.append(escape) }
            octets.append(UInt8(truncatingIfNeeded: code))
        }
        return octets
    }
}

// MARK: - Tables

extension GSM0338 {
    /// TS 23.038 §6.2.1, codes 0x00…0x7F in order; the escape itself shows as U+001B and is no character.
    static let defaultAlphabet: [Unicode.Scalar] = Array(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars
    )

    /// TS 23.038 §6.2.1.1: the codes that stand behind an escape.
    static let extensionAlphabet: [(code: UInt8, scalar: Unicode.Scalar)] = [
        (0x0A, "\u{0C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"), (0x3C, "["), (0x3D, "~"), (0x3E, "]"),
        (0x40, "|"), (0x65, euro),
    ]

    private static let euro: Unicode.Scalar = "\u{20AC}"
    private static let outside: UInt16 = .max

    /// The code of every scalar below U+0400; above 0xFF where an escape stands before it.
    private static let codes: [UInt16] = {
        var codes = [UInt16](repeating: outside, count: 0x400)
        for (code, scalar) in defaultAlphabet.enumerated() where UInt8(code) != escape {
            codes[Int(scalar.value)] = UInt16(code)
        }
        for (code, scalar) in extensionAlphabet where scalar != euro {
            codes[Int(scalar.value)] = UInt16(escape) << 8 | UInt16(code)
        }
        return codes
    }()

    private static func code(of scalar: Unicode.Scalar) -> UInt16 {
        if scalar.value < 0x400 { return codes[Int(scalar.value)] }
        return scalar == euro ? UInt16(escape) << 8 | 0x65 : outside
    }

    private static func extensionScalar(_ octet: UInt8) -> Unicode.Scalar? {
        extensionAlphabet.first { $0.code == octet }?.scalar
    }
}
