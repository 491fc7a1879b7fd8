import Domain
import Foundation
import Storage

/// What goes out at the next send time, and what does not, and why.
struct NextView: Sendable {
    /// An appointment whose reminder will not go out as things stand.
    struct Row: Sendable {
        let path: String
        let patient: String
        let moment: String
        let reminders: [ReminderView]
    }

    /// Many with the same reason.
    struct Group: Sendable {
        let label: String
        let reason: ReminderView
    }

    let heading: String
    let lead: String
    let channels: String?
    let isPlanned: Bool
    let groups: [Group]
    let rows: [Row]
    let isComplete: String?

    /// From so many on, those with the same reason are one line.
    private static let many = 6

    /// - Parameters:
    ///   - day: on which they leave.
    ///   - next: what leaves then; nil where nothing is planned.
    ///   - agenda: the appointments of the day after, and those before.
    init(_ day: LocalDate, _ next: NextSending?, _ agenda: [AgendaRow], _ visit: Visit) {
        let words = visit.words
        let lacking = agenda.filter { Self.lacks($0, visit) }
        let blocked = lacking.flatMap { Self.blocked($0, on: day) }
        let going = Channel.allCases.map { channel in
            (channel, max(0, (next?.planned[channel] ?? 0) - blocked.count { $0 == channel }))
        }.filter { $0.1 > 0 }
        let count = going.reduce(0) { $0 + $1.1 }
        heading = Self.heading(day, next, visit)
        isPlanned = count > 0
        lead = count > 0 ? words.counted("next.going", count) : words("next.nothing")
        channels =
            going.isEmpty
            ? nil : going.map { words.counted("today.count." + $0.0.rawValue, $0.1) }.joined(separator: ", ")
        (rows, groups) = Self.told(lacking, words)
        isComplete = lacking.isEmpty && count > 0 ? words("next.complete") : nil
    }

    private static func heading(_ day: LocalDate, _ next: NextSending?, _ visit: Visit) -> String {
        let words = visit.words
        let isLater = day > visit.today.adding(days: 1)
        let key = day == visit.today ? "next.today" : isLater ? "next.later" : "next.tomorrow"
        guard let next else { return words(key) }
        let time = words.clock(WallTime.of(next.dueAt, in: visit.practice.timeZone))
        return words(key + "_at", ["time": time, "day": words.shortDay(day)])
    }

    /// The channels of its reminders that are planned for the day and will not leave then.
    private static func blocked(_ row: AgendaRow, on day: LocalDate) -> [Channel] {
        row.reminders.filter { standing in
            standing.reminder.state == .planned && standing.reason != nil
                && WallTime.of(standing.reminder.dueAt, in: row.appointment.timeZone).date == day
        }.map(\.reminder.channel)
    }

    /// Somebody wants a reminder, and one of its channels will not bring it.
    private static func lacks(_ row: AgendaRow, _ visit: Visit) -> Bool {
        guard row.appointment.status == .booked, row.appointment.start > visit.now else { return false }
        let current = row.reminders.filter {
            $0.reminder.purpose == .reminder && $0.reminder.generation == row.appointment.generation
        }
        if current.isEmpty { return !row.appointment.shortfall.isEmpty }
        return current.contains { [.planned, .skipped].contains($0.reminder.state) && $0.reason != nil }
    }

    private static func told(_ lacking: [AgendaRow], _ words: Words) -> ([Row], [Group]) {
        let all = lacking.map { row in
            Row(
                path: "/termine/\(row.appointment.id)",
                patient: PatientName.listed(row.patient),
                moment: words.short(row.appointment.wallStart),
                reminders: ReminderTeller(words: words, of: row.patient).views(row.appointment, row.reminders)
                    .filter { $0.look != Look.planned.rawValue }
            )
        }
        // What is one person's stays one person's; what is the practice's is told once.
        let byReason = Dictionary(grouping: all) { $0.reminders.compactMap(\.detail).joined(separator: ", ") }
        let common = byReason.filter { $0.value.count >= many }
        let rows = all.filter { common[$0.reminders.compactMap(\.detail).joined(separator: ", ")] == nil }
        let groups = common.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.compactMap { _, rows in
            rows.first?.reminders.first.map { first in
                var reason = first
                if reason.mendPath?.hasPrefix("/patienten") ?? false {
                    reason.mendPath = nil
                    reason.mendLabel = nil
                }
                return Group(label: words.counted("next.without", rows.count), reason: reason)
            }
        }
        return (rows, groups)
    }
}
