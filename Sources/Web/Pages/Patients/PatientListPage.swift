import Domain
import Storage

/// The patients, or those that a search finds.
struct PatientListPage: Sendable {
    struct Row: Sendable {
        let path: String
        let name: String
        let mobile: String?
        let address: String?
        let kind: String
        /// What keeps the preferred kind from being sent.
        let lack: String?
    }

    let lead: String
    let search: String
    let rows: [Row]
    let isEmpty: Bool
    let morePath: String?
    let mayWrite: Bool

    static func view(_ page: Page<Patient>, search: String, _ visit: Visit) -> PatientListPage {
        let words = visit.words
        let lead: String
        if search.isEmpty {
            lead = page.items.isEmpty ? words("patients.lead.empty") : words("patients.lead")
        } else {
            lead =
                page.items.isEmpty
                ? words("patients.lead.not_found", ["search": search])
                : words.counted("patients.lead.found", page.items.count, ["search": search])
        }
        let more = page.next.map { cursor in
            "/patienten?suche=\(QueryText.encoded(search))&cursor=\(QueryText.encoded(cursor))"
        }
        return PatientListPage(
            lead: lead,
            search: search,
            rows: page.items.map { row($0, visit) },
            isEmpty: page.items.isEmpty,
            morePath: more,
            mayWrite: visit.mayWrite
        )
    }

    private static func row(_ patient: Patient, _ visit: Visit) -> Row {
        let words = visit.words
        var lacks: [String] = []
        let channels = patient.reminderKind.channels
        if channels.contains(.sms), patient.mobile == nil { lacks.append(words("shortfall.reminder.no_mobile")) }
        if channels.contains(.email), patient.email == nil { lacks.append(words("shortfall.reminder.no_email")) }
        if channels.contains(.email), patient.emailBounce != nil { lacks.append(words("bounce.lack")) }
        for channel in Channel.allCases where channels.contains(channel) && patient.consent(channel) == .withdrawn {
            lacks.append(ReminderTeller(words: words).reason(.consentWithdrawn, channel))
        }
        return Row(
            path: "/patienten/\(patient.id)",
            name: PatientName.listed(patient),
            mobile: patient.mobile?.dialled(from: visit.practice.country),
            address: patient.email?.value,
            kind: channels.isEmpty ? words("patients.no_reminder") : words("kind." + patient.reminderKind.rawValue),
            lack: lacks.isEmpty ? nil : lacks.joined(separator: ", ")
        )
    }
}
