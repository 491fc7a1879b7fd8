import Domain
import Foundation
import Mustache

/// The catalogue in one person's language, with dates and numbers as that language writes them.
public struct Words: Sendable {
    public let catalogue: Catalogue
    public let language: Language

    public init(_ catalogue: Catalogue, _ language: Language) {
        self.catalogue = catalogue
        self.language = language
    }

    public func callAsFunction(_ key: String, _ arguments: [String: String] = [:]) -> String {
        catalogue.text(key, language, arguments)
    }

    /// `key.one` for exactly one, else `key.many`; the argument `count` is the number.
    public func counted(_ key: String, _ count: Int, _ arguments: [String: String] = [:]) -> String {
        let arguments = arguments.merging(["count": number(count)]) { given, _ in given }
        return self(key + (count == 1 ? ".one" : ".many"), arguments)
    }

    /// What a broken rule says; of one among several appointments, with the start of that one before it.
    public func sentence(_ problem: FieldProblem) -> String {
        let sentence = catalogue.sentence(problem, language)
        guard let start = problem.arguments["appointment"].flatMap(WallTime.init(iso:)) else { return sentence }
        return self("problem.at", ["moment": short(start), "sentence": sentence])
    }

    /// Grouped by thin spaces from 10,000 on: `12 345`.
    public func number(_ value: Int) -> String {
        let digits = String(abs(value))
        guard digits.count > 4 else { return String(value) }
        var groups: [Substring] = []
        var rest = digits[...]
        while !rest.isEmpty {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "-" : "") + groups.joined(separator: "\u{202F}")
    }

    /// `Fr 12.03.2027`
    public func day(_ date: LocalDate) -> String {
        self("date.day", parts(date))
    }

    /// `Fr 12.03.`
    public func shortDay(_ date: LocalDate) -> String {
        self("date.short_day", parts(date))
    }

    /// `Freitag, 12. März 2027`
    public func longDay(_ date: LocalDate) -> String {
        var arguments = parts(date)
        arguments["weekday"] = self("date.weekday.\(date.weekday)")
        arguments["monthName"] = self("date.month.\(date.month)")
        arguments["plainDay"] = String(date.day)
        return self("date.long", arguments)
    }

    /// `Fr 12.03.2027, 10:30 Uhr`
    public func moment(_ time: WallTime) -> String {
        self("date.moment", parts(time.date).merging(["clock": time.clock]) { given, _ in given })
    }

    /// `Fr 12.03., 10:30`, for lists.
    public func short(_ time: WallTime) -> String {
        self("date.short", parts(time.date).merging(["clock": time.clock]) { given, _ in given })
    }

    /// ``short(_:)`` where it is of this year, else ``moment(_:)``.
    public func short(_ time: WallTime, today: LocalDate) -> String {
        time.date.year == today.year ? short(time) : moment(time)
    }

    /// `10:30`, with seconds where asked for: `07:00:04`.
    public func clock(_ time: WallTime, seconds: Bool = false) -> String {
        guard seconds else { return time.clock }
        return time.clock + ":" + two(time.second)
    }

    private func parts(_ date: LocalDate) -> [String: String] {
        [
            "weekday": self("date.weekday.short.\(date.weekday)"), "day": two(date.day), "month": two(date.month),
            "year": String(date.year),
        ]
    }

    private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}

/// What a template finds under `t`: `{{t.nav.start}}` is the text of the key `nav.start`.
struct TemplateTexts: MustacheParent, Sendable {
    let words: Words
    var prefix = ""

    func child(named name: String) -> Any? {
        let key = prefix + name
        return words.catalogue.has(key) ? words(key) : TemplateTexts(words: words, prefix: key + ".")
    }
}

extension TemplateTexts: CustomStringConvertible {
    /// A key that is missing shows itself.
    var description: String { String(prefix.dropLast()) }
}
