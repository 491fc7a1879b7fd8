// Telephone numbers: the patient's mobile number, the sender of an SMS, and what countries say about both.
// Numbering plans come from the telephone number library; the rules of senders are ours.
// No provider, no sending, and nothing about what a provider accepts.

/// A number that can take an SMS, in E.164 (ITU-T E.164 §6: a plus and at most 15 digits).
public struct MobileNumber: Hashable, Sendable {
    /// `+436641234500`
    public let e164: String

    /// Reads a number as a person wrote it; without a calling code it is one of the practice's country.
    ///
    /// Foreign mobile numbers are taken, and numbers of countries whose plan does not tell mobile from landline.
    /// Faults: `mobile.landline`; `mobile.invalid` with the argument `reason` (`too_short`, `too_long`,
    /// `not_a_number`, `invalid_country`, `invalid`).
    public static func parse(
        _ raw: String,
        country: Country,
        field: String = "mobile"
    ) -> Result<MobileNumber, FieldProblem> {
        guard let text = dialable(raw) else {
            return .failure(FieldProblem(field, .mobileInvalid, ["reason": "not_a_number"]))
        }
        let reading = PhoneReading(text, country: country)
        if let fault = reading.fault { return .failure(FieldProblem(field, .mobileInvalid, ["reason": fault])) }
        switch reading.kind {
        case .mobile: return .success(MobileNumber(unchecked: reading.e164))
        case .landline: return .failure(FieldProblem(field, .mobileLandline))
        case .other: return .failure(FieldProblem(field, .mobileInvalid, ["reason": "invalid"]))
        }
    }

    /// Takes a number back from where it was stored: checks the plus and 8 to 15 digits, nothing more.
    public init?(e164: String) {
        let digits = e164.utf8.dropFirst()
        guard e164.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count),
            digits.allSatisfy(Digits.isDigit)
        else { return nil }
        self.init(unchecked: e164)
    }

    private init(unchecked e164: String) { self.e164 = e164 }

    /// The country calling code (ITU-T E.164 §6.2.1), 43 for Austria; 0 where no country has it.
    public var callingCode: Int { PhoneReading(e164, country: .austria).callingCode }

    /// Without the plus, as SMPP wants an international number.
    public var digits: String { String(e164.dropFirst()) }

    /// As people in that country dial it: `0664 1234500` at home, `+43 664 1234500` from abroad.
    public func dialled(from country: Country) -> String {
        let reading = PhoneReading(e164, country: country)
        guard !reading.national.isEmpty else { return e164 }
        return reading.callingCode == country.callingCode ? reading.national : reading.international
    }

    /// For screens where the whole number is nobody's business: `0664 …500`.
    public var masked: String {
        let national = PhoneReading(e164, country: .austria).national
        let head = national.prefix { $0 != " " }
        let hidden = national.filter(\.isNumber).count - head.filter(\.isNumber).count - 3
        return (hidden >= 3 ? head + " " : "") + "…" + e164.suffix(3)
    }

    /// The text without a `tel:` before it; nil if anything stands in it that is never part of one number.
    private static func dialable(_ raw: String) -> String? {
        let trimmed = raw.trimmingWhitespace()
        let text = trimmed.lowercased().hasPrefix("tel:") ? String(trimmed.dropFirst(4)) : trimmed
        let isNumber = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .decimalNumber, .spaceSeparator, .dashPunctuation, .format: true
            default: "+＋()[]/.".unicodeScalars.contains(scalar)
            }
        }
        return isNumber ? text : nil
    }
}
