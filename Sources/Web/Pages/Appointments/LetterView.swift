import Domain
import Storage

/// The e-mail of a reminder as it will leave.
struct LetterView: Sendable {
    let letterTo: String
    let letterSubject: String
    let letterBody: String

    /// nil while whom or when is not known.
    init?(_ form: AppointmentForm, _ given: ReminderChoices.Circumstances, _ visit: Visit) {
        guard let patient = given.patient, let start = given.start, let location = given.location else { return nil }
        let practice = given.offer.practice
        let practitioner = given.practitioners.first { $0.id.description == form.practitionerID }
        let facts = MailFacts(
            firstName: patient.firstName,
            lastName: patient.lastName,
            start: start,
            location: location.name,
            address: location.address,
            practitioner: practitioner?.name ?? "",
            practice: practice.name,
            language: practice.language
        )
        letterTo = patient.reached.email?.value ?? ""
        letterSubject = facts.subject(location.emailSubject ?? practice.emailSubject)
        letterBody = facts.body(location.emailBody ?? practice.emailBody)
    }
}
