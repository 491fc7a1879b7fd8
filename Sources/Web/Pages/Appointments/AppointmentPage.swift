import Domain
import Foundation
import Storage

/// An appointment: its form, its reminders, and the way that each of them went.
struct AppointmentPage: Sendable {
    let lead: String
    let form: FormFrame
    let patients: PatientField
    let fields: [FieldView]
    let when: [FieldView]
    let durations: [String]
    let times: AppointmentTimes
    /// How often it is repeated; nil for one that is on record.
    let repeating: Repeating?
    let reminder: ReminderChoices
    /// What tells this opening of a new appointment's form from others; nil for one that is on record.
    let once: String?
    /// The field that somebody begins with; nil where the page is read from its top.
    let first: String?
    /// Where saving leads back to; nil: to this page.
    let back: String?
    /// nil for a new appointment.
    let record: AppointmentRecord?
    /// What was just done to it and can be taken back.
    let undo: UndoView?

    struct Repeating: Sendable {
        let inputs: [FieldView]
    }

    /// What was read beside the form.
    struct Surroundings: Sendable {
        let locations: [Location]
        let practitioners: [Practitioner]
        var found: [Patient]
        /// Those who may be the new patient.
        let alike: [Lookalike]
        let circumstances: ReminderChoices.Circumstances
        let neighbourhoods: [Neighbourhood]
        /// All of the appointment's series; empty where it has none.
        let series: [Appointment]
        let standings: [ReminderStanding]
        let told: [LinkAnswerRow]
    }

    /// What the page says above the form.
    enum Occasion: Sendable {
        case none, saved, savedSeries
        /// The new patient may be on record already.
        case asksWhoIsNew

        init(_ query: FormData) {
            switch query["gespeichert"] {
            case "": self = .none
            case "serie": self = .savedSeries
            default: self = .saved
            }
        }
    }

    static func view(
        _ form: AppointmentForm,
        _ around: Surroundings,
        _ problems: FormProblems,
        _ visit: Visit,
        _ occasion: Occasion = .none,
        undo: UndoView? = nil
    ) -> AppointmentPage {
        let existing = around.circumstances.existing
        let problems = form.isForNewcomer ? problems : problems.ofContact
        let mayEdit = visit.mayWrite && existing?.status != .cancelled
        return AppointmentPage(
            lead: lead(around, visit.words),
            form: FormFrame(
                action: existing.map { "/termine/\($0.id)" } ?? "/termine/neu",
                problems: problems,
                version: existing?.version,
                mayWrite: mayEdit,
                saved: occasion.isSaved && undo == nil
            ),
            patients: .view(form, around, problems, visit, asks: occasion == .asksWhoIsNew),
            fields: fields(form, around, problems),
            when: when(form, problems),
            durations: ["20", "30", "45", "50", "60", "90", "120"],
            times: .view(form, around, visit),
            repeating: existing == nil ? Repeating(inputs: repeating(form, problems)) : nil,
            reminder: ReminderChoices.view(form, around.circumstances, problems, visit),
            once: existing == nil ? visit.once(form.once) : nil,
            first: first(form, around, problems, occasion),
            back: form.back?.path,
            record: existing.map { .view($0, form, around, visit, occasion) },
            undo: undo
        )
    }

    private static func lead(_ around: Surroundings, _ words: Words) -> String {
        guard let existing = around.circumstances.existing else { return words("appointment.new") }
        let name = around.circumstances.stored.map(PatientName.spoken) ?? words("booking.nobody")
        return words("appointment.lead", ["name": name, "moment": words.moment(existing.wallStart)])
    }

    private static func fields(
        _ form: AppointmentForm,
        _ around: Surroundings,
        _ problems: FormProblems
    ) -> [FieldView] {
        let words = problems.words
        let locations = around.locations.map { (value: $0.id.description, label: $0.name) }
        let nobody = (value: "", label: words("practitioner.none"))
        let practitioners = around.practitioners.map { (value: $0.id.description, label: $0.name) }
        return [
            .select("locationId", form.locationID, problems, locations),
            .select("practitionerId", form.practitionerID, problems, [nobody] + practitioners),
        ]
    }

    /// Where somebody begins who opens the form of a new appointment: with whom it is for, or else with when it is.
    /// What is shown again is read from its problems on.
    private static func first(
        _ form: AppointmentForm,
        _ around: Surroundings,
        _ problems: FormProblems,
        _ occasion: Occasion
    ) -> String? {
        guard around.circumstances.existing == nil, problems.summary == nil, occasion == .none else { return nil }
        if form.isForNewcomer { return "firstName" }
        return around.circumstances.stored == nil ? "suche" : "start"
    }

    private static func when(_ form: AppointmentForm, _ problems: FormProblems) -> [FieldView] {
        var duration = FieldView.make("end", form.duration, problems, type: "number", inputMode: "numeric")
        duration.partial = "appointments/duration"
        return [
            .make("start", form.date, problems, type: "date", isRequired: true),
            .make("startTime", form.time, problems, type: "time", isRequired: true), duration,
        ]
    }

