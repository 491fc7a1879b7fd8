import Domain
import Foundation

/// Text brought to a form in which a search finds it whatever way it was typed: small letters and digits only.
enum PatientSearch {
    /// What the `search` column holds: last name, first name, and the digits of the number.
    static func column(lastName: String, firstName: String, mobile: MobileNumber?) -> String {
        (words(lastName) + words(firstName) + [mobile?.digits ?? ""]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Patterns for LIKE, all of which must match. Only letters and digits are left, so none has a wildcard of its own.
    ///
    /// A number is looked for without its leading zeros, so that `0664…`, `0043664…` and `+43664…` find the same one.
    static func patterns(_ query: String) -> [String] {
        words(query).map { word in
            let isNumber = word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            let significant = word.drop { $0 == "0" }
            return "%" + (isNumber && !significant.isEmpty ? String(significant) : word) + "%"
        }
    }

    /// `Müller-Huß` becomes `mueller`, `huss`; accents fall away.
    static func words(_ text: String) -> [String] {
        var folded = ""
        for character in text.precomposedStringWithCanonicalMapping.lowercased() {
            switch character {
            case "\u{E4}": folded += "ae"
            case "\u{F6}": folded += "oe"
            case "\u{FC}": folded += "ue"
            case "\u{DF}": folded += "ss"
            default: folded.append(character)
            }
        }
        let plain = folded.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
        return plain.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
