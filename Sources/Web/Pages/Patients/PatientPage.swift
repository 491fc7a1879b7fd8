import Domain
import Foundation
import Storage

/// A patient's master data, with what is coming and what was sent.
struct PatientPage: Sendable {
    struct Coming: Sendable {
        let path: String
        let start: String
        let reminders: [ReminderView]
    }

    let lead: String
    /// That e-mails to the address come back; nil where none did. Its name is no message's, or each would show it.
    let addressBounce: String?
    let form: FormFrame
    let fields: [FieldView]
    let consents: [FieldView]
    /// nil for someone new.
    let record: Record?

    /// What there is only for a patient who is on record.
    struct Record: Sendable {
        let coming: [Coming]
        let hasNothingComing: Bool
        let messages: [MessageView]
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
        let appointments: [(appointment: Appointment, reminders: [ReminderStanding])]
        let messages: [LogRow]
        let answers: [InboundRow]
        let told: [LinkAnswerRow]
    }

    static func view(
        _ draft: PatientDraft,
        _ history: History?,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> PatientPage {
        let words = visit.words
        let path = history.map { "/patienten/\($0.patient.id)" } ?? "/patienten/neu"
        return PatientPage(
            lead: history.map { PatientName.spoken($0.patient) } ?? words("patient.new"),
            addressBounce: history.flatMap { EmailBounceNote.sentence($0.patient, visit) },
            form: FormFrame(
                action: path,
                problems: problems,
                version: history?.patient.version,
                mayWrite: visit.mayWrite,
                saved: saved
            ),
            fields: fields(draft, history?.patient, problems, visit),
            consents: consents(draft, problems, history, visit),
            record: history.map { record($0, visit) }
        )
    }

    private static func fields(
        _ draft: PatientDraft,
        _ patient: Patient?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> [FieldView] {
        let words = problems.words
        var email = FieldView.make("email", draft.email, problems, autocomplete: "off", inputMode: "email")
        if let bounce = patient?.emailBounce, draft.email == patient?.email?.value {
            email.advice = [words("bounce.field", ["reason": words("bounce.\(bounce.reason.rawValue).word")])]
        }
        let mobile = MobileNumber(e164: draft.mobile)?.dialled(from: visit.practice.country) ?? draft.mobile
        let kinds = ReminderKind.allCases.map { (value: $0.rawValue, label: words("kind." + $0.rawValue)) }
        return [
            .make("firstName", draft.firstName, problems, autocomplete: "off"),
            .make("lastName", draft.lastName, problems, autocomplete: "off", isRequired: true),
            .make("mobile", mobile, problems, type: "tel", autocomplete: "off", inputMode: "tel"),
            email, .select("reminderKind", draft.reminderKind, problems, kinds),
        ]
    }

    private static func consents(
        _ draft: PatientDraft,
        _ problems: FormProblems,
        _ history: History?,
        _ visit: Visit
    ) -> [FieldView] {
        let choices = Consent.allCases.map {
            (value: $0.rawValue, label: problems.words("consent." + $0.rawValue))
        }
        var sms = FieldView.select("smsConsent", draft.smsConsent, problems, choices)
        if draft.smsConsent == Consent.withdrawn.rawValue,
            let stop = history?.answers.first(where: { $0.kind == .stop })
        {
            let moment = problems.words.moment(WallTime.of(stop.receivedAt, in: visit.practice.timeZone))
            sms.hint = problems.words("patient.opted_out", ["moment": moment])
        }
        return [
            sms, .select("emailConsent", draft.emailConsent, problems, choices),
        ]
    }

    private static func record(_ history: History, _ visit: Visit) -> Record {
        let words = visit.words
        let id = history.patient.id
        let coming = history.appointments.map { appointment, reminders in
            Coming(
                path: "/termine/\(appointment.id)",
                start: words.moment(appointment.wallStart),
                reminders: ReminderTeller(words: words).views(appointment, reminders)
            )
        }
        return Record(
            coming: coming,
            hasNothingComing: coming.isEmpty,
            messages: history.messages.map { .view($0, visit) },
            answers: history.answers.map { AnswerView($0, visit, in: .patient) },
            hasAnswers: !history.answers.isEmpty || !history.told.isEmpty,
            told: history.told.map { LinkAnswerView($0, visit, in: .patient) },
            strangeNumber: StrangeNumber(history.told, history.patient, visit),
            deletePath: visit.mayWrite ? "/patienten/\(id)/loeschen" : nil,
            newAppointmentPath: visit.mayWrite ? "/termine/neu?patientId=\(id)" : nil
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

/// Asks before a patient's data is erased.
struct PatientDeletePage: Sendable {
    let lead: String
    let advice: String
    let form: FormFrame
    let back: String

    static func view(_ patient: Patient, _ visit: Visit) -> PatientDeletePage {
        let words = visit.words
        let path = "/patienten/\(patient.id)"
        return PatientDeletePage(
            lead: words("patient.delete.lead", ["name": PatientName.spoken(patient)]),
            advice: words("patient.delete.advice"),
            form: FormFrame(action: path + "/loeschen", problems: FormProblems(words), version: patient.version),
            back: path
        )
    }
}
