import Domain
import Storage

/// What stands above the calendar: which days, how their reminders stand, and the ways to other days and forms.
struct CalendarHead: Sendable {
    struct Tab: Sendable {
        let key: String
        let label: String
        let path: String
        let isCurrent: Bool
    }

    let lead: String
    let summary: String?
    /// Closing days and holidays that are shown, by name, in one line.
    let closed: String?
    /// That not everything could be shown.
    let limited: String?
    let previous: Tab
    let today: Tab
    let next: Tab
    let tabs: [Tab]
    let filters: [FieldView]
    let hasFilters: Bool
    let view: String
    let day: String
    let newPath: String?
    let printPath: String

    /// What was read for the calendar.
    struct Contents: Sendable {
        let query: CalendarQuery
        let lines: [AgendaLine]
        /// Those of the lines that are drawn with people and places.
        let rows: [AgendaRow]
        let days: [CalendarDay]
        let locations: [Location]
        let practitioners: [Practitioner]
        let isLimited: Bool
    }

    static func view(_ contents: Contents, _ visit: Visit) -> CalendarHead {
        let (words, query) = (visit.words, contents.query)
        let back = ReturnPath(query: query).encoded
        let filters = filters(contents, words)
        let start = query.period.contains(visit.today) && query.view != .day ? visit.today : query.period.lowerBound
        return CalendarHead(
            lead: lead(contents, visit),
            summary: CalendarCounts(contents.booked(in: query.period), words).sentence,
            closed: closed(contents, words),
            limited: contents.isLimited
                ? words("calendar.limited", ["count": words.number(CalendarPage.limit)]) : nil,
            previous: turn("previous", query.previous, words),
            today: tab("today", words("calendar.today"), query.showing(nil, visit.today)),
            next: turn("next", query.next, words),
            tabs: CalendarQuery.View.allCases.map { view in
                Tab(
                    key: view.rawValue,
                    label: words("calendar.view." + view.rawValue),
                    path: query.showing(view).path,
                    isCurrent: view == query.view
                )
            },
            filters: filters,
            hasFilters: !filters.isEmpty,
            view: query.view.rawValue,
            day: query.day.iso,
            newPath: visit.mayWrite ? CalendarPage.newPath(start, query) + "&" + back : nil,
            printPath: query.showing(.day, start).path(below: "/kalender/druck")
        )
    }

    private static func closed(_ contents: Contents, _ words: Words) -> String? {
        let spans = CalendarSpan.all(contents.days)
        return spans.isEmpty ? nil : spans.map { $0.sentence(words) }.joined(separator: " · ")
    }

    /// To other days; a list, which may hold few or many, names the one with which the next begins.
    private static func turn(_ key: String, _ query: CalendarQuery, _ words: Words) -> Tab {
        tab(key, words("calendar.\(key)." + query.view.rawValue, ["day": words.shortDay(query.day)]), query)
    }

    private static func tab(_ key: String, _ label: String, _ query: CalendarQuery) -> Tab {
        Tab(key: key, label: label, path: query.path, isCurrent: false)
    }

    private static func lead(_ contents: Contents, _ visit: Visit) -> String {
        let words = visit.words
        let count = contents.booked(in: contents.query.period).count
        let arguments = ["period": words.period(of: contents.query, today: visit.today)]
        return count == 0 ? words("calendar.lead.none", arguments) : words.counted("calendar.lead", count, arguments)
    }

    /// Only where there is something to choose.
    private static func filters(_ contents: Contents, _ words: Words) -> [FieldView] {
        var fields: [FieldView] = []
        let all = (value: "", label: words("filter.any"))
        if contents.practitioners.count > 1 || contents.query.practitioner != nil {
            let choices = contents.practitioners.map { (value: $0.id.description, label: $0.name) }
            let chosen = contents.query.practitioner?.description ?? ""
            fields.append(.select("therapeut", chosen, FormProblems(words), [all] + choices))
        }
        if contents.locations.count > 1 || contents.query.location != nil {
            let choices = contents.locations.map { (value: $0.id.description, label: $0.name) }
            let chosen = contents.query.location?.description ?? ""
            fields.append(.select("standort", chosen, FormProblems(words), [all] + choices))
        }
        return fields
    }
}

extension CalendarHead.Contents {
    /// The appointments of some days that take place or took place.
    func booked(in days: ClosedRange<LocalDate>) -> [AgendaLine] {
        lines.filter { $0.status != .cancelled && days.contains($0.date) }
    }
}

extension Look {
    /// What wants somebody first.
    static let urgency: [Look] = [.failed, .unclear, .planned, .submitted, .delivered, .none]
}

/// How the reminders of some appointments stand, in numbers.
struct CalendarCounts: Sendable {
    /// nil where there is no appointment.
    let sentence: String?

    init(_ lines: [AgendaLine], _ words: Words) {
        var counts: [Look: Int] = [:]
        for look in lines.flatMap(\.looks) { counts[look, default: 0] += 1 }
        let parts = Look.urgency.compactMap { look in
            counts[look].map { words.counted("calendar.count." + look.rawValue, $0) }
        }
        sentence = parts.isEmpty ? nil : words("calendar.summary", ["parts": words.list(parts)])
    }
}

extension Words {
    /// `Heute, Dienstag, 2. März 2027`, `Woche 9: 1. bis 7. März 2027`, `März 2027`
    func period(of query: CalendarQuery, today: LocalDate) -> String {
        let (first, last) = (query.period.lowerBound, query.period.upperBound)
        switch query.view {
        case .day:
            let day = longDay(first)
            if first == today { return self("start.today", ["day": day]) }
            return first == today.adding(days: 1) ? self("start.tomorrow", ["day": day]) : day
        case .month: return month(first.year * 100 + first.month)
        case .week, .list:
            let from = first.month == last.month ? "calendar.from.day" : "calendar.from.month"
            let arguments = ["plainDay": String(first.day), "monthName": self("date.month.\(first.month)")]
            return self(
                "calendar.period." + query.view.rawValue,
                ["week": String(first.week), "from": self(from, arguments), "to": date(last)]
            )
        }
    }
}
