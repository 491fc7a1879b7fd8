import Domain
import Foundation
import Storage

/// A patient's master data, with what is coming, what was, and what was sent.
struct PatientPage: Sendable {
    let title: String
    let lead: String
    /// That e-mails to the address come back; nil where none did. Its name is no message's, or each would show it.
    let addressBounce: String?
    /// Where that is mended.
    let addressField: String
    /// That others have the same number, after saving.
    let sharers: LookalikesView.Box?
    let form: FormFrame
    let inputs: PatientForm
    /// What tells this opening of a new patient's form from others; nil for one who is on record.
    let once: String?
    /// The id for the form; empty for someone new.
    let ownID: String
    let alike: LookalikesView.Box?
    /// nil for someone new.
    let record: Record?

    /// What there is only for a patient who is on record.
    struct Record: Sendable {
        let missed: String?
        let born: String?
        let coming: PatientAppointments
        let past: PatientAppointments
        let messages: [MessageView]
        let olderMessages: String?
        /// What the patient sent.
        let answers: [AnswerView]
        let hasAnswers: Bool
        /// What was said on the patient's own page.
        let told: [LinkAnswerView]
        let strangeNumber: StrangeNumber?
        let deletePath: String?
        let newAppointmentPath: String?
    }

    /// What was read beside the patient.
    struct History: Sendable {
        let patient: Patient
        let coming: Page<PatientAppointment>
        let past: Page<PatientAppointment>
        let noShows: NoShows
        let messages: Page<LogRow>
        let answers: [InboundRow]
        let consents: [ConsentEntry]
        let told: [LinkAnswerRow]
    }

    /// What the form says about itself beside its inputs.
    struct Occasion: Sendable {
        var problems: FormProblems
        var saved = false
        /// Others with the same number.
        var sharers: [Lookalike] = []
        /// Whom the form was held up for.
        var asked: [Lookalike] = []
        /// As the form sent it; empty for one that is opened.
        var once = ""
    }

    static func view(
        _ draft: PatientDraft,
        _ history: History?,
        _ occasion: Occasion,
        _ visit: Visit
    ) -> PatientPage {
        let words = visit.words
        let patient = history?.patient
        let path = patient.map { "/patienten/\($0.id)" } ?? "/patienten/neu"
        let goOn = words(patient == nil ? "alike.create" : "alike.save")
        return PatientPage(
            title: patient.map(PatientName.spoken) ?? words("patient.new"),
            lead: patient.map { PatientLine.reach($0, visit) } ?? words("patient.new"),
            addressBounce: patient.flatMap { EmailBounceNote.sentence($0, visit) },
            addressField: patient?.reachesContact == true ? "contactEmail" : "email",
            sharers: LookalikesView(sharers: occasion.sharers, visit).sharers,
            form: FormFrame(
                action: path,
                problems: occasion.problems,
                version: patient?.version,
                mayWrite: visit.mayWrite,
                saved: occasion.saved
            ),
            inputs: .view(draft, history, occasion.problems, visit),
            once: patient == nil ? visit.once(occasion.once) : nil,
            ownID: patient?.id.description ?? "",
            alike: LookalikesView(namesakes: occasion.asked, goOn: goOn, visit).alike,
            record: history.map { record($0, visit) }
        )
    }

    private static func record(_ history: History, _ visit: Visit) -> Record {
        let path = "/patienten/\(history.patient.id)"
        let more = { (name: String, cursor: String?) in cursor.map { "\(path)?\(name)=\(QueryText.encoded($0))" } }
        return Record(
            missed: missed(history.noShows, visit.words),
            born: PatientLine.born(history.patient, visit),
            coming: PatientAppointments(
                history.coming,
                of: history.patient,
                more("spaeter", history.coming.next),
                visit.words
            ),
            past: PatientAppointments(
                history.past,
                of: history.patient,
                more("frueher", history.past.next),
                visit.words
            ),
            messages: history.messages.items.map { .view($0, visit) },
            olderMessages: more("nachrichten", history.messages.next),
            answers: history.answers.map { AnswerView($0, visit, in: .patient) },
            hasAnswers: !history.answers.isEmpty || !history.told.isEmpty,
            told: history.told.map { LinkAnswerView($0, visit, in: .patient) },
            strangeNumber: StrangeNumber(history.told, history.patient, visit),
            deletePath: visit.mayWrite ? path + "/loeschen" : nil,
            newAppointmentPath: visit.mayWrite ? "/termine/neu?patientId=\(history.patient.id)" : nil
        )
    }

    /// `2 Mal nicht gekommen, zuletzt am Di 02.03.2027`
    private static func missed(_ noShows: NoShows, _ words: Words) -> String? {
        guard noShows.count > 0 else { return nil }
        let day = noShows.last.map { words.day($0.date) } ?? ""
        return words.counted("patient.missed", noShows.count, ["day": day])
    }
}

/// A patient's appointments, a page of them.
struct PatientAppointments: Sendable {
    struct Row: Sendable {
        let path: String
        let start: String
        let place: String
        let isMissed: Bool
        let isOff: Bool
        /// What became of it; nil where it is booked.
        let state: String?
        let reminders: [ReminderView]
    }

    let visits: [Row]
    let hasNone: Bool
    let morePath: String?

    init(_ page: Page<PatientAppointment>, of patient: Patient, _ morePath: String?, _ words: Words) {
        visits = page.items.map { Self.row($0, of: patient, words) }
        hasNone = page.items.isEmpty
        self.morePath = morePath
    }

    private static func row(_ row: PatientAppointment, of patient: Patient, _ words: Words) -> Row {
        let appointment = row.appointment
        let status = appointment.status
        return Row(
            path: "/termine/\(appointment.id)",
            start: words.moment(appointment.wallStart),
            place: [row.practitioner, row.location].filter { !$0.isEmpty }.joined(separator: " · "),
            isMissed: status == .noShow,
            isOff: status == .cancelled,
            state: status == .booked || status == .noShow ? nil : words("appointment.status." + status.rawValue),
            // What is over needs no word about a reminder that there never was.
            reminders: status == .booked || !row.reminders.isEmpty
                ? ReminderTeller(words: words, of: patient).views(appointment, row.reminders) : []
        )
    }
}

/// Tells that the address on record does not take e-mails.
enum EmailBounceNote {
    /// `Die E-Mail vom … kam zurück: …`; nil where none did.
    static func sentence(_ patient: Patient, _ visit: Visit) -> String? {
        guard let bounce = patient.emailBounce else { return nil }
        let day = visit.words.day(WallTime.of(bounce.at, in: visit.practice.timeZone).date)
        return visit.words(
            "bounce.address",
            ["day": day, "reason": visit.words("bounce.\(bounce.reason.rawValue).sentence")]
        )
    }
}
