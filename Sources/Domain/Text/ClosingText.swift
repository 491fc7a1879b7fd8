import Foundation

/// What a location adds to its reminders, behind the predefined part (rule 6): never so long that it costs a second SMS.
public struct ClosingText: Hashable, Sendable {
    /// 160 septets of one SMS less the 36 of the predefined part.
    public static let maximumSeptets = 124
    public static let empty = ClosingText(unchecked: "", septets: 0)

    /// In NFC, lines separated by LF.
    public let value: String
    /// 0…124
    public let septets: Int

    /// Takes a text as a person or a form wrote it; throws every broken rule at once.
    ///
    /// - Parameter maximum: less than 124 septets where a link stands behind it.
    public init(_ raw: String, maximum: Int = maximumSeptets) throws(ProblemList) {
        let problems = Self.problems(in: raw, maximum: maximum)
        guard problems.isEmpty, let text = ClosingText(stored: raw) else { throw ProblemList(problems) }
        self = text
    }

    /// Takes a text back from where it was stored; nil where it breaks a rule.
    public init?(stored: String) {
        let text = Self.normalised(stored)
        guard let septets = GSM0338.septets(of: text), septets <= Self.maximumSeptets,
            !text.contains(where: Self.isRefusedControl)
        else { return nil }
        self.init(unchecked: text, septets: septets)
    }

    private init(unchecked value: String, septets: Int) {
        self.value = value
        self.septets = septets
    }

    /// NFC, with LF for CRLF (as every HTML form sends) and for CR.
    public static func normalised(_ raw: String) -> String {
        // Below the first combining mark, U+0300, every text is in NFC.
        if raw.unicodeScalars.allSatisfy({ $0.value < 0x300 && $0 != "\r" }) { return raw }
        var scalars = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in raw.precomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar == "\r" || !(scalar == "\n" && afterReturn) { scalars.append(scalar == "\r" ? "\n" : scalar) }
            afterReturn = scalar == "\r"
        }
        return String(scalars)
    }

    /// Every rule that the text breaks; empty: it can be saved.
    ///
    /// - `text.too_long`: arguments `septets`, `maximum` and `over`; where characters are outside the alphabet, the
    ///   septets of their suggested spellings are counted.
    /// - `text.not_gsm`, once for each distinct character: arguments `character` (for a control character its name),
    ///   `name` (such as `U+201E`), `offset` of the first one in characters of the normalised text, and `suggestion`,
    ///   which is empty for "leave it out" and missing where there is none.
    public static func problems(
        in raw: String,
        field: String = "closingText",
        maximum: Int = maximumSeptets
    ) -> [FieldProblem] {
        let text = normalised(raw)
        var problems: [FieldProblem] = []
        let septets = GSM0338.septets(of: GSM0338.spelled(text)) ?? 0
        if septets > maximum {
            var arguments = [
                "septets": String(septets), "maximum": String(maximum), "over": String(septets - maximum),
            ]
            if maximum < maximumSeptets { arguments["reason"] = "link" }
            problems.append(FieldProblem(field, .textTooLong, arguments))
        }
        var seen: Set<Character> = []
        for offender in offenders(in: text) where seen.insert(offender.character).inserted {
            problems.append(FieldProblem(field, .textNotGSM, arguments(for: offender)))
        }
        return problems
    }

    /// The alphabet's offenders, and the control characters that it has but a closing text must not.
    private static func offenders(in text: String) -> [GSM0338.Offender] {
        let controls = text.enumerated().filter { isRefusedControl($0.element) }.map { offset, character in
            GSM0338.Offender(character: character, offset: offset, suggestion: "")
        }
        let outside = GSM0338.offenders(in: text)
        return controls.isEmpty ? outside : (controls + outside).sorted { $0.offset < $1.offset }
    }

    /// The alphabet has two control characters beside LF: CR, which `normalised` turns into LF, and the page break.
    private static func isRefusedControl(_ character: Character) -> Bool { character == "\u{0C}" }

    private static func arguments(for offender: GSM0338.Offender) -> [String: String] {
        let scalars = offender.character.unicodeScalars
        let name = scalars.map { scalar in
            let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal.utf8.count)) + hexadecimal
        }.joined(separator: " ")
        let isControl = scalars.contains { $0.properties.generalCategory == .control }
        var arguments = [
            "character": isControl ? name : String(offender.character), "name": name, "offset": String(offender.offset),
        ]
        arguments["suggestion"] = offender.suggestion
        return arguments
    }
}
