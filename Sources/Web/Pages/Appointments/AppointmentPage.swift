import Domain
import Foundation
import Storage

/// An appointment: its form, its reminders, and the way that each of them went.
struct AppointmentPage: Sendable {
    let lead: String
    let form: FormFrame
    let patients: PatientChoices
    let fields: [FieldView]
    let when: [FieldView]
    let reminder: ReminderChoices
    /// nil for a new appointment.
    let record: Record?
    /// What was just done to it and can be taken back.
    let undo: UndoView?

    /// What there is only for an appointment that is on record.
    struct Record: Sendable {
        let id: String
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
    }

    /// What was read beside the form.
    struct Surroundings: Sendable {
        let locations: [Location]
        let practitioners: [Practitioner]
        let found: [Patient]
        let circumstances: ReminderChoices.Circumstances
        let standings: [ReminderStanding]
        let told: [LinkAnswerRow]
    }

    static func view(
        _ form: AppointmentForm,
        _ around: Surroundings,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false,
        undo: UndoView? = nil
    ) -> AppointmentPage {
        let existing = around.circumstances.existing
        let words = visit.words
        let mayEdit = visit.mayWrite && existing?.status != .cancelled
        return AppointmentPage(
            lead: lead(around, words),
            form: FormFrame(
                action: existing.map { "/termine/\($0.id)" } ?? "/termine/neu",
                problems: problems,
                version: existing?.version,
                mayWrite: mayEdit,
                saved: saved
            ),
            patients: PatientChoices.view(form, around.found, around.circumstances.patient, problems, visit),
            fields: fields(form, around, problems),
            when: when(form, problems),
            reminder: ReminderChoices.view(form, around.circumstances, problems, visit),
            record: existing.map { record($0, around, visit) },
            undo: undo
        )
    }

    private static func lead(_ around: Surroundings, _ words: Words) -> String {
        guard let existing = around.circumstances.existing, let patient = around.circumstances.patient else {
            return words("appointment.new")
        }
        let arguments = ["name": PatientName.spoken(patient), "moment": words.moment(existing.wallStart)]
        return words("appointment.lead", arguments)
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
        var fields: [FieldView] = [
            .select("locationId", form.locationID, problems, locations),
            .select("practitionerId", form.practitionerID, problems, [nobody] + practitioners),
        ]
        if around.circumstances.existing != nil {
            let statuses = Appointment.Status.allCases.filter { $0 != .cancelled || form.status == $0.rawValue }
            let choices = statuses.map {
                (value: $0.rawValue, label: words("appointment.status." + $0.rawValue))
            }
            fields.append(.select("status", form.status, problems, choices))
        }
        return fields
    }

    private static func when(_ form: AppointmentForm, _ problems: FormProblems) -> [FieldView] {
        [
            .make("start", form.date, problems, type: "date", isRequired: true),
            .make("startTime", form.time, problems, type: "time", isRequired: true),
            .make("end", form.duration, problems, type: "number", inputMode: "numeric"),
        ]
    }

    private static func record(_ existing: Appointment, _ around: Surroundings, _ visit: Visit) -> Record {
        let words = visit.words
        let isBooked = existing.status == .booked
        let notices = existing.shortfall.map { words("notice." + $0.rawValue) }
        return Record(
            id: existing.id.description,
            statusWord: isBooked ? nil : words("appointment.status." + existing.status.rawValue),
            notices: isBooked ? notices : [],
            ways: around.standings.map { WayView($0, of: existing, visit) },
            none: around.standings.isEmpty ? ReminderTeller(words: words).views(existing, []) : [],
            call: isBooked && existing.start > visit.now ? call(around, visit) : nil,
            movePath: visit.mayWrite && isBooked ? "/termine/\(existing.id)/verschieben" : nil,
            cancelPath: visit.mayWrite && isBooked ? "/termine/\(existing.id)/absagen" : nil,
            patientPath: "/patienten/\(existing.patientID)",
            told: around.told.map { LinkAnswerView($0, visit, in: .appointment) },
            hasTold: !around.told.isEmpty
        )
    }
}

extension AppointmentPage {
    private static func call(_ around: Surroundings, _ visit: Visit) -> CallLink? {
        let hasFailed = around.standings.contains { $0.message.map { Look($0.state) == .failed } ?? false }
        guard hasFailed else { return nil }
        return around.circumstances.patient.flatMap { CallLink($0, visit) }
    }
}

/// The patients that a search found, the chosen one among them.
struct PatientChoices: Sendable {
    struct Choice: Sendable {
        let id: String
        let name: String
        let detail: String
        let isChosen: Bool
    }

    let search: String
    let choices: [Choice]
    let advice: String?
    let problems: [String]

    static func view(
        _ form: AppointmentForm,
        _ found: [Patient],
        _ chosen: Patient?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> PatientChoices {
        let words = visit.words
        var patients = found
        if let chosen, !patients.contains(where: { $0.id == chosen.id }) { patients.insert(chosen, at: 0) }
        let key = form.search.isEmpty ? (patients.isEmpty ? "patient.search.advice" : nil) : "patient.search.nothing"
        return PatientChoices(
            search: form.search,
            choices: patients.map { patient in
                let number = patient.mobile?.dialled(from: visit.practice.country)
                let detail = number ?? patient.email?.value ?? words("patient.no_contact")
                return Choice(
                    id: patient.id.description,
                    name: PatientName.listed(patient),
                    detail: detail,
                    isChosen: patient.id == chosen?.id
                )
            },
            advice: found.isEmpty ? key.map { words($0, ["search": form.search]) } : nil,
            problems: problems.of("patientId")
        )
    }
}
