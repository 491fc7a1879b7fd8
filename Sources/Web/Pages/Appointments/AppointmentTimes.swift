import Domain
import Foundation
import Storage

/// What follows from the time that was chosen: the end, the dates of a series, what else lies there.
struct AppointmentTimes: Sendable {
    /// One appointment of a series.
    struct Occurrence: Sendable {
        let moment: String
        let remarks: [String]
    }

    /// `bis 11:30`; nil while it is not known.
    let ends: String?
    let cautions: [String]
    let occurrences: [Occurrence]
    /// `5 Termine`; nil where it is not repeated.
    let repeats: String?
    /// Whether there is a place for the dates: what is on record is not repeated.
    let mayRepeat: Bool
    /// Whether a script asked for the parts anew.
    let isUpdate: Bool

    static func view(
        _ form: AppointmentForm,
        _ around: AppointmentPage.Surroundings,
        _ visit: Visit,
        isUpdate: Bool = false
    ) -> AppointmentTimes {
        let words = visit.words
        let hasPlan = form.plan != nil && form.wallStart != nil
        return AppointmentTimes(
            ends: ends(form, around.circumstances.zone, words),
            cautions: hasPlan ? [] : cautions(form, around, visit),
            occurrences: hasPlan ? occurrences(form, around, visit) : [],
            repeats: form.plan.map { words.counted("booking.series", $0.count) },
            mayRepeat: around.circumstances.existing == nil,
            isUpdate: isUpdate
        )
    }

    private static func ends(_ form: AppointmentForm, _ zone: TimeZone, _ words: Words) -> String? {
        guard let end = form.span(in: zone).map({ WallTime.of($0.end, in: zone) }) else { return nil }
        return words("booking.ends", ["end": form.date == end.date.iso ? words.clock(end) : words.short(end)])
    }

    private static func occurrences(
        _ form: AppointmentForm,
        _ around: AppointmentPage.Surroundings,
        _ visit: Visit
    ) -> [Occurrence] {
        guard let plan = form.plan, let start = form.wallStart else { return [] }
        let words = visit.words
        return plan.days.enumerated().map { place, days in
            let moment = start.later(days: days)
            var remarks: [String] = []
            if !FortyEightHours.allows(start: moment.instant(in: around.circumstances.zone), now: visit.now) {
                remarks.append(words("booking.too_near"))
            }
            remarks += jump(moment, around.circumstances.zone, words).map { [$0] } ?? []
            if around.neighbourhoods.indices.contains(place) {
                remarks += cautions(around.neighbourhoods[place], visit)
            }
            return Occurrence(moment: words.moment(moment), remarks: remarks)
        }
    }

    /// Of one appointment.
    private static func cautions(
        _ form: AppointmentForm,
        _ around: AppointmentPage.Surroundings,
        _ visit: Visit
    ) -> [String] {
        let jumped = form.wallStart.flatMap { jump($0, around.circumstances.zone, visit.words) }
        return [jumped].compactMap(\.self) + (around.neighbourhoods.first.map { cautions($0, visit) } ?? [])
    }

    /// That the clocks jump over the time; nil where they do not.
    private static func jump(_ time: WallTime, _ zone: TimeZone, _ words: Words) -> String? {
        time.replacement(in: zone).map { shown in
            words("caution.jump", ["time": words.clock(time), "shown": words.clock(shown)])
        }
    }

    /// What is worth a second look, though nothing of it is forbidden (rule 15).
    private static func cautions(_ beside: Neighbourhood, _ visit: Visit) -> [String] {
        let words = visit.words
        let closings = beside.closings.map { closed in
            let key = if case .holiday = closed.reason { "caution.holiday" } else { "caution.closed" }
            return words(key, ["name": words.name(closed, in: visit.practice)])
        }
        let overlapping = beside.overlapping.map { other in
            words("caution.overlap", ["time": span(other.appointment), "name": PatientName.spoken(other.patient)])
        }
        let sameDay = beside.sameDay.filter { own in
            !beside.overlapping.contains { $0.appointment.id == own.appointment.id }
        }
        return closings + overlapping + sameDay.map { words("caution.same_day", ["time": span($0.appointment)]) }
    }

    /// `10:30–11:30`
    private static func span(_ appointment: Appointment) -> String {
        appointment.wallStart.clock + "\u{2013}" + appointment.wallEnd.clock
    }
}

/// An appointment among those that were planned with it.
struct SeriesView: Sendable {
    struct Member: Sendable {
        let memberPath: String
        let moment: String
        let state: String?
        let isThis: Bool
    }

    /// `Termin 3 von 10 einer Serie`
    let title: String
    let members: [Member]
    let hasLater: Bool

    /// nil for one that stands alone.
    init?(_ appointment: Appointment, _ all: [Appointment], _ visit: Visit) {
        guard let place = all.firstIndex(where: { $0.id == appointment.id }) else { return nil }
        let words = visit.words
        title = words(
            "series.place",
            ["place": words.number(place + 1), "count": words.number(all.count)]
        )
        members = all.map { member in
            Member(
                memberPath: "/termine/\(member.id)",
                moment: words.moment(member.wallStart),
                state: member.status == .booked ? nil : words("appointment.status." + member.status.rawValue),
                isThis: member.id == appointment.id
            )
        }
        hasLater = all[(place + 1)...].contains { $0.status == .booked && $0.start > visit.now }
    }

    /// Where reminders are missing after the series was saved; nil where none is.
    static func shortfall(of appointment: Appointment, _ all: [Appointment], _ visit: Visit) -> String? {
        let words = visit.words
        let lacking = all.filter { member in
            member.start >= appointment.start && member.status == .booked && member.start > visit.now
                && !member.shortfall.isEmpty
        }
        guard !lacking.isEmpty else { return nil }
        let moments = lacking.map { words.short($0.wallStart) }.joined(separator: "; ")
        return words.counted("series.shortfall", lacking.count, ["moments": moments])
    }
}
