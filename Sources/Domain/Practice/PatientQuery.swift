import Foundation

/// What somebody typed to find a patient: beginnings of names in any order, a number, a date of birth.
public struct PatientQuery: Hashable, Sendable {
    /// One thing that must hold.
    public struct Term: Hashable, Sendable {
        /// Beginnings of ``PatientWords``, the best first: whoever has a word that begins so is meant.
        public let beginnings: [String]
        /// Those among them that together find everyone whom the term means.
        public let test: [String]
        /// How few it leaves, the more the fewer.
        fileprivate let sharpness: Int
    }

    /// The term that leaves the fewest stands first.
    public let terms: [Term]

    /// - Parameter birthDates: whether days are dates of birth; else their digits are a number's.
    public init(_ text: String, birthDates: Bool) {
        var terms: [Term] = []
        var number = ""
        for token in text.split(whereSeparator: \.isWhitespace).map(String.init) {
            if birthDates, let date = Self.date(token) {
                terms += [Self.number(number), date].compactMap(\.self)
                number = ""
            } else if token.contains(where: \.isLetter) {
                terms += [Self.number(number)].compactMap(\.self) + NameFolding.parts(token).map(Self.name)
                number = ""
            } else {
                number += token
            }
        }
        terms += [Self.number(number)].compactMap(\.self)
        self.terms = terms.sorted { $0.sharpness > $1.sharpness }
    }

    private static func name(_ word: String) -> Term {
        Term(beginnings: ["l" + word, "w" + word], test: ["w" + word], sharpness: 10 + word.count)
    }

    /// A number without its leading zeros, so that `0664…`, `0043664…` and `+43 (0)664…` find the same one; it may also be
    /// the last digits. nil where there is no digit.
    private static func number(_ text: String) -> Term? {
        let plain = text.replacing("(0)", with: "")
        let digits = (plain.contains(where: \.isNumber) ? plain : text).filter { $0.isASCII && $0.isNumber }
        if digits.isEmpty { return nil }
        let significant = digits.drop { $0 == "0" }
        var beginnings = ["d" + significant]
        if significant.count >= 3 { beginnings.append("r" + String(significant.reversed())) }
        beginnings.append("w" + digits)
        // From six digits on a number says more than a name; fewer say less than any.
        return Term(
            beginnings: beginnings,
            test: beginnings,
            sharpness: significant.count >= 6 ? 1_000 : significant.count
        )
    }

    /// `12.03.1980`, `12.3.80`, `12.3.` or `1980-03-12`.
    private static func date(_ token: String) -> Term? {
        let beginnings = BirthDate.beginnings(token)
        return beginnings.isEmpty ? nil : Term(beginnings: beginnings, test: beginnings, sharpness: 2_000)
    }
}

/// Dates of birth as people write them.
public enum BirthDate {
    /// Nobody was born earlier.
    private static let earliest = 1880

    /// Reads `12.03.1980`, `12.3.80` (the youngest that is not in the future) or `1980-03-12`.
    public static func read(_ text: String, today: LocalDate) -> LocalDate? {
        let text = text.trimmingWhitespace()
        if let date = LocalDate(iso: text) { return isPossible(date, today) ? date : nil }
        guard let parts = parts(text), let year = Int(parts.year) else { return nil }
        let years =
            switch parts.year.count {
            case 2: [2000 + year, 1900 + year]
            case 4: [year]
            default: [Int]()
            }
        return years.compactMap { LocalDate(year: $0, month: parts.month, day: parts.day) }
            .first { isPossible($0, today) }
    }

    private static func isPossible(_ date: LocalDate, _ today: LocalDate) -> Bool {
        date <= today && date.year >= earliest
    }

    /// Which words of ``PatientWords`` a date begins that may not be typed to its end; empty for what is none.
    static func beginnings(_ text: String) -> [String] {
        if let date = LocalDate(iso: text) {
            return ["b" + PatientWords.monthAndDay(date.month, date.day) + String(date.year)]
        }
        guard let parts = parts(text), (1...12).contains(parts.month), (1...31).contains(parts.day) else { return [] }
        let day = "b" + PatientWords.monthAndDay(parts.month, parts.day)
        return parts.year.count == 2
            ? [day + "19" + parts.year, day + "20" + parts.year, day + parts.year] : [day + parts.year]
    }

    /// Day, month and year between dots; the year may be missing.
    private static func parts(_ text: String) -> (day: Int, month: Int, year: String)? {
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count == 3, pieces.allSatisfy({ $0.utf8.allSatisfy(Digits.isDigit) }), pieces[2].count <= 4,
            (1...2).contains(pieces[0].count), (1...2).contains(pieces[1].count),
            let day = Int(pieces[0]), let month = Int(pieces[1])
        else { return nil }
        return (day, month, String(pieces[2]))
    }
}
