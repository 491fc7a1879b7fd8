import Foundation

/// The words by which a search finds a patient. Each begins with a letter that says what it is; whoever looks for the
/// beginning of a word finds it whatever way it was typed.
///
/// | begins with | holds |
/// |---|---|
/// | `l` | last name, first name: the order of a list |
/// | `w` | a word of any name, the whole name behind it, so that equal words follow each other by name |
/// | `d` | digits of a number: international, national, without the network's prefix |
/// | `r` | digits of a number from the last one on |
/// | `b` | month, day and year of birth |
public enum PatientWords {
    /// So many words of one name, and characters of the whole name, are kept: far more than names have.
    private static let mostWords = 12
    private static let longestKey = 80

    public static func of(
        firstName: String,
        lastName: String,
        mobile: MobileNumber?,
        contact: PatientContact,
        birthDate: LocalDate?
    ) -> Set<String> {
        let key = key(firstName: firstName, lastName: lastName)
        var words: Set<String> = ["l" + key]
        for name in [lastName, firstName, contact.name] {
            for word in NameFolding.words(name).prefix(mostWords) { words.insert("w" + word + " " + key) }
        }
        for number in [mobile, contact.mobile].compactMap(\.self) { words.formUnion(digits(number)) }
        if let birthDate { words.insert("b" + monthAndDay(birthDate.month, birthDate.day) + String(birthDate.year)) }
        return words
    }

    /// `muller huss anna`
    static func key(firstName: String, lastName: String) -> String {
        let parts = NameFolding.parts(lastName) + NameFolding.parts(firstName)
        return String(parts.joined(separator: " ").prefix(longestKey))
    }

    /// The very word of everyone who has this name.
    public static func ofName(firstName: String, lastName: String) -> String {
        "l" + key(firstName: firstName, lastName: lastName)
    }

    /// The very word of everyone who has this number.
    public static func ofNumber(_ mobile: MobileNumber) -> String { "d" + mobile.digits }

    static func monthAndDay(_ month: Int, _ day: Int) -> String {
        Digits.padded(month, 2) + "-" + Digits.padded(day, 2) + "-"
    }

    private static func digits(_ mobile: MobileNumber) -> Set<String> {
        let all = mobile.digits
        var words: Set<String> = ["d" + all, "r" + String(all.reversed())]
        let reading = PhoneReading(mobile.e164, country: .austria)
        guard reading.callingCode > 0 else { return words }
        let national = String(all.dropFirst(String(reading.callingCode).count))
        words.insert("d" + national)
        // `0664 1234500`: what people call the number begins behind the network's prefix.
        let head = String(reading.national.prefix { $0 != " " }.filter(\.isNumber))
        let network = national.hasPrefix(head) ? head : String(head.dropFirst())
        if !network.isEmpty, national.hasPrefix(network), network.count < national.count {
            words.insert("d" + national.dropFirst(network.count))
        }
        return words
    }
}

/// Names brought to a form in which spellings of one name are the same: `Müller`, `Mueller`, `Muller` and `MÜLLER` are
/// `muller`. The beginning of a name becomes the beginning of its form.
public enum NameFolding {
    /// Letters that are not a letter and a mark to Unicode, though people write them so.
    private static let letters: [Unicode.Scalar: String] = [
        "\u{DF}": "ss", "\u{F8}": "o", "\u{E6}": "a", "\u{153}": "o", "\u{142}": "l", "\u{111}": "d", "\u{F0}": "d",
        "\u{FE}": "th", "\u{131}": "i",
    ]

    /// One word without separators: small letters and digits, without marks, and without the `e` of `ae`, `oe`, `ue`.
    public static func folded(_ word: some StringProtocol) -> String {
        var folded = ""
        for scalar in String(word).lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            if scalar == "e", let last = folded.utf8.last, "aou".utf8.contains(last) { continue }
            if let plain = letters[scalar] { folded += plain } else { folded.unicodeScalars.append(scalar) }
        }
        return folded
    }

    /// `Müller-Huß` becomes `muller`, `huss`.
    public static func parts(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map(folded)
    }

    /// The parts, and what is typed as one word: `mullerhuss`, `obrien`, `deluca`.
    static func words(_ text: String) -> [String] {
        let parts = parts(text)
        let joined = text.split(whereSeparator: \.isWhitespace).map { folded($0.filter { $0.isLetter || $0.isNumber }) }
        let whole = folded(text.filter { $0.isLetter || $0.isNumber })
        return (parts + joined + [whole]).reduce(into: []) { if !$1.isEmpty, !$0.contains($1) { $0.append($1) } }
    }
}
