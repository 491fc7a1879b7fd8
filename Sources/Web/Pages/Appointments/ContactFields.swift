import Domain
import Storage

/// Where a number or an address that a known patient lacks is entered, beside the kind that needs it.
struct ContactFields {
    private var mobile: FieldView?
    private var email: FieldView?

    init(
        _ form: AppointmentForm,
        _ given: ReminderChoices.Circumstances,
        _ problems: FormProblems,
        _ visit: Visit
    ) {
        guard visit.mayWrite, let stored = given.stored, given.existing?.status != .cancelled else { return }
        // What was refused, because another stands there by now, is shown once more.
        if stored.reached.mobile == nil || !problems.of("patientMobile").isEmpty {
            mobile = Self.field("patientMobile", form.contact.mobile, given, problems, stored, type: "tel")
        }
        if stored.reached.email == nil || !problems.of("patientEmail").isEmpty {
            email = Self.field("patientEmail", form.contact.email, given, problems, stored, type: "text")
        }
    }

    func field(of kind: ReminderKind) -> FieldView? {
        switch kind {
        case .sms: mobile
        case .email: email
        case .none, .both: nil
        }
    }

    private static func field(
        _ name: String,
        _ value: String,
        _ given: ReminderChoices.Circumstances,
        _ problems: FormProblems,
        _ stored: Patient,
        type: String
    ) -> FieldView {
        let words = problems.words
        var field = FieldView.make(
            name,
            value,
            problems,
            type: type,
            autocomplete: "off",
            inputMode: type == "tel" ? "tel" : "email"
        )
        if field.problems.isEmpty {
            field.problems = FormProblems(words, given.contactProblems).ofContact.of(name)
        }
        if field.problems.isEmpty, !value.isEmpty {
            field.hint = words("booking.contact.kept", ["name": PatientName.spoken(stored)])
        }
        return field
    }
}

extension FormProblems {
    /// For the form of a known patient, where the master data stand under names of their own.
    var ofContact: FormProblems {
        let names = [
            "mobile": "patientMobile", "contactMobile": "patientMobile", "email": "patientEmail",
            "contactEmail": "patientEmail",
        ]
        let renamed = problems.map { problem in
            var problem = problem
            problem.field = names[problem.field] ?? problem.field
            return problem
        }
        return FormProblems(words, renamed, isStale: isStale)
    }
}
