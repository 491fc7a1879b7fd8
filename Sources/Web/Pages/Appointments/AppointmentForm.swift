import Domain
import Foundation

/// What stands in an appointment's form, as typed.
struct AppointmentForm: Hashable, Sendable {
    /// Minutes that a new appointment takes.
    static let usualDuration = "60"

    var patientID = ""
    var search = ""
    var locationID = ""
    var practitionerID = ""
    /// `2027-03-02`
    var date = ""
    /// `10:30`
    var time = ""
    /// Minutes.
    var duration = Self.usualDuration
    /// Empty: as the patient prefers.
    var kind = ""
    /// The kind that the form offered by itself; one that differs was chosen by the person.
    var preselected = ""
    var status = ""

    init() {}

    init(_ form: FormData) {
        patientID = form["patientId"]
        search = form["suche"].trimmingWhitespace()
        locationID = form["locationId"]
        practitionerID = form["practitionerId"]
        date = form["start"]
        time = form["startTime"]
        duration = form.has("end") ? form["end"] : Self.usualDuration
        kind = form["reminderKind"]
        preselected = form["preselected"]
        status = form["status"]
    }

    init(existing appointment: Appointment) {
        patientID = appointment.patientID.description
        locationID = appointment.locationID.description
        practitionerID = appointment.practitionerID?.description ?? ""
        date = appointment.wallStart.date.iso
        time = appointment.wallStart.clock
        duration = String(Int(appointment.end.timeIntervalSince(appointment.start) / 60))
        kind = appointment.reminderKind.rawValue
        preselected = kind
        status = appointment.status.rawValue
    }

    var wallStart: WallTime? { WallTime(iso: date + "T" + time) }

    /// Whether the person chose the kind, rather than leaving what the form offered.
    var isKindChosen: Bool { !kind.isEmpty && kind != preselected }

    /// For an appointment that does not exist yet.
    func draft() -> AppointmentDraft {
        AppointmentDraft(
            patientID: patientID,
            locationID: locationID,
            practitionerID: practitionerID,
            start: startText,
            end: endText,
            reminderKind: isKindChosen ? kind : nil
        )
    }

    /// The form's inputs in place of the appointment's; what was not touched keeps its instant (rule 14).
    func edit(_ draft: inout AppointmentDraft, of appointment: Appointment) {
        let before = AppointmentForm(existing: appointment)
        draft.patientID = patientID
        draft.locationID = locationID
        draft.practitionerID = practitionerID
        if (date, time) != (before.date, before.time) { draft.start = startText }
        if (date, time, duration) != (before.date, before.time, before.duration) { draft.end = endText }
        if !kind.isEmpty, kind != before.kind { draft.reminderKind = kind }
        if !status.isEmpty { draft.status = status }
    }

    private var startText: String { date.isEmpty && time.isEmpty ? "" : date + "T" + time }

    /// The end by the clock on the wall; a duration that is no number is handed on, to be refused.
    private var endText: String {
        guard let start = wallStart, !duration.isEmpty else { return "" }
        guard let minutes = Int(duration), (-10_000...10_000).contains(minutes) else { return duration }
        let total = start.hour * 60 + start.minute + minutes
        let days = Int((Double(total) / 1_440).rounded(.down))
        let ofDay = total - days * 1_440
        return WallTime(date: start.date.adding(days: days), hour: ofDay / 60, minute: ofDay % 60).iso
    }
}
