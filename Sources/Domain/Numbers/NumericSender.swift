import CPhoneNumber

/// Rule 7 for a telephone number: `00`, calling code, number, together at most 16 digits and nothing else.
enum NumericSender {
    /// Digits, and what people put between and before them: such a text is meant as a telephone number.
    static func isMeant(by text: String) -> Bool {
        text.contains(where: isDigit) && text.allSatisfy { isDigit($0) || $0.isWhitespace || "+/-–().[]".contains($0) }
    }

    static func isWellFormed(_ text: String) -> Bool {
        text.count <= SenderID.maximumDigits && text.allSatisfy(isDigit) && text.hasPrefix("00")
            && isInternational(String(text.dropFirst(2))) && keepsNoTrunkZero(String(text.dropFirst(2)))
    }

    /// `text` has no white space at its ends.
    static func judge(_ text: String, country: Country) -> SenderVerdict {
        var verdict = SenderVerdict()
        let hasPlus = text.hasPrefix("+")
        verdict.addSpecial((hasPlus ? text.dropFirst() : text[...]).filter { !isDigit($0) }, reason: "number")
        let digits = text.filter(isDigit)
        let reading = read(digits, hasPlus: hasPlus, country: country)
        if let code = reading.fault {
            // It begins with 00 as it should: what is wrong comes behind it.
            let isPrefixed = code == .senderNotInternational && !hasPlus && digits.hasPrefix("00")
            let reason = reading.corrected == nil ? "incomplete" : "trunk_zero"
            verdict.add(code, isPrefixed ? ["reason": reason] : [:])
        }
        if (reading.corrected ?? digits).count > SenderID.maximumDigits || digits.count > SenderID.maximumDigits {
            verdict.add(.senderTooLong, ["maximum": String(SenderID.maximumDigits)])
        }
        if reading.corrected == nil, !text.allSatisfy(isDigit), !hasPlus { verdict.add(.senderNoLetter) }
        if !verdict.faults.isEmpty, let corrected = reading.corrected, isWellFormed(corrected) {
            verdict.suggestion = corrected
        }
        return verdict
    }

    /// Which form the digits are in, and how they read in the right one; no form is near: nothing is offered.
    private static func read(
        _ digits: String,
        hasPlus: Bool,
        country: Country
    ) -> (fault: ProblemCode?, corrected: String?) {
        if hasPlus || digits.hasPrefix("00") {
            let number = withoutTrunkZero(hasPlus ? digits : String(digits.dropFirst(2)))
            guard isInternational(number) else { return (.senderNotInternational, nil) }
            let corrected = "00" + number
            return (hasPlus || corrected != digits ? .senderNotInternational : nil, corrected)
        }
        let code = country.callingCode.map(String.init) ?? ""
        if !digits.hasPrefix("0") {
            let isOwn = !code.isEmpty && digits.hasPrefix(code) && isInternational(digits)
            if isOwn || valid("+" + digits, country) != nil {
                return (.senderNotInternational, "00" + withoutTrunkZero(digits))
            }
        }
        if let number = valid(digits, country) { return (.senderCountryCodeMissing, "00" + number) }
        guard digits.hasPrefix("0") else { return (.senderNotInternational, nil) }
        let number = withoutTrunkZero(code + digits)
        return (.senderCountryCodeMissing, isInternational(number) ? "00" + number : nil)
    }

    /// Drops the 0 of `+43 (0)676` and of `+430676`, where numbers of the country never keep it (Italy's do).
    private static func withoutTrunkZero(_ digits: String) -> String {
        guard !keepsNoTrunkZero(digits) else { return digits }
        let code = leadingCallingCode(digits)
        return code + digits.dropFirst(code.utf8.count + 1)
    }

    private static func keepsNoTrunkZero(_ digits: String) -> Bool {
        let code = leadingCallingCode(digits)
        return !digits.hasPrefix(code + "0") || vortag_phone_has_trunk_zero(Int32(code) ?? 0) == 0
    }

    /// Begins with a calling code that is given out, and at least four digits follow.
    private static func isInternational(_ digits: String) -> Bool {
        let code = leadingCallingCode(digits)
        return !code.isEmpty && digits.utf8.count >= code.utf8.count + 4
    }

    /// Empty where no calling code is given out.
    private static func leadingCallingCode(_ digits: String) -> String {
        let code = vortag_phone_leading_calling_code(digits, digits.utf8.count)
        return code > 0 ? String(code) : ""
    }

    /// The digits of E.164, if the text is a valid number read in the country.
    private static func valid(_ text: String, _ country: Country) -> String? {
        let reading = PhoneReading(text, country: country)
        return reading.fault == nil ? String(reading.e164.dropFirst()) : nil
    }

    private static func isDigit(_ character: Character) -> Bool { character.asciiValue.map(Digits.isDigit) ?? false }
}
