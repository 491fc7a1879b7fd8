import Domain
import Storage

/// When the practice does not treat: its own closing days, and the public holidays of a year.
struct ClosingDaysPage: Sendable {
    struct Row: Sendable {
        let days: String
        let name: String
        let place: String
        /// nil for those who may only look.
        let removal: Removal?

        struct Removal: Sendable {
            let path: String
            let label: String
        }
    }

    struct Holiday: Sendable {
        let day: String
        let name: String
        let isOver: Bool
    }

    struct Year: Sendable {
        let path: String
        let label: String
        let isCurrent: Bool
    }

    let lead: String
    let form: FormFrame
    let fields: [FieldView]
    let upcoming: [Row]
    let past: [Row]
    let hasUpcoming: Bool
    let hasPast: Bool
    let holidays: [Holiday]
    let hasHolidays: Bool
    let holidayAdvice: String
    let years: [Year]
    /// The choice of the part of the country; nil where it makes no difference.
    let region: SettingsForm?
    let regionVersion: String
    let mayConfigure: Bool

    /// What was read.
    struct House: Sendable {
        let upcoming: [ClosingDay]
        let past: [ClosingDay]
        let locations: [Location]
    }

    static func view(
        _ draft: ClosingDayDraft,
        _ house: House,
        year: Int,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> ClosingDaysPage {
        let words = visit.words
        let practice = visit.practice
        let settings = SettingsForm(
            .closingDays,
            PracticeDraft(existing: practice),
            FormProblems(words),
            visit,
            usesFallback: false
        )
        let rows = { (days: [ClosingDay]) in days.map { row($0, house.locations, visit) } }
        let holidays = holidays(year, visit)
        return ClosingDaysPage(
            lead: lead(house.upcoming, visit),
            form: FormFrame(
                action: SettingsPlace.closingDays.path,
                problems: problems,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            fields: fields(draft, house.locations, problems, words),
            upcoming: rows(house.upcoming),
            past: rows(house.past),
            hasUpcoming: !house.upcoming.isEmpty,
            hasPast: !house.past.isEmpty,
            holidays: holidays,
            hasHolidays: !holidays.isEmpty,
            holidayAdvice: advice(practice, words),
            years: [visit.today.year, visit.today.year + 1].map {
                Year(path: "?jahr=\($0)#feiertage", label: String($0), isCurrent: $0 == year)
            },
            region: settings.groups.isEmpty ? nil : settings,
            regionVersion: String(practice.version),
            mayConfigure: visit.mayConfigure
        )
    }

    private static func lead(_ upcoming: [ClosingDay], _ visit: Visit) -> String {
        let words = visit.words
        guard let next = upcoming.first else { return words("closing.lead.none") }
        if next.firstDay <= visit.today { return words("closing.lead.now", ["until": words.day(next.lastDay)]) }
        return words("closing.lead.next", ["name": next.name, "day": words.day(next.firstDay)])
    }

    private static func row(_ closing: ClosingDay, _ locations: [Location], _ visit: Visit) -> Row {
        let words = visit.words
        let days = words.span(closing.firstDay, closing.lastDay)
        let location = locations.first { $0.id == closing.locationID }
        return Row(
            days: days,
            name: closing.name,
            place: location?.name ?? words("closing.everywhere"),
            removal: visit.mayConfigure
                ? Row.Removal(
                    path: SettingsPlace.closingDays.path + "/\(closing.id)/loeschen",
                    label: words("closing.remove_label", ["name": closing.name, "days": days])
                ) : nil
        )
    }

    private static func fields(
        _ draft: ClosingDayDraft,
        _ locations: [Location],
        _ problems: FormProblems,
        _ words: Words
    ) -> [FieldView] {
        var first = FieldView.make("firstDay", draft.firstDay, problems, type: "date", isRequired: true)
        first.hint = nil
        var name = FieldView.make("name", draft.name, problems, autocomplete: "off", isRequired: true)
        name.label = words("field.closingName")
        name.hint = words("hint.closingName")
        let places = [(value: "", label: words("closing.everywhere"))]
        let choices = places + locations.map { (value: $0.id.description, label: $0.name) }
        return [
            name, first, .make("lastDay", draft.lastDay, problems, type: "date"),
            .select("locationId", draft.locationID, problems, choices),
        ]
    }

    private static func holidays(_ year: Int, _ visit: Visit) -> [Holiday] {
        guard let first = LocalDate(year: year, month: 1, day: 1), let last = LocalDate(year: year, month: 12, day: 31)
        else { return [] }
        let practice = visit.practice
        return PublicHolidays.days(practice.country, region: practice.region, from: first, to: last).map {
            Holiday(
                day: visit.words.day($0.day),
                name: visit.words.name($0.holiday, practice.country),
                isOver: $0.day < visit.today
            )
        }
    }

    private static func advice(_ practice: Practice, _ words: Words) -> String {
        guard PublicHolidays.knows(practice.country) else { return words("holiday.unknown") }
        let isDivided = !PublicHolidays.regions(of: practice.country).isEmpty
        if isDivided, practice.region.isEmpty { return words("holiday.advice.region") }
        let exact = "holiday.advice." + (isDivided ? practice.region : practice.country.rawValue)
        return words(words.catalogue.has(exact) ? exact : "holiday.advice")
    }
}

extension Words {
    /// `Mo 02.08.2027 – Fr 13.08.2027`, or one day.
    func span(_ first: LocalDate, _ last: LocalDate) -> String {
        first == last ? day(first) : self("closing.span", ["first": day(first), "last": day(last)])
    }

    /// What a holiday is called in a country.
    func name(_ holiday: PublicHoliday, _ country: Country) -> String {
        let key = "holiday." + holiday.rawValue
        let exact = key + "." + country.rawValue
        return self(catalogue.has(exact) ? exact : key)
    }

    /// Why a day is closed, as a calendar writes it.
    func name(_ closed: ClosedDay, in practice: Practice) -> String {
        switch closed.reason {
        case .holiday(let holiday): name(holiday, practice.country)
        case .closing(_, let name): name
        }
    }
}
