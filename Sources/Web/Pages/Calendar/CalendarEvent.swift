import Domain
import Foundation
import Storage

/// One appointment as the script draws it. Times are those of the clock on the wall, without an offset.
struct CalendarEvent: Encodable, Sendable {
    struct Sign: Encodable, Sendable {
        let look: String
        let word: String
    }

    let id: String
    let start: String
    let end: String
    let title: String
    let url: String
    let editable: Bool
    let classNames: [String]
    let version: Int64
    let practitioner: String
    let signs: [Sign]
    /// All of it, for who only hears it.
    let label: String

    /// Practitioners are told apart by so many kinds of edge, beside their name.
    static let edges = 6

    init(_ row: AgendaRow, _ practitioners: [Practitioner], _ visit: Visit) {
        let words = visit.words
        let appointment = row.appointment
        let end = WallTime.of(appointment.end, in: appointment.timeZone)
        let views = ReminderTeller(words: words).views(appointment, row.reminders)
        let place = practitioners.firstIndex { $0.id == row.practitioner?.id }
        id = appointment.id.description
        start = appointment.wallStart.iso
        self.end = end.iso
        title = Self.patient(row, words)
        url = "/termine/\(appointment.id)"
        editable = visit.mayWrite && appointment.status == .booked
        classNames =
            [place.map { "edge-\($0 % Self.edges)" } ?? "edge-none"]
            + (appointment.status == .booked ? [] : ["over"])
        version = appointment.version
        practitioner = row.practitioner?.name ?? ""
        signs = views.map { Sign(look: $0.look, word: $0.word) }
        let reminders = views.map { [$0.channel, $0.word, $0.detail].compactMap(\.self).joined(separator: " ") }
        let status = appointment.status == .booked ? nil : words("appointment.status." + appointment.status.rawValue)
        label = words(
            "calendar.event",
            [
                "from": appointment.wallStart.clock, "to": end.clock, "patient": title,
                "place": [status, row.practitioner?.name, row.location.name].compactMap(\.self).joined(separator: ", "),
                "reminder": reminders.joined(separator: ", "),
            ]
        )
    }

    /// The name in lists; of somebody whose data were erased, that they are gone.
    static func patient(_ row: AgendaRow, _ words: Words) -> String {
        let name = PatientName.listed(row.patient)
        return name.isEmpty ? words("message.erased") : name
    }
}

/// What the script asks for when it shows other days, or looks what became of these.
struct CalendarFeed: Encodable, Sendable {
    struct Named: Encodable, Sendable {
        let day: String
        let name: String
    }

    let view: String
    let day: String
    let lead: String
    /// Parts of the page that stand as they are.
    let head: String
    let list: String
    let events: [CalendarEvent]
    let days: [Named]
    /// Days of the week without an appointment that a work week leaves out; 0 is Sunday.
    let hidden: [Int]

    init(_ contents: CalendarHead.Contents, _ visit: Visit) throws {
        let page = try CalendarPage.view(contents, visit)
        view = contents.query.view.rawValue
        day = contents.query.day.iso
        lead = page.head.lead
        head = try visit.pages.html("calendar/head", page.head, visit)
        let isList = contents.query.view == .list
        list = isList ? try visit.pages.html("calendar/list", page, visit) : ""
        // What is cancelled leaves its place free.
        let taking = contents.rows.filter { $0.appointment.status != .cancelled }
        events = isList ? [] : taking.map { CalendarEvent($0, contents.practitioners, visit) }
        days = contents.days.map { Named(day: $0.date.iso, name: $0.name) }
        let used = Set(taking.map { $0.appointment.wallStart.date.weekday })
        hidden = [6, 7].filter { !used.contains($0) }.map { $0 % 7 }
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
        let keys = ["more", "to_day", "failed"]
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
