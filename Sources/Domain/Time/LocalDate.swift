/// A day of the proleptic Gregorian calendar (ISO 8601-1 §4.2.1), without a clock and without a zone.
public struct LocalDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let year: Int
    /// 1…12
    public let month: Int
    /// 1…31
    public let day: Int

    /// nil for a day that the calendar does not have, such as 30 February; years are 1…9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.length(ofMonth: month, year: year)
        else { return nil }
        self.init(unchecked: year, month, day)
    }

    /// Reads `2027-03-02` and nothing else (RFC 3339 §5.6, full-date).
    public init?(iso text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 else { return nil }
        var reader = ClockReader(bytes)
        guard let date = reader.date() else { return nil }
        self = date
    }

    /// The day so many days after 1 January 1970 (before it, where negative).
    init(daysSince1970 days: Int) {
        // A year is counted from 1 March, so that the leap day is its last; an era is 400 years, always 146,097 days,
        // and 1 March 0000 lies 719,468 days before 1970.
        let sinceMarch = days + 719_468
        let era = Self.floored(sinceMarch, by: 146_097)
        let dayOfEra = sinceMarch - era * 146_097
        let leapDaysPassed = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDaysPassed) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months from March on have 153 days: 31, 30, 31, 30, 31.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        self.init(
            unchecked: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
            month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1 January 1970, negative before it.
    public var daysSince1970: Int {
        let yearFromMarch = month > 2 ? year : year - 1
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let era = Self.floored(yearFromMarch, by: 400)
        let yearOfEra = yearFromMarch - era * 400
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    public func adding(days: Int) -> LocalDate { LocalDate(daysSince1970: daysSince1970 + days) }

    /// 1 is Monday, 7 is Sunday (ISO 8601-1 §3.1.2.9).
    public var weekday: Int {
        // 1 January 1970 was a Thursday.
        let shifted = daysSince1970 + 3
        return shifted - Self.floored(shifted, by: 7) * 7 + 1
    }

    /// `2027-03-02`
    public var iso: String { Digits.padded(year, 4) + "-" + Digits.padded(month, 2) + "-" + Digits.padded(day, 2) }

    public var description: String { iso }

    public static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// How many days a month has; 0 for a month that does not exist.
    public static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: 31
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 0
        }
    }

    static func floored(_ value: Int, by divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }
}
