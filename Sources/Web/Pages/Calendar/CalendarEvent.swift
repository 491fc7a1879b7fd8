import Domain
import Foundation
import Storage

/// One appointment as the script draws it. Times are those of the clock on the wall, without an offset.
struct CalendarEvent: Encodable, Sendable {
    struct Sign: Encodable, Sendable {
        let look: String
        let word: String
        /// When, or why not.
        var detail: String?
    }

    let id: String
    let start: String
    let end: String
    let title: String
    /// Where it leads to: the appointment, or the day that has more of them.
    let url: String
    let isDay: Bool
    let editable: Bool
    let classNames: [String]
    let version: Int64
    /// That it takes: what its edges say differs where the clocks change in between.
    let minutes: Int
    let practitioner: String
    /// The practitioner's place among all, by which entries of the same time are ordered.
    let rank: Int
    let signs: [Sign]
    /// All of it, for who only hears it.
    let label: String

    /// Practitioners are told apart by so many kinds of edge, beside their name.
    static let edges = 6

    init(_ row: AgendaRow, _ practitioners: [Practitioner], _ visit: Visit) {
        let words = visit.words
        let appointment = row.appointment
        let end = WallTime.of(appointment.end, in: appointment.timeZone)
        let views = row.currentReminders(words)
        let place = practitioners.firstIndex { $0.id == row.practitioner?.id }
        id = appointment.id.description
        start = appointment.wallStart.iso
        self.end = end.iso
        title = Self.patient(row, words)
        url = "/termine/\(appointment.id)"
        isDay = false
        editable = visit.mayWrite && row.isOpen
        classNames =
            [place.map { "edge-\($0 % Self.edges)" } ?? "edge-none"]
            + (appointment.status == .booked ? [] : ["over"])
        version = appointment.version
        minutes = Int(appointment.end.timeIntervalSince(appointment.start) / 60)
        practitioner = row.practitioner?.name ?? ""
        rank = place ?? practitioners.count
        signs = views.map { Sign(look: $0.look, word: $0.word, detail: $0.detail) }
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

    /// What leads to a day: it stands for appointments that are not drawn one by one.
    private init(_ date: LocalDate, _ title: String, _ sign: Sign?, _ label: [String?], _ query: CalendarQuery) {
        id = "more-" + date.iso
        start = date.iso + "T23:59"
        end = date.adding(days: 1).iso + "T00:00"
        self.title = title
        url = query.showing(.day, date).path
        isDay = true
        editable = false
        classNames = ["more"]
        version = 0
        minutes = 0
        practitioner = ""
        rank = 0
        signs = sign.map { [$0] } ?? []
        self.label = label.compactMap(\.self).joined(separator: ", ")
    }

    /// What a day of a month has beside those that are drawn, with a sign where a reminder of them did not arrive.
    init(more lines: [AgendaLine], on date: LocalDate, _ query: CalendarQuery, _ words: Words) {
        let failed = lines.filter { $0.looks.contains(.failed) }.count
        let problem = failed == 0 ? nil : words.counted("calendar.count.failed", failed)
        let title = words("calendar.more", ["count": words.number(lines.count)])
        let sign = problem.map { Sign(look: Look.failed.rawValue, word: $0) }
        self.init(date, title, sign, [words.longDay(date), title, problem], query)
    }

    /// All of a day by their number, with the sign that wants somebody soonest.
    init(all lines: [AgendaLine], on date: LocalDate, _ query: CalendarQuery, _ words: Words) {
        let looks = Set(lines.flatMap(\.looks))
        let sign = Look.urgency.first(where: looks.contains).map { look in
            Sign(look: look.rawValue, word: words("calendar.count.\(look.rawValue).one"))
        }
        let count = words.counted("start.appointments", lines.count)
        let label = [words.longDay(date), count, CalendarCounts(lines, words).sentence]
        self.init(date, words.number(lines.count), sign, label, query)
    }

    /// A month draws the first appointments of each day, and says how many more there are.
    static func month(_ contents: CalendarHead.Contents, _ visit: Visit) -> [CalendarEvent] {
        let drawn = contents.rows.map { CalendarEvent($0, contents.practitioners, visit) }
        let rest = days(contents.lines).compactMap { date, lines -> CalendarEvent? in
            let more = lines.dropFirst(room(for: lines))
            return more.isEmpty ? nil : CalendarEvent(more: Array(more), on: date, contents.query, visit.words)
        }
        return drawn + rest
    }

    /// A month on a phone, where no day has room for names: the days by their numbers.
    static func monthInShort(_ contents: CalendarHead.Contents, _ words: Words) -> [CalendarEvent] {
        days(contents.lines).map { CalendarEvent(all: $0.value, on: $0.key, contents.query, words) }
    }

    /// The lines that a month draws.
    static func ofMonth(_ lines: [AgendaLine]) -> [AgendaLine] {
        days(lines).flatMap { $0.value.prefix(room(for: $0.value)) }
    }

    /// What takes place or took place, by its days: what is cancelled leaves its place free.
    private static func days(_ lines: [AgendaLine]) -> [(key: LocalDate, value: [AgendaLine])] {
        Dictionary(grouping: lines.filter { $0.status != .cancelled }, by: \.date).sorted {
            $0.key < $1.key
        }
    }

    private static func room(for lines: [AgendaLine]) -> Int {
        lines.count > mostOfDay ? mostOfDay - 1 : lines.count
    }

    /// Lines that a day of a month has room for.
    static let mostOfDay = 7

    /// The name in lists; of somebody whose data were erased, that they are gone.
    static func patient(_ row: AgendaRow, _ words: Words) -> String {
        row.isErased ? words("message.erased") : PatientName.listed(row.patient)
    }
}

extension AgendaRow {
    /// Whether the patient's data are gone.
    var isErased: Bool { PatientName.listed(patient).isEmpty }

    /// Whether it can be moved and cancelled.
    var isOpen: Bool { appointment.status == .booked && !isErased }

    /// How the reminders stand, and what the patient said.
    func currentReminders(_ words: Words) -> [ReminderView] {
        let views = ReminderTeller(words: words, of: patient).views(appointment, reminders)
        guard let answer, appointment.status == .booked else { return views }
        return views + [ReminderView(answer, words)]
    }
}

extension AgendaLine {
    var looks: [Look] { ReminderTeller.looks(self) }
}
