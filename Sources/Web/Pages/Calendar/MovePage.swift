import Domain
import Foundation
import Storage

/// The form that moves an appointment: all that dragging can do, and to whom and where.
struct MovePage: Sendable {
    let lead: String
    let form: FormFrame
    let when: [FieldView]
    let fields: [FieldView]
    let back: String

    /// What there is to choose from.
    struct Surroundings: Sendable {
        let locations: [Location]
        let practitioners: [Practitioner]
    }

    static func view(
        _ form: AppointmentForm,
        of existing: Appointment,
        _ name: String,
        _ around: Surroundings,
        _ problems: FormProblems,
        _ back: ReturnPath
    ) -> MovePage {
        let words = problems.words
        let nobody = (value: "", label: words("practitioner.none"))
        let practitioners = around.practitioners.map { (value: $0.id.description, label: $0.name) }
        let locations = around.locations.map { (value: $0.id.description, label: $0.name) }
        var fields: [FieldView] = []
        if !practitioners.isEmpty {
            fields.append(.select("practitionerId", form.practitionerID, problems, [nobody] + practitioners))
        }
        if locations.count > 1 { fields.append(.select("locationId", form.locationID, problems, locations)) }
        return MovePage(
            lead: words("calendar.move.heading", ["name": name, "moment": words.moment(existing.wallStart)]),
            form: FormFrame(
                action: "/termine/\(existing.id)/verschieben",
                problems: problems,
                version: existing.version
            ),
            when: [
                .make("start", form.date, problems, type: "date", isRequired: true),
                .make("startTime", form.time, problems, type: "time", isRequired: true),
                .make("end", form.duration, problems, type: "number", inputMode: "numeric"),
            ],
            fields: fields,
            back: back.withoutOffer
        )
    }
}

extension AppointmentForm {
    /// An existing appointment's, with those inputs of a move that were sent.
    init(moving appointment: Appointment, _ sent: FormData) {
        self.init(existing: appointment)
        if sent.has("start") { date = sent["start"] }
        if sent.has("startTime") { time = sent["startTime"] }
        if sent.has("end") { duration = sent["end"] }
        if sent.has("practitionerId") { practitionerID = sent["practitionerId"] }
        if sent.has("locationId") { locationID = sent["locationId"] }
    }
}
