import Domain
import Storage

/// The patients, or those that a search finds.
struct PatientListPage: Sendable {
    struct Row: Sendable {
        let path: String
        let name: String
        let born: String?
        /// Whose number and address it is, where it is not the patient's own.
        let contact: String?
        let mobile: String?
        let address: String?
        /// The next appointment; nil where none is coming.
        let next: String?
        /// What keeps the preferred kind from being sent.
        let lack: String?
    }

    /// How many are shown at once.
    static let size = 50

    let lead: String
    let search: String
    /// What one may search for.
    let searchLabel: String
    let rows: [Row]
    let isEmpty: Bool
    /// Whether nobody was searched for: then the newest are shown.
    let isRecent: Bool
    let morePath: String?
    let mayWrite: Bool

    static func view(
        _ page: Page<Patient>,
        _ next: [Patient.ID: Appointment],
        search: String,
        _ visit: Visit
    ) -> PatientListPage {
        let more = page.next.map { cursor in
            "/patienten?suche=\(QueryText.encoded(search))&cursor=\(QueryText.encoded(cursor))"
        }
        return PatientListPage(
            lead: lead(page, search, visit.words),
            search: search,
            searchLabel: visit.words(visit.practice.keepsBirthDates ? "patient.search_born" : "patient.search"),
            rows: page.items.map { row($0, next[$0.id], visit) },
            isEmpty: page.items.isEmpty,
            isRecent: search.isEmpty,
            morePath: more,
            mayWrite: visit.mayWrite
        )
    }

    private static func lead(_ page: Page<Patient>, _ search: String, _ words: Words) -> String {
        if search.isEmpty { return words(page.items.isEmpty ? "patients.lead.empty" : "patients.lead") }
        if page.items.isEmpty { return words("patients.lead.not_found", ["search": search]) }
        if page.next != nil {
            return words("patients.lead.found.more", ["search": search, "count": words.number(page.items.count)])
        }
        return words.counted("patients.lead.found", page.items.count, ["search": search])
    }

    private static func row(_ patient: Patient, _ next: Appointment?, _ visit: Visit) -> Row {
        let words = visit.words
        return Row(
            path: "/patienten/\(patient.id)",
            name: PatientName.listed(patient),
            born: PatientLine.born(patient, visit),
            contact: PatientLine.contact(patient, words),
            mobile: patient.reached.mobile?.dialled(from: visit.practice.country),
            address: patient.reached.email?.value,
            next: next.map { words.short($0.wallStart) },
            lack: PatientLine.lack(patient, words)
        )
    }
}

/// What is said of a patient in one line, in lists and hints.
enum PatientLine {
    /// `geb. 12.03.1980`; nil where the practice does not keep it.
    static func born(_ patient: Patient, _ visit: Visit) -> String? {
        guard visit.practice.keepsBirthDates, let date = patient.birthDate else { return nil }
        return visit.words("patient.born", ["date": written(date)])
    }

    /// As it is typed: `12.03.1980`.
    static func written(_ date: LocalDate) -> String {
        let iso = date.iso.split(separator: "-")
        return iso.reversed().joined(separator: ".")
    }

    /// `über Sandra Huber, Mutter`; nil for who is reached directly.
    static func contact(_ patient: Patient, _ words: Words) -> String? {
        patient.reachesContact ? words("patient.through", ["contact": contactName(patient)]) : nil
    }

    /// `Sandra Huber, Mutter`
    static func contactName(_ patient: Patient) -> String {
        [patient.contact.name, patient.contact.relation].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// What keeps the preferred kind from being sent, in a few words; nil where nothing does.
    static func lack(_ patient: Patient, _ words: Words) -> String? {
        let channels = patient.reminderKind.channels
        var lacks: [String] = []
        if channels.contains(.sms), patient.reached.mobile == nil {
            lacks.append(words("shortfall.reminder.no_mobile"))
        }
        if channels.contains(.email), patient.reached.email == nil {
            lacks.append(words("shortfall.reminder.no_email"))
        }
        if channels.contains(.email), patient.emailBounce != nil { lacks.append(words("bounce.lack")) }
        for channel in Channel.allCases where channels.contains(channel) && patient.consent(channel) == .withdrawn {
            lacks.append(ReminderTeller(words: words).reason(.consentWithdrawn, channel))
        }
        return lacks.isEmpty ? nil : lacks.joined(separator: ", ")
    }

    /// The page's first sentence: who, and how that person is reached.
    static func reach(_ patient: Patient, _ visit: Visit) -> String {
        let words = visit.words
        let channels = patient.reminderKind.channels
        let name = PatientName.spoken(patient)
        guard !channels.isEmpty else { return words("patient.reach.none", ["name": name]) }
        var ways: [String] = []
        if channels.contains(.sms), let mobile = patient.reached.mobile, patient.smsConsent != .withdrawn {
            ways.append(words("patient.reach.sms", ["mobile": mobile.dialled(from: visit.practice.country)]))
        }
        if channels.contains(.email), let email = patient.reached.email, patient.emailConsent != .withdrawn {
            ways.append(words("patient.reach.email", ["email": email.value]))
        }
        guard !ways.isEmpty else {
            return words("patient.reach.lacking", ["name": name, "lack": lack(patient, words) ?? ""])
        }
        let key = patient.reachesContact ? "patient.reach.contact" : "patient.reach.self"
        return words(
            key,
            ["name": name, "contact": contactName(patient), "ways": ways.joined(separator: words("list.and"))]
        )
    }
}
