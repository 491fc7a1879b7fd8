import Domain
import Storage

/// One appointment in the calendar, opened: what there is to know, and what can be done.
struct CalendarCard: Sendable {
    let patient: String
    let moment: String
    let place: String
    let over: String?
    /// With what the patient said.
    let reminders: [ReminderView]
    let call: CallLink?
    /// nil where the patient's data are gone.
    let patientPath: String?
    let path: String
    let movePath: String?
    let cancelPath: String?

    static func view(_ row: AgendaRow, _ back: ReturnPath, _ visit: Visit) -> CalendarCard {
        let words = visit.words
        let appointment = row.appointment
        let isOpen = visit.mayWrite && row.isOpen
        let path = "/termine/\(appointment.id)"
        let end = WallTime.of(appointment.end, in: appointment.timeZone)
        return CalendarCard(
            patient: CalendarEvent.patient(row, words),
            moment: words("calendar.span", ["from": words.short(appointment.wallStart), "to": end.clock]),
            place: [row.location.name, row.practitioner?.name].compactMap(\.self).joined(separator: " · "),
            over: appointment.status == .booked
                ? nil : words("appointment.status." + appointment.status.rawValue),
            reminders: row.currentReminders(words),
            call: CallLink(row.patient, visit),
            patientPath: row.isErased ? nil : "/patienten/\(appointment.patientID)",
            path: path + "?" + back.encoded,
            movePath: isOpen ? path + "/verschieben?" + back.encoded : nil,
            cancelPath: isOpen ? path + "/absagen?" + back.encoded : nil
        )
    }
}

/// A day on paper.
struct CalendarPrintPage: Sendable {
    struct Row: Sendable {
        let time: String
        let patient: String
        let number: String
        let practitioner: String
        let location: String
        let over: String?
        let reminders: [ReminderView]
    }

    let lead: String
    let summary: String?
    let closed: [String]
    let rows: [Row]
    let isEmpty: Bool
    let back: String

    static func view(_ contents: CalendarHead.Contents, _ visit: Visit) -> CalendarPrintPage {
        let words = visit.words
        let head = CalendarHead.view(contents, visit)
        return CalendarPrintPage(
            lead: head.lead,
            summary: head.summary,
            closed: CalendarSpan.all(contents.days).map(\.name),
            rows: contents.rows.map { row in
                let appointment = row.appointment
                let end = WallTime.of(appointment.end, in: appointment.timeZone)
                return Row(
                    time: appointment.wallStart.clock + "–" + end.clock,
                    patient: CalendarEvent.patient(row, words),
                    number: row.patient.reached.mobile?.dialled(from: visit.practice.country) ?? "",
                    practitioner: row.practitioner?.name ?? "",
                    location: row.location.name,
                    over: appointment.status == .booked
                        ? nil : words("appointment.status." + appointment.status.rawValue),
                    reminders: row.currentReminders(words)
                )
            },
            isEmpty: contents.rows.isEmpty,
            back: contents.query.path
        )
    }
}
