import Domain
import Foundation
import Storage

/// What stands in an appointment's form, as typed.
struct AppointmentForm: Hashable, Sendable {
    /// Minutes that a new appointment takes.
    static let usualDuration = "60"
    /// What stands for a patient who is nobody on record yet.
    static let newcomerID = "new"

    var patientID = ""
    var search = ""
    /// The search whose hits the form shows.
    var searched = ""
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
    /// Who is new.
    var newcomer = PatientDraft()
    /// What the master data of the chosen patient lacked.
    var contact = ContactDraft()
    /// Weeks from one to the next; empty: it is not repeated.
    var weeksApart = ""
    var times = ""
    var scope = SeriesScope.one
    /// Ids of those who were shown as perhaps the same as the new patient.
    var seen: Set<String> = []
    /// What tells this opening of the form from others.
    var once = ""
    var back: ReturnPath?

    init() {}

    init(_ form: FormData) {
        patientID = form["patientId"]
        search = form["suche"].trimmingWhitespace()
        searched = form["gesucht"].trimmingWhitespace()
        locationID = form["locationId"]
        practitionerID = form["practitionerId"]
        date = form["start"]
        time = form["startTime"]
        duration = form.has("end") ? Self.minutes(form["end"], from: time) : Self.usualDuration
        kind = form["reminderKind"]
        preselected = form["preselected"]
        status = form["status"]
        newcomer.firstName = form["firstName"]
        newcomer.lastName = form["lastName"]
        newcomer.mobile = form["mobile"]
        newcomer.email = form["email"]
        contact = ContactDraft(mobile: form["patientMobile"], email: form["patientEmail"])
        weeksApart = form["weeksApart"]
        times = form["times"]
        scope = SeriesScope(rawValue: form["scope"]) ?? .one
        seen = Set(form["seen"].split(separator: " ").map(String.init))
        once = form["once"]
        back = form.returnPath
    }

    /// A calendar knows the end rather than the minutes: `11:30` beside a start of `10:30` is `60`.
    private static func minutes(_ text: String, from start: String) -> String {
        let day = "2000-01-01T"
        guard text.contains(":"), let end = WallTime(iso: day + text), let start = WallTime(iso: day + start) else {
            return text
        }
        let shift = WallShift(from: start, to: end).minutes
        return String(shift > 0 ? shift : shift + 1_440)
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

    var isForNewcomer: Bool { patientID == Self.newcomerID }
    var isRepeated: Bool { !weeksApart.isEmpty }

    /// nil where it is not repeated, or where something is wrong with that.
    var plan: SeriesPlan? {
        var reader = FormReader()
        return isRepeated ? SeriesDraft(weeksApart: weeksApart, count: times).read(into: &reader) : nil
    }

    /// What a new patient prefers from now on: what was chosen here, or else the first way that there is.
    func newcomersKind(_ practice: Practice) -> ReminderKind {
        if isKindChosen, let kind = ReminderKind(rawValue: kind) { return kind }
        if practice.smsEnabled, !newcomer.mobile.trimmingWhitespace().isEmpty { return .sms }
        return practice.emailEnabled && !newcomer.email.trimmingWhitespace().isEmpty ? .email : .none
    }

    /// For an appointment that does not exist yet.
    func booking(_ practice: Practice) -> BookingDraft {
        var booking = BookingDraft(draft(), contact: contact)
        if isRepeated { booking.series = SeriesDraft(weeksApart: weeksApart, count: times) }
        if isForNewcomer {
            booking.appointment.patientID = ""
            var newcomer = newcomer
            newcomer.reminderKind = newcomersKind(practice).rawValue
            booking.newPatient = newcomer
        }
        return booking
    }

    /// How it was sent: what stands in it apart from what the form wrote into itself.
    var sent: SentForm {
        let who = isForNewcomer ? [newcomer.firstName, newcomer.lastName, newcomer.mobile, newcomer.email] : []
        let what = [patientID, locationID, practitionerID, date, time, duration, isKindChosen ? kind : ""]
        let more = [contact.mobile, contact.email, weeksApart, times]
        return SentForm(key: FormKey(word: once, what + more + who), seen: seen)
    }

    func draft() -> AppointmentDraft {
        AppointmentDraft(
            patientID: patientID,
            locationID: locationID,
            practitionerID: practitionerID,
            start: startText,
            minutes: duration,
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
        if (date, time, duration) != (before.date, before.time, before.duration) {
            (draft.end, draft.minutes) = ("", duration)
        }
        if isKindChosen { (draft.reminderKind, draft.isKindChosen) = (kind, true) }
        if !status.isEmpty { draft.status = status }
    }

    private var startText: String { date.isEmpty && time.isEmpty ? "" : date + "T" + time }

    /// When it starts and ends; nil while that is not known, or longer than an appointment can be.
    func span(in zone: TimeZone) -> (start: Date, end: Date)? {
        let minutes = duration.isEmpty ? 60 : Int(duration) ?? 0
        guard let start = wallStart?.instant(in: zone), (1...1_440).contains(minutes) else { return nil }
        return (start, start + Double(minutes * 60))
    }
}
