import Database
import Domain
import Foundation

/// An appointment's draft with the records that it names, all checked.
struct AppointmentForm {
    let patient: Patient
    let location: Location
    let practitioner: Practitioner?
    let fields: AppointmentFields

    /// The same so many days later.
    func later(days: Int) -> AppointmentForm {
        AppointmentForm(
            patient: patient,
            location: location,
            practitioner: practitioner,
            fields: fields.later(days: days)
        )
    }

    /// - Throws: `ProblemList` with everything that is wrong.
    static func read(
        _ draft: AppointmentDraft,
        _ practice: Practice,
        editing old: Appointment? = nil,
        in transaction: Transaction
    ) throws -> AppointmentForm {
        var form = FormReader()
        let patient: Patient? = try reference(draft.patientID, "patientId", &form) {
            try Lookup.patient($0, practice.id, in: transaction)
        }
        if draft.patientID.trimmingWhitespace().isEmpty { form.add(FieldProblem("patientId", .fieldRequired)) }
        let location = try location(draft.locationID, practice, &form, in: transaction)
        let practitioner: Practitioner? = try reference(draft.practitionerID, "practitionerId", &form) {
            try Lookup.practitioner($0, practice.id, in: transaction)
        }
        var draft = draft
        draft.locationID = location?.id.description ?? draft.locationID
        let zone = location?.timeZone ?? practice.timeZone
        var fieldsForm = FormReader()
        let fields = draft.read(zone: zone, editing: old, into: &fieldsForm)
        form.add(ProblemList(fieldsForm.problems))
        guard form.problems.isEmpty, let patient, let location, let fields else { throw ProblemList(form.problems) }
        return AppointmentForm(patient: patient, location: location, practitioner: practitioner, fields: fields)
    }

    /// The location that is named, or the only one that there is.
    private static func location(
        _ raw: String,
        _ practice: Practice,
        _ form: inout FormReader,
        in transaction: Transaction
    ) throws -> Location? {
        guard raw.trimmingWhitespace().isEmpty else {
            return try reference(raw, "locationId", &form) { try Lookup.location($0, practice.id, in: transaction) }
        }
        let some = try transaction.query(
            "SELECT \(Columns.list(Columns.location)) FROM locations WHERE practice_id = $1 ORDER BY id LIMIT 2",
            practice.id.rawValue
        ).entities(Location.init)
        if some.count == 1 { return some.first }
        form.add(FieldProblem("locationId", .fieldRequired))
        return nil
    }

    /// nil where nothing is named; `reference.unknown` where it names nothing in this practice.
    private static func reference<Entity>(
        _ raw: String,
        _ field: String,
        _ form: inout FormReader,
        find: (Identifier<Entity>) throws -> Entity
    ) throws -> Entity? {
        let text = raw.trimmingWhitespace()
        if text.isEmpty { return nil }
        do {
            guard let id = Identifier<Entity>(text) else { throw StorageError.notFound }
            return try find(id)
        } catch StorageError.notFound {
            form.add(FieldProblem(field, .referenceUnknown))
            return nil
        }
    }
}
