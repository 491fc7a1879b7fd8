/// A public holiday by what is celebrated; its name on a screen depends on language and country.
public enum PublicHoliday: String, CaseIterable, Sendable {
    case newYear = "new_year"
    case epiphany
    case womensDay = "womens_day"
    case goodFriday = "good_friday"
    case easterSunday = "easter_sunday"
    case easterMonday = "easter_monday"
    case labourDay = "labour_day"
    case liberationDay = "liberation_day"
    case ascension
    case whitSunday = "whit_sunday"
    case whitMonday = "whit_monday"
    case uprising1953 = "uprising_1953"
    case corpusChristi = "corpus_christi"
    case assumption
    case childrensDay = "childrens_day"
    case germanUnity = "german_unity"
    case nationalDay = "national_day"
    case reformation
    case allSaints = "all_saints"
    case repentance
    case immaculateConception = "immaculate_conception"
    case christmasDay = "christmas_day"
    case secondChristmasDay = "second_christmas_day"

    /// On which day of a year it falls.
    enum Rule: Hashable, Sendable {
        /// The same day every year.
        case fixed(month: Int, day: Int)
        /// So many days after Easter Sunday, negative before it.
        case easter(Int)
        /// The Wednesday before 23 November.
        case repentance
    }

    var rule: Rule {
        switch self {
        case .newYear: .fixed(month: 1, day: 1)
        case .epiphany: .fixed(month: 1, day: 6)
        case .womensDay: .fixed(month: 3, day: 8)
        case .goodFriday: .easter(-2)
        case .easterSunday: .easter(0)
        case .easterMonday: .easter(1)
        case .labourDay: .fixed(month: 5, day: 1)
        case .liberationDay: .fixed(month: 5, day: 8)
        case .ascension: .easter(39)
        case .whitSunday: .easter(49)
        case .whitMonday: .easter(50)
        case .uprising1953: .fixed(month: 6, day: 17)
        case .corpusChristi: .easter(60)
        case .assumption: .fixed(month: 8, day: 15)
        case .childrensDay: .fixed(month: 9, day: 20)
        case .germanUnity: .fixed(month: 10, day: 3)
        case .nationalDay: .fixed(month: 10, day: 26)
        case .reformation: .fixed(month: 10, day: 31)
        case .allSaints: .fixed(month: 11, day: 1)
        case .repentance: .repentance
        case .immaculateConception: .fixed(month: 12, day: 8)
        case .christmasDay: .fixed(month: 12, day: 25)
        case .secondChristmasDay: .fixed(month: 12, day: 26)
        }
    }

    /// Its day in a year; nil in a year that the calendar does not hold.
    public func day(in year: Int) -> LocalDate? {
        switch rule {
        case .fixed(let month, let day): LocalDate(year: year, month: month, day: day)
        case .easter(let days): Easter.sunday(in: year)?.adding(days: days)
        case .repentance: LocalDate(year: year, month: 11, day: 22).map { $0.adding(days: -(($0.weekday + 4) % 7)) }
        }
    }
}

/// When Easter is in the Gregorian calendar.
public enum Easter {
    /// Jean Meeus, Astronomical Algorithms, 2nd edition, chapter 8, "Date of Easter": Gregorian Easter, for every year
    /// of that calendar, without exceptions. nil before 1583 and after 9999.
    public static func sunday(in year: Int) -> LocalDate? {
        guard (1583...9999).contains(year) else { return nil }
        let golden = year % 19
        let (century, yearOfCentury) = year.quotientAndRemainder(dividingBy: 100)
        let (leapCenturies, centuryOfFour) = century.quotientAndRemainder(dividingBy: 4)
        let moonCorrection = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * golden + century - leapCenturies - moonCorrection + 15) % 30
        let (leapYears, yearOfFour) = yearOfCentury.quotientAndRemainder(dividingBy: 4)
        let toSunday = (32 + 2 * centuryOfFour + 2 * leapYears - epact - yearOfFour) % 7
        let late = (golden + 11 * epact + 22 * toSunday) / 451
        let (month, day) = (epact + toSunday - 7 * late + 114).quotientAndRemainder(dividingBy: 31)
        return LocalDate(year: year, month: month, day: day + 1)
    }
}
