/// validity_period (SMPP 3.4 §5.2.16, formats in §7.1.1).
public enum ValidityPeriod: Sendable, Hashable {
    /// Counted by the SMSC from the moment it takes the message; cut to 1 second … 30 days.
    case relative(seconds: Int)
    /// An instant, in seconds since 1970-01-01 00:00 UTC.
    case absolute(unixSeconds: Int64)

    /// The 16 characters of the field: `YYMMDDhhmmss000R`, or `YYMMDDhhmmss000+` in UTC.
    public var field: String {
        switch self {
        case .relative(let seconds):
            let total = min(max(seconds, 1), 30 * 86_400)
            let parts = [0, 0, total / 86_400, total / 3_600 % 24, total / 60 % 60, total % 60]
            return Digits.pairs(parts) + "000R"
        case .absolute(let unixSeconds):
            return SMPPTime.digits(unixSeconds: unixSeconds, withSeconds: true) + "000+"
        }
    }
}

/// Dates as SMPP writes them, without a calendar library.
public enum SMPPTime {
    /// `YYMMDDhhmm` as in the text of receipts (SMPP 3.4 Appendix B), or `YYMMDDhhmmss`; UTC.
    public static func digits(unixSeconds: Int64, withSeconds: Bool = false) -> String {
        let days = Int(unixSeconds.floorDivided(by: 86_400))
        let second = Int(unixSeconds - Int64(days) * 86_400)
        let date = civil(daysSince1970: days)
        var parts = [date.year % 100, date.month, date.day, second / 3_600, second / 60 % 60]
        if withSeconds { parts.append(second % 60) }
        return Digits.pairs(parts)
    }

    /// The instant that a receipt's date means, in seconds since 1970 and read as UTC: `YYMMDDhhmm`, `YYMMDDhhmmss`,
    /// `YYYYMMDDhhmm` or `YYYYMMDDhhmmss`. nil where it is no date.
    public static func unixSeconds(_ text: String) -> Int64? {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let pairs = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
        switch digits.count {
        case 10: return instant(2_000 + pairs[0], pairs[1...])
        case 12: return instant(2_000 + pairs[0], pairs[1...]) ?? instant(pairs[0] * 100 + pairs[1], pairs[2...])
        case 14: return instant(pairs[0] * 100 + pairs[1], pairs[2...])
        default: return nil
        }
    }

    /// - Parameter parts: month, day, hour, minute, and the second where it is there.
    private static func instant(_ year: Int, _ parts: ArraySlice<Int>) -> Int64? {
        let (month, day, hour, minute) = (
            parts[parts.startIndex], parts[parts.startIndex + 1],
            parts[parts.startIndex + 2], parts[parts.startIndex + 3]
        )
        let second = parts.count > 4 ? parts[parts.startIndex + 4] : 0
        guard (1970...9999).contains(year), (1...12).contains(month), hour < 24, minute < 60, second < 60 else {
            return nil
        }
        let days = daysSince1970(year: year, month: month, day: day)
        guard civil(daysSince1970: days) == (year, month, day) else { return nil }
        return Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// The day number of a Gregorian date, the reverse of `civil`; years from 1970 on.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shiftedYear / 400, shiftedYear % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The Gregorian date of a day number; years are counted from March so that leap days come last.
    static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = Int(Int64(shifted).floorDivided(by: 146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

enum Digits {
    /// Each part as two digits, one after the other.
    static func pairs(_ parts: [Int]) -> String {
        String(decoding: parts.flatMap { [UInt8(0x30 + $0 / 10 % 10), UInt8(0x30 + $0 % 10)] }, as: UTF8.self)
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity.
    func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
