import Domain
import Foundation
import Storage

/// The appointments of today and tomorrow, in short; the calendar has all.
struct ComingDays: Sendable {
    struct Day: Sendable {
        let heading: String
        let count: String
        let rows: [Row]
    }

    struct Row: Sendable {
        let path: String
        let patient: String
        let time: String
        let place: String
        let isCancelled: String?
        let reminders: [ReminderView]
    }

    let days: [Day]
    let isEmpty: Bool
    /// Where the list ends before the days do.
    let more: String?

    /// How many days the list reaches.
    static let reach = 2
    /// How many appointments it holds.
    static let most = 60

    init(_ agenda: [AgendaRow], _ visit: Visit) {
        let words = visit.words
        let shown = agenda.prefix(Self.most)
        let byDay = Dictionary(grouping: shown) { $0.appointment.wallStart.date }
        days = byDay.keys.sorted().map { date in
            let rows = byDay[date, default: []].sorted { $0.appointment.start < $1.appointment.start }
            return Day(
                heading: Self.heading(date, visit),
                count: words.counted("start.appointments", rows.count),
                rows: rows.map { Self.row($0, words) }
            )
        }
        isEmpty = days.isEmpty
        more = agenda.count > Self.most ? words("start.more") : nil
    }

    private static func heading(_ date: LocalDate, _ visit: Visit) -> String {
        let words = visit.words
        if date == visit.today { return words("start.today", ["day": words.longDay(date)]) }
        if date == visit.today.adding(days: 1) { return words("start.tomorrow", ["day": words.longDay(date)]) }
        return words.longDay(date)
    }

    private static func row(_ row: AgendaRow, _ words: Words) -> Row {
        let appointment = row.appointment
        let end = WallTime.of(appointment.end, in: appointment.timeZone)
        let place = [row.location.name, row.practitioner?.name].compactMap(\.self).joined(separator: " · ")
        return Row(
            path: "/termine/\(appointment.id)",
            patient: PatientName.listed(row.patient),
            time: appointment.wallStart.clock + "–" + end.clock,
            place: place,
            isCancelled: appointment.status == .booked
                ? nil : words("appointment.status." + appointment.status.rawValue),
            reminders: row.currentReminders(words)
        )
    }
}
