import Domain

extension Catalogue {
    /// A character as a sentence can show it: by its name where nobody would see it.
    ///
    /// - Parameter text: the character, or the code of one, `U+0009`.
    public func visible(_ text: String, _ language: Language) -> String {
        let coded = text.hasPrefix("U+") ? UInt32(text.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init) : nil
        let scalars = text.unicodeScalars
        guard let scalar = coded ?? (scalars.count == 1 ? scalars.first : nil), let key = Self.key(of: scalar) else {
            return text
        }
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        return self.text("character." + key, language, ["code": "U+" + padded])
    }

    private static func key(of scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case " ": return "blank"
        case "\n": return "line_break"
        case "\t": return "tab"
        case "\u{A0}": return "no_break"
        case "\u{202F}": return "narrow_no_break"
        case "\u{0B}", "\u{85}": return "other_break"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .spaceSeparator: return "other_blank"
        case .lineSeparator, .paragraphSeparator: return "other_break"
        case .format: return "invisible"
        default: return nil
        }
    }
}
