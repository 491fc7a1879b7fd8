import Domain
import Foundation
import Storage

/// The inputs of a patient's master data.
struct PatientForm: Sendable {
    /// Name, and date of birth where it is kept.
    let about: [FieldView]
    /// Number, address, preferred kind.
    let reach: [FieldView]
    let contact: [FieldView]
    /// Whether there is anything about a contact to be seen.
    let hasContact: Bool
    let consents: [ConsentField]

    /// One channel's consent, how a change of it came to be known, and what was said before.
    struct ConsentField: Sendable {
        /// What is on record.
        let saved: String
        let consent: FieldView
        let means: FieldView
        let past: [String]
    }

    static func view(
        _ draft: PatientDraft,
        _ history: PatientPage.History?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> PatientForm {
        let contact = contact(draft, history?.patient, problems, visit)
        return PatientForm(
            about: about(draft, problems, visit),
            reach: reach(draft, history?.patient, problems, visit),
            contact: contact,
            hasContact: draft.reachesContact || contact.contains { !$0.problems.isEmpty }
                || !(draft.contactName + draft.contactMobile + draft.contactEmail).isEmpty,
            consents: Channel.allCases.map { consent($0, draft, history, problems, visit) }
        )
    }

    private static func about(_ draft: PatientDraft, _ problems: FormProblems, _ visit: Visit) -> [FieldView] {
        var fields: [FieldView] = [
            .make("firstName", draft.firstName, problems, autocomplete: "off"),
            .make("lastName", draft.lastName, problems, autocomplete: "off", isRequired: true),
        ]
        if visit.practice.keepsBirthDates {
            let date = LocalDate(iso: draft.birthDate).map(PatientLine.written) ?? draft.birthDate
            fields.append(.make("birthDate", date, problems, autocomplete: "off"))
        }
        return fields
    }

    private static func reach(
        _ draft: PatientDraft,
        _ patient: Patient?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> [FieldView] {
        var email = FieldView.make("email", draft.email, problems, autocomplete: "off", inputMode: "email")
        if patient?.reachesContact == false { email.advice = bounced(patient, draft.email, problems.words) }
        let kinds = ReminderKind.allCases.map { (value: $0.rawValue, label: problems.words("kind." + $0.rawValue)) }
        return [
            number("mobile", draft.mobile, problems, visit), email,
            .select("reminderKind", draft.reminderKind, problems, kinds),
        ]
    }

    private static func contact(
        _ draft: PatientDraft,
        _ patient: Patient?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> [FieldView] {
        var email = FieldView.make(
            "contactEmail",
            draft.contactEmail,
            problems,
            autocomplete: "off",
            inputMode: "email"
        )
        if patient?.reachesContact == true { email.advice = bounced(patient, draft.contactEmail, problems.words) }
        let choices = ["patient", "contact"].map { (value: $0, label: problems.words("patient.reaches." + $0)) }
        return [
            .make("contactName", draft.contactName, problems, autocomplete: "off"),
            .make("contactRelation", draft.contactRelation, problems, autocomplete: "off"),
            number("contactMobile", draft.contactMobile, problems, visit), email,
            .select("reachesContact", draft.reachesContact ? "contact" : "patient", problems, choices),
        ]
    }

    /// As people dial it.
    private static func number(
        _ name: String,
        _ text: String,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> FieldView {
        let number = MobileNumber(e164: text)?.dialled(from: visit.practice.country) ?? text
        return .make(name, number, problems, type: "tel", autocomplete: "off", inputMode: "tel")
    }

    /// That e-mails to the address that stands in the field came back.
    private static func bounced(_ patient: Patient?, _ address: String, _ words: Words) -> [String] {
        guard let bounce = patient?.emailBounce, address == patient?.reached.email?.value else { return [] }
        return [words("bounce.field", ["reason": words("bounce.\(bounce.reason.rawValue).word")])]
    }

    private static func consent(
        _ channel: Channel,
        _ draft: PatientDraft,
        _ history: PatientPage.History?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> ConsentField {
        let words = problems.words
        let name = channel.rawValue + "Consent"
        let (value, means) =
            switch channel {
            case .sms: (draft.smsConsent, draft.smsConsentMeans)
            case .email: (draft.emailConsent, draft.emailConsentMeans)
            }
        let choices = Consent.allCases.map { (value: $0.rawValue, label: words("consent." + $0.rawValue)) }
        var consent = FieldView.select(name, value.isEmpty ? Consent.unknown.rawValue : value, problems, choices)
        if channel == .sms, value == Consent.withdrawn.rawValue {
            consent.hint = history.flatMap { optedOut($0, visit) }
        }
        let ways = ConsentEntry.Means.offered.map { (value: $0.rawValue, label: words("means." + $0.rawValue)) }
        let asked = FieldView.select(name + "Means", means, problems, [(value: "", label: words("means.ask"))] + ways)
        let entries = history?.consents.filter { $0.channel == channel } ?? []
        let saved = (history?.patient.consent(channel) ?? .unknown).rawValue
        return ConsentField(saved: saved, consent: consent, means: asked, past: entries.map { line($0, visit) })
    }

    /// When the patient ended SMS by one.
    private static func optedOut(_ history: PatientPage.History, _ visit: Visit) -> String? {
        guard let stop = history.answers.first(where: { $0.kind == .stop }) else { return nil }
        let moment = visit.words.moment(WallTime.of(stop.receivedAt, in: visit.practice.timeZone))
        return visit.words("patient.opted_out", ["moment": moment])
    }

    /// `gegeben am Di 02.03.2027, Formular, erfasst von eva@example.org`
    private static func line(_ entry: ConsentEntry, _ visit: Visit) -> String {
        let words = visit.words
        return words(
            entry.actor.isEmpty ? "consent.line" : "consent.line.by",
            [
                "consent": words("consent.past." + entry.consent.rawValue),
                "day": words.day(WallTime.of(entry.at, in: visit.practice.timeZone).date),
                "means": words("means." + entry.means.rawValue), "actor": entry.actor,
            ]
        )
    }
}

extension FormData {
    /// Somebody new, with those of the same name who were shown: a number alone is shared by families.
    var newPatient: SentForm {
        let inputs = resent.filter { !["once", "seen"].contains($0.name) }.map { $0.name + "=" + $0.value }
        let seen = Set(self["seen"].split(separator: ",").map(String.init))
        return SentForm(key: FormKey(word: self["once"], inputs), seen: seen, byNameOnly: true)
    }

    /// The form's inputs in place of the draft's; what the form does not hold stays.
    func patient(_ draft: PatientDraft) -> PatientDraft {
        var draft = draft
        draft.firstName = self["firstName"]
        draft.lastName = self["lastName"]
        draft.mobile = self["mobile"]
        draft.email = self["email"]
        draft.reminderKind = self["reminderKind"]
        draft.smsConsent = self["smsConsent"]
        draft.emailConsent = self["emailConsent"]
        draft.smsConsentMeans = self["smsConsentMeans"]
        draft.emailConsentMeans = self["emailConsentMeans"]
        draft.requiresMeans = true
        if has("birthDate") { draft.birthDate = self["birthDate"] }
        if has("contactName") { draft.contactName = self["contactName"] }
        if has("contactRelation") { draft.contactRelation = self["contactRelation"] }
        if has("contactMobile") { draft.contactMobile = self["contactMobile"] }
        if has("contactEmail") { draft.contactEmail = self["contactEmail"] }
        if has("reachesContact") { draft.reachesContact = self["reachesContact"] == "contact" }
        return draft
    }
}