    private static func repeating(_ form: AppointmentForm, _ problems: FormProblems) -> [FieldView] {
        let words = problems.words
        let weeks =
            [(value: "", label: words("booking.repeat.none"))]
            + (1...4).map { (value: String($0), label: words.counted("booking.repeat", $0)) }
        return [
            .select("weeksApart", form.weeksApart, problems, weeks),
            .make("times", form.times, problems, type: "number", inputMode: "numeric"),
        ]
    }
}

extension AppointmentPage.Occasion {
    var isSaved: Bool {
        switch self {
        case .saved, .savedSeries: true
        case .none, .asksWhoIsNew: false
        }
    }
}

/// What there is only for an appointment that is on record.
struct AppointmentRecord: Sendable {
    /// What came of it, noted by one click.
    struct Status: Sendable {
        let statusValue: String
        let statusLabel: String
    }

    let id: String
    let version: String
    let statusWord: String?
    let notices: [String]
    let ways: [WayView]
    let none: [ReminderView]
    /// Whom to call, where a reminder of a coming appointment failed.
    let call: CallLink?
    let movePath: String?
    let cancelPath: String?
    let patientPath: String
    /// What was said on the patient's own page.
    let told: [LinkAnswerView]
    let hasTold: Bool
    let statuses: [Status]
    let statusPath: String?
    let series: SeriesView?
    /// Whether a change asks how much of the series it is meant for.
    let scope: ScopeChoice?

    static func view(
        _ existing: Appointment,
        _ form: AppointmentForm,
        _ around: AppointmentPage.Surroundings,
        _ visit: Visit,
        _ occasion: AppointmentPage.Occasion
    ) -> AppointmentRecord {
        let words = visit.words
        let isBooked = existing.status == .booked
        // Of somebody whose data were erased nothing is changed any more.
        let mayChange = visit.mayWrite && around.circumstances.stored != nil
        let series = SeriesView(existing, around.series, visit)
        var notices = isBooked ? existing.shortfall.map { words("notice." + $0.rawValue) } : []
        if case .savedSeries = occasion, let sentence = SeriesView.shortfall(of: existing, around.series, visit) {
            notices.insert(sentence, at: 0)
        }
        let statuses = mayChange ? statuses(existing, visit) : []
        return AppointmentRecord(
            id: existing.id.description,
            version: String(existing.version),
            statusWord: isBooked ? nil : words("appointment.status." + existing.status.rawValue),
            notices: notices,
            ways: around.standings.map { WayView($0, of: existing, around.circumstances.stored, visit) },
            none: around.standings.isEmpty
                ? ReminderTeller(words: words, of: around.circumstances.stored).views(existing, []) : [],
            call: isBooked && existing.start > visit.now ? call(around, visit) : nil,
            movePath: mayChange && isBooked ? "/termine/\(existing.id)/verschieben" : nil,
            cancelPath: mayChange && isBooked ? cancelPath(existing, form) : nil,
            patientPath: "/patienten/\(existing.patientID)",
            told: around.told.map { LinkAnswerView($0, visit, in: .appointment) },
            hasTold: !around.told.isEmpty,
            statuses: statuses,
            statusPath: statuses.isEmpty ? nil : "/termine/\(existing.id)/status",
            series: series,
            scope: series?.hasLater == true && visit.mayWrite && existing.status != .cancelled
                ? ScopeChoice(form.scope) : nil
        )
    }

    private static func cancelPath(_ existing: Appointment, _ form: AppointmentForm) -> String {
        let path = "/termine/\(existing.id)/absagen"
        return form.back.map { path + "?\(ReturnPath.field)=" + QueryText.encoded($0.path) } ?? path
    }

    /// What can be noted: whether somebody came, from the appointment's day on; and that this was a mistake.
    private static func statuses(_ existing: Appointment, _ visit: Visit) -> [Status] {
        let choices: [Appointment.Status] =
            switch existing.status {
            case .booked:
                existing.wallStart.date <= WallTime.of(visit.now, in: existing.timeZone).date
                    ? [.arrived, .noShow] : []
            case .arrived: [.noShow, .booked]
            case .noShow: [.arrived, .booked]
            case .cancelled: []
            }
        return choices.map {
            Status(statusValue: $0.rawValue, statusLabel: visit.words("appointment.note." + $0.rawValue))
        }
    }

    private static func call(_ around: AppointmentPage.Surroundings, _ visit: Visit) -> CallLink? {
        let hasFailed = around.standings.contains { $0.message.map { Look($0.state) == .failed } ?? false }
        guard hasFailed else { return nil }
        return around.circumstances.stored.flatMap { CallLink($0, visit) }
    }
}

/// Only this one, or all later ones of its series too.
struct ScopeChoice: Sendable {
    let isOne: Bool
    let isLater: Bool

    init(_ scope: SeriesScope) {
        isOne = scope == .one
        isLater = scope == .later
    }
}
