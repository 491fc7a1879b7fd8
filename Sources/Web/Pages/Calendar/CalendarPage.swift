import Domain
import Foundation
import Storage

/// The calendar: its head, and the days as a list, which works without a script, by keyboard and for screen readers.
struct CalendarPage: Sendable {
    struct Row: Sendable {
        let id: String
        let path: String
        let patient: String
        let time: String
        let place: String
        let over: String?
        let reminders: [ReminderView]
        let movePath: String?
        let cancelPath: String?
        /// What is moved or cancelled, for who only hears it.
        let what: String
    }

    struct Day: Sendable {
        let id: String
        let heading: String
        let count: String
        let closed: String?
        let rows: [Row]
        let newPath: String?
    }

    /// One day among so many that their appointments are not listed.
    struct DayInShort: Sendable {
        let path: String
        let heading: String
        let count: String
        let closed: String?
        let reminders: String?
    }

    let head: CalendarHead
    let days: [Day]
    let daysInShort: [DayInShort]
    let isInShort: Bool
    let isEmpty: Bool
    /// What the script needs, as JSON.
    let options: String
    let undo: UndoView?

    /// More appointments than these are not shown at once.
    static let limit = 2_000

    static func view(_ contents: CalendarHead.Contents, _ visit: Visit, undo: UndoView? = nil) throws -> CalendarPage {
        let isInShort = isInShort(contents.query, contents.lines)
        let byDay = Dictionary(grouping: contents.lines, by: \.date)
        let rows = Dictionary(grouping: contents.rows, by: \.date)
        let shown = contents.query.period.each.filter { date in
            switch contents.query.view {
            case .day: true
            case .week: date.weekday < 6 || byDay[date] != nil
            case .month, .list: byDay[date] != nil || contents.days.contains { $0.date == date }
            }
        }
        let days = isInShort ? [] : shown.map { day($0, rows[$0] ?? [], contents, visit) }
        return CalendarPage(
            head: .view(contents, visit),
            days: days,
            daysInShort: isInShort ? shown.map { dayInShort($0, byDay[$0] ?? [], contents, visit) } : [],
            isInShort: isInShort,
            isEmpty: shown.isEmpty,
            options: try CalendarOptions.text(contents.query, visit),
            undo: undo
        )
    }

    /// Whether days are told by their counts, and each leads to its own page.
    private static func isInShort(_ query: CalendarQuery, _ lines: [AgendaLine]) -> Bool {
        switch query.view {
        case .month: true
        case .week: lines.count > CalendarQuery.mostListed
        case .day, .list: false
        }
    }

    static func drawn(_ query: CalendarQuery, _ lines: [AgendaLine]) -> [AgendaLine] {
        isInShort(query, lines) ? [] : lines
    }

    /// The form for a new appointment on a day, with what the calendar is filtered by.
    static func newPath(_ day: LocalDate, _ query: CalendarQuery) -> String {
        var path = "/termine/neu?start=" + day.iso
        if let practitioner = query.practitioner { path += "&practitionerId=\(practitioner)" }
        if let location = query.location { path += "&locationId=\(location)" }
        return path
    }

    private static func day(
        _ date: LocalDate,
        _ rows: [AgendaRow],
        _ contents: CalendarHead.Contents,
        _ visit: Visit
    ) -> Day {
        let words = visit.words
        let back = ReturnPath(query: contents.query).encoded
        let booked = rows.filter { $0.appointment.status != .cancelled }.count
        return Day(
            id: date.iso,
            heading: words.longDay(date),
            count: booked == 0 ? words("calendar.none") : words.counted("start.appointments", booked),
            closed: closed(date, contents),
            rows: rows.map { row($0, back, visit) },
            newPath: visit.mayWrite ? newPath(date, contents.query) + "&" + back : nil
        )
    }

    private static func dayInShort(
        _ date: LocalDate,
        _ lines: [AgendaLine],
        _ contents: CalendarHead.Contents,
        _ visit: Visit
    ) -> DayInShort {
        let words = visit.words
        let booked = lines.filter { $0.status != .cancelled }
        return DayInShort(
            path: contents.query.showing(.day, date).path,
            heading: words.longDay(date),
            count: booked.isEmpty ? words("calendar.none") : words.counted("start.appointments", booked.count),
            closed: closed(date, contents),
            reminders: CalendarCounts(booked, words).sentence
        )
    }

    private static func closed(_ date: LocalDate, _ contents: CalendarHead.Contents) -> String? {
        let names = contents.days.filter { $0.date == date }.map(\.name)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    private static func row(_ row: AgendaRow, _ back: String, _ visit: Visit) -> Row {
        let words = visit.words
        let appointment = row.appointment
        let isOpen = visit.mayWrite && row.isOpen
        let path = "/termine/\(appointment.id)"
        let end = WallTime.of(appointment.end, in: appointment.timeZone)
        let patient = CalendarEvent.patient(row, words)
        return Row(
            id: appointment.id.description,
            path: path + "?" + back,
            patient: patient,
            time: appointment.wallStart.clock + "–" + end.clock,
            place: [row.location.name, row.practitioner?.name].compactMap(\.self).joined(separator: " · "),
            over: appointment.status == .booked
                ? nil : words("appointment.status." + appointment.status.rawValue),
            reminders: row.currentReminders(words),
            movePath: isOpen ? path + "/verschieben?" + back : nil,
            cancelPath: isOpen ? path + "/absagen?" + back : nil,
            what: ": " + patient + ", " + words.short(appointment.wallStart)
        )
    }
}
