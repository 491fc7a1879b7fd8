import Foundation

/// Rule 7 for a name: at most 11 characters of A–Z, a–z, 0–9 and inner spaces, at least one of them a letter.
enum NamedSender {
    static func isWellFormed(_ text: String) -> Bool {
        !text.isEmpty && text.count <= SenderID.maximumCharacters && text.allSatisfy(isAllowed)
            && text.contains(where: isLetter) && text.first != " " && text.last != " "
    }

    /// `text` has no white space at its ends.
    static func judge(_ text: String) -> SenderVerdict {
        var verdict = SenderVerdict()
        verdict.addSpecial(text.filter { !isAllowed($0) })
        if text.count > SenderID.maximumCharacters {
            verdict.add(.senderTooLong, ["maximum": String(SenderID.maximumCharacters)])
        }
        let corrected = corrected(text)
        if !corrected.contains(where: isLetter) { verdict.add(.senderNoLetter) }
        if !verdict.faults.isEmpty { verdict.suggestion = fitting(corrected) }
        return verdict
    }

    private static func isAllowed(_ character: Character) -> Bool {
        guard let ascii = character.asciiValue else { return false }
        return isLetter(character) || Digits.isDigit(ascii) || character == " "
    }

    private static func isLetter(_ character: Character) -> Bool { character.isASCII && character.isLetter }

    /// Umlauts spelled out, accents dropped, everything else that is not allowed left out.
    private static func corrected(_ text: String) -> String {
        var result = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            if isAllowed(character) {
                result.append(character)
                continue
            }
            let neighbour =
                index + 1 < characters.count ? characters[index + 1] : index > 0 ? characters[index - 1] : "a"
            result += spelled(character, capitals: neighbour.isUppercase)
        }
        return result.split(separator: " ").joined(separator: " ")
    }

    private static func spelled(_ character: Character, capitals: Bool) -> String {
        let umlaut: String? =
            switch character {
            case "ä", "æ": "ae"
            case "ö", "œ", "ø": "oe"
            case "ü": "ue"
            case "ß", "ẞ": capitals ? "SS" : "ss"
            case "Ä", "Æ": capitals ? "AE" : "Ae"
            case "Ö", "Œ", "Ø": capitals ? "OE" : "Oe"
            case "Ü": capitals ? "UE" : "Ue"
            default: nil
            }
        if let umlaut { return umlaut }
        if character.isWhitespace { return " " }
        guard character.isLetter else { return "" }
        let spelling = GSM0338.contains(character) ? String(character) : GSM0338.nearestSpelling(of: character) ?? ""
        return String(
            spelling.decomposedStringWithCanonicalMapping.unicodeScalars.map(Character.init).filter(isAllowed)
        )
    }

    /// Shortened to what a sender holds, first by its spaces; nil if nothing is left that could be one.
    private static func fitting(_ text: String) -> String? {
        guard text.count > SenderID.maximumCharacters else { return isWellFormed(text) ? text : nil }
        let joined = text.filter { $0 != " " }
        let fits = joined.count <= SenderID.maximumCharacters
        let short = fits ? joined : String(text.prefix(SenderID.maximumCharacters)).trimmingWhitespace()
        return isWellFormed(short) ? short : nil
    }
}
