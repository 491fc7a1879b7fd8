import Domain
import Foundation
import Storage

/// Whom an appointment is for: found by typing, or new.
struct PatientField: Sendable {
    struct Choice: Sendable {
        let id: String
        let name: String
        let detail: String
        let isChosen: Bool
    }

    /// Someone new, whose few master data are saved together with the appointment.
    struct Newcomer: Sendable {
        let isChosen: Bool
        let inputs: [FieldView]
        let alike: Alike
    }

    /// Those who may be the same.
    struct Alike: Sendable {
        let heading: String
        let choices: [Choice]
        let isEmpty: Bool
        let seen: String
        /// Whether saving waits for a look at them.
        let asks: Bool
    }

    let search: String
    /// The search whose hits are shown.
    let searched: String
    let searchLabel: String
    let choices: [Choice]
    let searchAdvice: String?
    let patientProblems: [String]
    /// nil where the appointment is on record.
    let newcomer: Newcomer?

    static func view(
        _ form: AppointmentForm,
        _ around: AppointmentPage.Surroundings,
        _ problems: FormProblems,
        _ visit: Visit,
        asks: Bool = false
    ) -> PatientField {
        let words = visit.words
        let chosen = around.circumstances.stored
        var patients = around.found
        if let chosen, !patients.contains(where: { $0.id == chosen.id }) { patients.insert(chosen, at: 0) }
        let advice = form.search.isEmpty ? (patients.isEmpty ? "patient.search.advice" : nil) : "patient.search.nothing"
        return PatientField(
            search: form.search.isEmpty ? chosen.map(PatientName.listed) ?? "" : form.search,
            searched: form.search,
            searchLabel: words(visit.practice.keepsBirthDates ? "booking.search.birth" : "patient.search"),
            choices: choices(patients, chosen, visit),
            searchAdvice: around.found.isEmpty ? advice.map { words($0, ["search": form.search]) } : nil,
            patientProblems: problems.of("patientId"),
            newcomer: around.circumstances.existing == nil
                ? newcomer(form, around.alike, problems, visit, asks: asks) : nil
        )
    }

    static func choices(_ patients: [Patient], _ chosen: Patient?, _ visit: Visit) -> [Choice] {
        patients.map { patient in
            let number = patient.reached.mobile?.dialled(from: visit.practice.country)
            let reach = number ?? patient.reached.email?.value ?? visit.words("patient.no_contact")
            let kind = visit.words("kind." + patient.reminderKind.rawValue)
            return Choice(
                id: patient.id.description,
                name: PatientName.listed(patient),
                detail: reach + " · " + visit.words("booking.prefers", ["kind": kind]),
                isChosen: patient.id == chosen?.id
            )
        }
    }

    static func alike(_ found: [Lookalike], _ visit: Visit, asks: Bool = false) -> Alike {
        let patients = found.map(\.patient)
        // One who is only nearly of that name was perhaps mistyped.
        let meant = found.count == 1 ? found.first { $0.hasNearName }?.patient : nil
        return Alike(
            heading: meant.map { visit.words("booking.alike.near", ["name": PatientName.listed($0)]) }
                ?? visit.words("booking.alike.heading"),
            choices: choices(patients, nil, visit),
            isEmpty: patients.isEmpty,
            seen: patients.map(\.id.description).joined(separator: " "),
            asks: asks
        )
    }

    private static func newcomer(
        _ form: AppointmentForm,
        _ alike: [Lookalike],
        _ problems: FormProblems,
        _ visit: Visit,
        asks: Bool
    ) -> Newcomer {
        let typed = TypedPatient(form)
        return Newcomer(
            isChosen: form.isForNewcomer,
            inputs: [
                .make("firstName", typed.firstName, problems, autocomplete: "off"),
                .make("lastName", typed.lastName, problems, autocomplete: "off", isRequired: true),
                .make("mobile", typed.mobile, problems, type: "tel", autocomplete: "off", inputMode: "tel"),
                .make("email", typed.email, problems, autocomplete: "off", inputMode: "email"),
            ],
            alike: Self.alike(alike, visit, asks: asks)
        )
    }
}

/// A new patient's data as they stand in the form; while none do, what was searched for.
struct TypedPatient {
    var firstName: String
    var lastName: String
    var mobile: String
    let email: String

    init(_ form: AppointmentForm) {
        firstName = form.newcomer.firstName
        lastName = form.newcomer.lastName
        mobile = form.newcomer.mobile
        email = form.newcomer.email
        guard (firstName + lastName + mobile + email).isEmpty else { return }
        let text = form.search
        if text.contains(where: \.isNumber) {
            // A day of birth is no number.
            if !text.contains(where: \.isLetter), !text.contains(".") { mobile = text }
            return
        }
        let sides = text.split(separator: ",", maxSplits: 1).map { String($0).trimmingWhitespace() }
        if sides.count == 2 {
            (lastName, firstName) = (sides[0], sides[1])
            return
        }
        let words = text.split(separator: " ").map(String.init)
        lastName = words.last ?? ""
        firstName = words.dropLast().joined(separator: " ")
    }
}

/// What a search offers while it is typed.
struct PatientOptions: Sendable {
    let options: [PatientField.Choice]
    /// `3 gefunden`, for those who do not see the list.
    let said: String
    let mayAdd: Bool

    static func view(_ found: [Patient], _ visit: Visit, mayAdd: Bool) -> PatientOptions {
        PatientOptions(
            options: PatientField.choices(found, nil, visit),
            said: visit.words.counted("booking.found", found.count),
            mayAdd: mayAdd && visit.mayWrite
        )
    }
}
