import Domain

/// A phone with the bubble of an SMS as it will look: the predefined part quieter than the practice's own words.
struct PhoneView: Sendable {
    /// A stretch of the own words; a marked one would cost a second SMS or cannot be sent.
    struct Piece: Sendable {
        let text: String
        let isMarked: Bool
    }

    /// A broken rule, and the own words without the character that breaks it where a spelling is near.
    struct Fault: Sendable {
        let sentence: String
        let mended: String?
        let mendLabel: String
    }

    let from: String?
    let predefined: String
    let pieces: [Piece]
    /// What joins the link to the text.
    let phoneJoint: String
    /// The link to the patient's page; empty where there is none.
    let phoneLink: String
    let count: String
    let left: String
    let isOver: Bool
    /// Which signs of the text count two; nil where none does.
    let doubled: String?
    var problems: [Fault]
    /// Whether one click can bring the text into the alphabet.
    let canBeSpelled: Bool
    /// The own words with every character that is not in the alphabet in its nearest spelling.
    let spelled: String
    /// What a screen reader is told while somebody types.
    let said: String

    /// - Parameters:
    ///   - raw: the closing text as it was typed.
    ///   - address: where the link leads that stands behind the text; nil: no link.
    init(_ raw: String, start: WallTime, sender: String?, address: PatientLinkAddress? = nil, _ words: Words) {
        let text = ClosingText.normalised(raw)
        let predefined = ReminderText.predefinedPart(start)
        let septets = GSM0338.septets(of: GSM0338.spelled(text)) ?? 0
        let maximum = address?.closingTextMaximum ?? ClosingText.maximumSeptets
        let rest = maximum - septets
        let faults = ClosingText.problems(in: raw, maximum: maximum)
        let outside = Set(faults.compactMap { Self.character(of: $0, in: text) })
        from = sender
        self.predefined = predefined
        pieces = Self.pieces(text, outside)
        phoneLink = address?.example ?? ""
        phoneJoint = phoneLink.isEmpty || (predefined + text).hasSuffix(" ") ? "" : " "
        count = words.counted("sms.count", SMSEncoding.of(predefined + text + phoneJoint + phoneLink).segments)
        isOver = rest < 0
        left = words.counted(rest < 0 ? "sms.over" : "sms.left", abs(rest))
        doubled = Self.doubled(text, words)
        canBeSpelled = !outside.isEmpty
        spelled = GSM0338.spelled(text)
        // Where there is but one, the click for all of them mends it.
        let problems = faults.map { Self.fault($0, text, isOne: outside.count == 1, words) }
        self.problems = problems
        said = ([count + ", " + left + "."] + problems.map(\.sentence) + [doubled].compactMap(\.self))
            .joined(separator: " ")
    }

    private static func fault(_ problem: FieldProblem, _ text: String, isOne: Bool, _ words: Words) -> Fault {
        let sentence = words.sentence(problem)
        let catalogue = words.catalogue
        guard let suggestion = problem.arguments["suggestion"], let character = character(of: problem, in: text) else {
            return Fault(sentence: sentence, mended: nil, mendLabel: "")
        }
        // What nobody sees is told by name, and so is what becomes of it.
        let shown = catalogue.visible(problem.arguments["character"] ?? "", words.language)
        guard !isOne || shown != String(character) else {
            return Fault(sentence: sentence, mended: nil, mendLabel: "")
        }
        return Fault(
            sentence: sentence,
            mended: text.map { $0 == character ? suggestion : String($0) }.joined(),
            mendLabel: suggestion.isEmpty
                ? words("phone.leave_out", ["character": shown])
                : words(
                    "phone.spell",
                    ["character": shown, "suggestion": catalogue.visible(suggestion, words.language)]
                )
        )
    }

    /// The character that is not in the alphabet; nil where another rule is broken.
    private static func character(of problem: FieldProblem, in text: String) -> Character? {
        guard problem.code == .textNotGSM, let offset = problem.arguments["offset"].flatMap({ Int($0) }) else {
            return nil
        }
        return text.dropFirst(offset).first
    }

    private static func doubled(_ text: String, _ words: Words) -> String? {
        var signs: [String] = []
        for character in text where GSM0338.septets(of: String(character)) == 2 {
            if !signs.contains(String(character)) { signs.append(String(character)) }
        }
        return signs.isEmpty ? nil : words("sms.doubled", ["characters": signs.joined(separator: " ")])
    }

    private static func pieces(_ text: String, _ outside: Set<Character>) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        for character in text {
            guard outside.contains(character) else {
                plain.append(character)
                continue
            }
            if !plain.isEmpty { pieces.append(Piece(text: plain, isMarked: false)) }
            plain = ""
            pieces.append(Piece(text: String(character), isMarked: true))
        }
        if !plain.isEmpty { pieces.append(Piece(text: plain, isMarked: false)) }
        return pieces
    }
}
