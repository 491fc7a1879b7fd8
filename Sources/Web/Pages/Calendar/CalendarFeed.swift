import Domain
import Foundation
import Storage

/// What the script asks for when it shows other days, or looks what became of these.
struct CalendarFeed: Encodable, Sendable {
    struct Named: Encodable, Sendable {
        let day: String
        let name: String
    }

    /// Days that have a name; the end is the first that no longer has it.
    struct Span: Encodable, Sendable {
        let start: String
        let end: String
        let name: String

        init(_ span: CalendarSpan) {
            start = span.days.lowerBound.iso
            end = span.days.upperBound.adding(days: 1).iso
            name = span.name
        }
    }

    let view: String
    let day: String
    let lead: String
    /// Parts of the page that stand as they are.
    let head: String
    let list: String
    let events: [CalendarEvent]
    let spans: [Span]
    /// What stands above days that have a column each.
    let headings: [Named]
    /// Days of the week without an appointment that a work week leaves out; 0 is Sunday.
    let hidden: [Int]

    /// - Parameter isInShort: that a month is told by the numbers of its days.
    init(_ contents: CalendarHead.Contents, isInShort: Bool, _ visit: Visit) throws {
        let above = CalendarHead.view(contents, visit)
        view = contents.query.view.rawValue
        day = contents.query.day.iso
        lead = above.lead
        head = try visit.pages.html("calendar/head", above, visit)
        let isList = contents.query.view == .list
        list = isList ? try visit.pages.html("calendar/list", try CalendarPage.view(contents, visit), visit) : ""
        let taking = contents.rows.filter { $0.appointment.status != .cancelled }
        switch contents.query.view {
        case .list: events = []
        case .month:
            events =
                isInShort ? CalendarEvent.monthInShort(contents, visit.words) : CalendarEvent.month(contents, visit)
        case .day, .week: events = taking.map { CalendarEvent($0, contents.practitioners, visit) }
        }
        spans = CalendarSpan.all(contents.days).map(Span.init)
        let columns = contents.query.view == .week || contents.query.view == .day ? contents.query.period.each : []
        headings = columns.map { Named(day: $0.iso, name: visit.words.shortDay($0)) }
        let used = Set(taking.map(\.date.weekday))
        hidden = [6, 7].filter { !used.contains($0) }.map { $0 % 7 }
    }
}

extension CalendarFeed {
    static func drawn(_ query: CalendarQuery, _ lines: [AgendaLine]) -> [AgendaLine] {
        query.view == .month ? CalendarEvent.ofMonth(lines) : lines
    }

    static func drawnInShort(_ query: CalendarQuery, _ lines: [AgendaLine]) -> [AgendaLine] {
        query.view == .month ? [] : lines
    }
}

/// What the script is told with the page.
struct CalendarOptions: Encodable, Sendable {
    let view: String
    let day: String
    let today: String
    let now: String
    let language: String
    let mayWrite: Bool
    let words: [String: String]

    static func text(_ query: CalendarQuery, _ visit: Visit) throws -> String {
        let keys = ["to_day", "failed"]
        let options = CalendarOptions(
            view: query.view.rawValue,
            day: query.day.iso,
            today: visit.today.iso,
            now: WallTime.of(visit.now, in: visit.practice.timeZone).iso,
            language: visit.words.language.rawValue,
            mayWrite: visit.mayWrite,
            words: Dictionary(uniqueKeysWithValues: keys.map { ($0, visit.words("calendar.script." + $0)) })
        )
        return String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
    }
}
