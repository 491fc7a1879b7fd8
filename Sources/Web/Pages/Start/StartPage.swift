import Domain
import Foundation
import Storage

/// The start page: what goes out next, what does not, and the appointments of the coming days.
struct StartPage: Sendable {
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

    let lead: String
    let without: String?
    let banners: [Banner]
    /// Whom to call, because a reminder of a coming appointment failed.
    let calls: [CallRow]
    let hasCalls: Bool
    let days: [Day]
    let isEmpty: Bool

    /// How many days the list reaches.
    static let reach = 14

    static func view(_ agenda: [AgendaRow], _ warnings: [ForecastWarning], _ visit: Visit) -> StartPage {
        let words = visit.words
        let byDay = Dictionary(grouping: agenda) { $0.appointment.wallStart.date }
        let days = byDay.keys.sorted().map { date in
            let rows = byDay[date, default: []].sorted { $0.appointment.start < $1.appointment.start }
            return Day(
                heading: heading(date, visit),
                count: words.counted("start.appointments", rows.count),
                rows: rows.map { row($0, words) }
            )
        }
        let coming = agenda.filter { $0.appointment.status == .booked && $0.appointment.start > visit.now }
        let forecast = Forecast(coming, today: visit.today, zone: visit.practice.timeZone, words: words)
        let calls = coming.compactMap { CallRow($0, visit) }
        return StartPage(
            lead: forecast.lead,
            without: forecast.without,
            banners: Banner.all(warnings, visit),
            calls: calls,
            hasCalls: !calls.isEmpty,
            days: days,
            isEmpty: days.isEmpty
        )
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
            reminders: ReminderTeller(words: words).views(appointment, row.reminders)
        )
    }
}

/// The answer to what one came for: does tomorrow's reminder go out?
private struct Forecast {
    let lead: String
    let without: String?

    /// - Parameter coming: the booked appointments that have not begun.
    init(_ coming: [AgendaRow], today: LocalDate, zone: TimeZone, words: Words) {
        let planned = coming.flatMap(\.reminders).filter { $0.reminder.state == .planned && $0.reason == nil }
        let days = planned.map { WallTime.of($0.reminder.dueAt, in: zone).date }
        lead = Self.lead(days, today, words)
        let left = coming.filter { row in
            let isWanted = !row.reminders.isEmpty || !row.appointment.shortfall.isEmpty
            return isWanted && !row.reminders.contains { $0.reminder.state != .skipped && $0.reason == nil }
        }
        without = left.isEmpty ? nil : Self.without(left, words)
    }

    private static func lead(_ days: [LocalDate], _ today: LocalDate, _ words: Words) -> String {
        guard let first = days.min() else { return words("start.lead.nothing") }
        let count = days.filter { $0 == first }.count
        if first <= today { return words.counted("start.lead.today", count) }
        if first == today.adding(days: 1) { return words.counted("start.lead.tomorrow", count) }
        return words.counted("start.lead.later", count, ["day": words.day(first)])
    }

    private static func without(_ rows: [AgendaRow], _ words: Words) -> String {
        let teller = ReminderTeller(words: words)
        var counts: [String: Int] = [:]
        for row in rows {
            let reason = teller.views(row.appointment, row.reminders).compactMap(\.detail).first
            counts[reason ?? words("look.none"), default: 0] += 1
        }
        let reasons = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { $0.value == 1 ? $0.key : words.number($0.value) + " × " + $0.key }
        return words.counted("start.without", rows.count, ["reasons": reasons.joined(separator: ", ")])
    }
}

/// How a patient is called in lists and sentences.
enum PatientName {
    /// `Muster, Eva`
    static func listed(_ patient: Patient) -> String {
        patient.firstName.isEmpty ? patient.lastName : patient.lastName + ", " + patient.firstName
    }

    /// `Eva Muster`
    static func spoken(_ patient: Patient) -> String {
        patient.firstName.isEmpty ? patient.lastName : patient.firstName + " " + patient.lastName
    }
}

/// Something about the whole practice that keeps reminders from leaving.
struct Banner: Sendable {
    let sentence: String
    let path: String?
    let label: String?
    let isUrgent: Bool

    /// What is held is asked at the top of the page, and not told a second time.
    static func all(_ warnings: [ForecastWarning], _ visit: Visit) -> [Banner] {
        let isAsked = HoldView(visit) != nil
        return warnings.filter { $0.code != .paused || !isAsked }.map { Banner($0, visit) }
    }

    init(_ warning: ForecastWarning, _ visit: Visit) {
        sentence = visit.words.sentence(warning)
        let way = WarningWay(warning, visit)
        path = way?.path
        label = way?.label
        isUrgent = ![.smsOff, .limitNear].contains(warning.code) && !warning.isReplaced
    }
}
