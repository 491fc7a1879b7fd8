import Domain

/// A phone with the bubble of an SMS as it will look: the predefined part quieter than the practice's own words.
struct PhoneView: Sendable {
    /// A stretch of the own words; a marked one would cost a second SMS or cannot be sent.
    struct Piece: Sendable {
        let text: String
        let isMarked: Bool
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
    var problems: [String]
    /// Whether one click can bring the text into the alphabet.
    let canBeSpelled: Bool

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
        let outside = Set(faults.filter { $0.code == .textNotGSM }.compactMap { $0.arguments["character"] })
        from = sender
        self.predefined = predefined
        pieces = Self.pieces(text, outside)
        phoneLink = address?.example ?? ""
        phoneJoint = phoneLink.isEmpty || (predefined + text).hasSuffix(" ") ? "" : " "
        count = words.counted("sms.count", SMSEncoding.of(predefined + text + phoneJoint + phoneLink).segments)
        isOver = rest < 0
        left = words.counted(rest < 0 ? "sms.over" : "sms.left", abs(rest))
        problems = faults.map(words.sentence)
        canBeSpelled = !outside.isEmpty
    }

    private static func pieces(_ text: String, _ outside: Set<String>) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        for character in text {
            guard outside.contains(String(character)) else {
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
