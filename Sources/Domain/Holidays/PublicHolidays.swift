// Public holidays: which day is one, in which country and in which part of it.
// Dated data with their sources; a row is added or given a last year where a law changes.
// No name for a screen, and no decision about reminders: those go out on a holiday as on any other day.

/// The public holidays of the countries whose practices Vortag knows.
///
/// Austria: § 7 Abs. 2 Arbeitsruhegesetz, the same in all nine provinces
/// (https://www.ris.bka.gv.at/GeltendeFassung.wxe?Abfrage=Bundesnormen&Gesetzesnummer=10008541); the provinces' patron
/// saints' days are holidays of schools and offices only, and are left out.
///
/// Germany: Art. 2 Abs. 2 Einigungsvertrag for 3 October, and the sixteen states' own acts for all others, gathered by
/// the Federal Ministry of the Interior (https://www.bmi.bund.de/DE/themen/verfassung/staatliche-symbole/feiertage/).
/// What holds in single municipalities only is left out: Corpus Christi in parts of Saxony and Thuringia, 8 August in
/// Augsburg. The Assumption holds in most of Bavaria's municipalities, and is kept.
public enum PublicHolidays {
    /// The parts of a country whose holidays differ, by their codes of ISO 3166-2; empty where they do not.
    public static func regions(of country: Country) -> [String] {
        country == .germany ? germanStates : []
    }

    /// Whether the country's holidays are known at all.
    public static func knows(_ country: Country) -> Bool { rows.contains { $0.country == country } }

    /// The holidays of a span of days, in order.
    ///
    /// - Parameter region: a code of `regions(of:)`; empty: only what holds in the whole country.
    public static func days(
        _ country: Country,
        region: String,
        from first: LocalDate,
        to last: LocalDate
    ) -> [(day: LocalDate, holiday: PublicHoliday)] {
        guard first <= last else { return [] }
        return (first.year...last.year).flatMap { year in
            rows.filter { $0.holds(country, region, year) }.compactMap { row in
                row.holiday.day(in: year).map { (day: $0, holiday: row.holiday) }
            }
        }
        .filter { (first...last).contains($0.day) }.sorted { $0.day < $1.day }
    }

    static let germanStates = [
        "DE-BB", "DE-BE", "DE-BW", "DE-BY", "DE-HB", "DE-HE", "DE-HH", "DE-MV", "DE-NI", "DE-NW", "DE-RP", "DE-SH",
        "DE-SL", "DE-SN", "DE-ST", "DE-TH",
    ]

    /// One holiday where it holds.
    struct Row: Sendable {
        let country: Country
        let holiday: PublicHoliday
        /// Empty: the whole country.
        let regions: [String]
        let first: Int
        let last: Int

        func holds(_ country: Country, _ region: String, _ year: Int) -> Bool {
            country == self.country && (first...last).contains(year) && (regions.isEmpty || regions.contains(region))
        }
    }

    static let rows: [Row] =
        [
            .newYear, .epiphany, .easterMonday, .labourDay, .ascension, .whitMonday, .corpusChristi, .assumption,
            .nationalDay, .allSaints, .immaculateConception, .christmasDay, .secondChristmasDay,
        ].map { row(.austria, $0) }
        + [
            .newYear, .goodFriday, .easterMonday, .labourDay, .ascension, .whitMonday, .germanUnity, .christmasDay,
            .secondChristmasDay,
        ].map { row(.germany, $0) }
        + [
            german(.epiphany, "BW BY ST"),
            german(.womensDay, "BE", from: 2019),
            german(.womensDay, "MV", from: 2023),
            german(.easterSunday, "BB"),
            german(.liberationDay, "BE", from: 2020, through: 2020),
            german(.liberationDay, "BE", from: 2025, through: 2025),
            german(.whitSunday, "BB"),
            german(.uprising1953, "BE", from: 2028, through: 2028),
            german(.corpusChristi, "BW BY HE NW RP SL"),
            german(.assumption, "BY SL"),
            german(.childrensDay, "TH", from: 2019),
            german(.reformation, "BB MV SN ST TH"),
            german(.reformation, "BE BW BY HB HE HH NI NW RP SH SL", from: 2017, through: 2017),
            german(.reformation, "HB HH NI SH", from: 2018),
            german(.allSaints, "BW BY NW RP SL"),
            german(.repentance, "SN"),
        ]

    private static func row(_ country: Country, _ holiday: PublicHoliday) -> Row {
        Row(country: country, holiday: holiday, regions: [], first: 1990, last: 9999)
    }

    private static func german(
        _ holiday: PublicHoliday,
        _ states: String,
        from first: Int = 1995,
        through last: Int = 9999
    ) -> Row {
        Row(
            country: .germany,
            holiday: holiday,
            regions: states.split(separator: " ").map { "DE-" + $0 },
            first: first,
            last: last
        )
    }
}
