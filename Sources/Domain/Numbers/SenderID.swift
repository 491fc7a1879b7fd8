/// What a patient's phone shows as the sender of an SMS (rule 7).
///
/// In SMPP an alphanumeric sender goes out with TON 5 and NPI 0, an international one with TON 1 and NPI 1
/// (SMPP 3.4 §5.2.5 and §5.2.6).
public struct SenderID: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case alphanumeric, international
    }

    public static let maximumCharacters = 11
    public static let maximumDigits = 16

    /// `PraxisHuber`, or `00436761234567`.
    public let value: String
    public let kind: Kind

    /// Checks a sender as a person wrote it; all faults are reported at once.
    ///
    /// Each fault carries the argument `suggestion`, the whole sender corrected, where there is a correct form;
    /// `sender.too_long` has `maximum`, and `sender.special_character` has `characters`; `reason` says more where it
    /// can. An empty text is
    /// `sender.missing`. Every suggestion passes this check.
    public static func check(
        _ raw: String,
        country: Country,
        field: String = "senderId"
    ) -> Result<SenderID, ProblemList> {
        let text = raw.trimmingWhitespace()
        guard !text.isEmpty else { return .failure(ProblemList(FieldProblem(field, .senderMissing))) }
        let isNumber = NumericSender.isMeant(by: text)
        let verdict = isNumber ? NumericSender.judge(text, country: country) : NamedSender.judge(text)
        guard verdict.faults.isEmpty else { return .failure(verdict.problems(field: field)) }
        return .success(SenderID(unchecked: text, isNumber ? .international : .alphanumeric))
    }

    /// Takes a sender back from where it was stored; nil where its form is not one that `check` lets pass.
    public init?(stored: String) {
        if NumericSender.isWellFormed(stored) {
            self.init(unchecked: stored, .international)
        } else if NamedSender.isWellFormed(stored) {
            self.init(unchecked: stored, .alphanumeric)
        } else {
            return nil
        }
    }

    private init(unchecked value: String, _ kind: Kind) {
        self.value = value
        self.kind = kind
    }

    /// Calling code and number without the international prefix, `436761234567`; nil for a name.
    public var internationalDigits: String? {
        switch kind {
        case .alphanumeric: nil
        case .international: String(value.dropFirst(2))
        }
    }
}

/// What is wrong with a sender, and the sender that would be right.
struct SenderVerdict {
    var faults: [(code: ProblemCode, arguments: [String: String])] = []
    var suggestion: String?

    mutating func add(_ code: ProblemCode, _ arguments: [String: String] = [:]) { faults.append((code, arguments)) }

    func problems(field: String) -> ProblemList {
        ProblemList(
            faults.map { fault in
                var arguments = fault.arguments
                arguments["suggestion"] = suggestion
                return FieldProblem(field, fault.code, arguments)
            }
        )
    }
}

extension SenderVerdict {
    /// `sender.special_character` for these, named once each.
    ///
    /// - Parameter reason: `number` where digits alone are allowed.
    mutating func addSpecial(_ characters: [Character], reason: String? = nil) {
        var distinct: [String] = []
        for character in characters {
            let shown = character.isWhitespace ? "␣" : String(character)
            if !distinct.contains(shown) { distinct.append(shown) }
        }
        guard !distinct.isEmpty else { return }
        var arguments = ["characters": distinct.joined(separator: " ")]
        arguments["reason"] = reason
        add(.senderSpecialCharacter, arguments)
    }
}
