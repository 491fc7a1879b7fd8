import Domain

/// What the calendar shows, as it stands in its address: which days, in which form, and whose appointments.
struct CalendarQuery: Hashable, Sendable {
    /// The words of the address.
    enum View: String, CaseIterable, Sendable {
        case day = "tag"
        case week = "woche"
        case month = "monat"
        case list = "liste"
    }

    /// Days that the list reaches, where they are not too full.
    static let mostDays = 14

    var view: View
    var day: LocalDate
    var practitioner: Practitioner.ID?
    var location: Location.ID?
    /// Days that the list holds. An address does not say it: it follows from what stands in them.
    var listed = mostDays

    init(view: View, day: LocalDate, practitioner: Practitioner.ID? = nil, location: Location.ID? = nil) {
        self.view = view
        self.day = day
        self.practitioner = practitioner
        self.location = location
    }

    /// What the address does not say, or says so that nobody can read it, is today's week, and everybody's.
    init(_ query: FormData, today: LocalDate) {
        let day = LocalDate(iso: query["tag"]).flatMap { (1_900...2_199).contains($0.year) ? $0 : nil }
        self.init(
            view: View(rawValue: query["ansicht"]) ?? .week,
            day: day ?? today,
            practitioner: Practitioner.ID(query["therapeut"]),
            location: Location.ID(query["standort"])
        )
    }

    var path: String { path(below: "/kalender") }

    func path(below base: String) -> String {
        var parts = ["ansicht=" + view.rawValue, "tag=" + day.iso]
        if let practitioner { parts.append("therapeut=\(practitioner)") }
        if let location { parts.append("standort=\(location)") }
        return base + "?" + parts.joined(separator: "&")
    }

    /// The same appointments, seen otherwise.
    func showing(_ view: View? = nil, _ day: LocalDate? = nil) -> CalendarQuery {
        CalendarQuery(view: view ?? self.view, day: day ?? self.day, practitioner: practitioner, location: location)
    }

    /// Appointments that are listed on one page: from so many on a list ends with the day that is full, and a week is told
    /// by its days.
    static let mostListed = 100

    /// The same list, ending where its page is full; at least one day is on it.
    ///
    /// - Parameter dates: of the appointments, in any order.
    func listing(_ dates: [LocalDate]) -> CalendarQuery {
        guard view == .list else { return self }
        let counts = Dictionary(grouping: dates) { $0 }.mapValues(\.count)
        var (query, sum) = (self, 0)
        query.listed =
            days.each.prefix { date in
                sum += counts[date] ?? 0
                return date == day || sum <= Self.mostListed
            }.count
        return query
    }

    /// The days that the heading names.
    var period: ClosedRange<LocalDate> {
        switch view {
        case .day: day...day
        case .week: Self.monday(of: day)...Self.monday(of: day).adding(days: 6)
        case .month: firstOfMonth...lastOfMonth
        case .list: day...day.adding(days: listed - 1)
        }
    }

    /// All days that are drawn: a month is drawn in whole weeks.
    var days: ClosedRange<LocalDate> {
        guard view == .month else { return period }
        return Self.monday(of: firstOfMonth)...Self.monday(of: lastOfMonth).adding(days: 6)
    }

    var previous: CalendarQuery {
        showing(nil, view == .month ? Self.first(of: firstOfMonth.adding(days: -1)) : day.adding(days: -step))
    }

    var next: CalendarQuery {
        showing(nil, view == .month ? lastOfMonth.adding(days: 1) : day.adding(days: step))
    }

    private var step: Int {
        switch view {
        case .day: 1
        case .week, .month: 7
        case .list: listed
        }
    }

    private var firstOfMonth: LocalDate { Self.first(of: day) }
    private var lastOfMonth: LocalDate {
        firstOfMonth.adding(days: LocalDate.length(ofMonth: day.month, year: day.year) - 1)
    }

    private static func first(of day: LocalDate) -> LocalDate { day.adding(days: 1 - day.day) }

    static func monday(of day: LocalDate) -> LocalDate { day.adding(days: 1 - day.weekday) }
}

extension LocalDate {
    /// The week's number in its year (ISO 8601-1 §4.3.3): the first week is the one with the year's first Thursday.
    var week: Int {
        let thursday = CalendarQuery.monday(of: self).adding(days: 3)
        guard let newYear = LocalDate(year: thursday.year, month: 1, day: 1) else { return 1 }
        return (thursday.daysSince1970 - newYear.daysSince1970) / 7 + 1
    }
}

extension ClosedRange<LocalDate> {
    var each: [LocalDate] {
        (0...upperBound.daysSince1970 - lowerBound.daysSince1970).map { lowerBound.adding(days: $0) }
    }
}
