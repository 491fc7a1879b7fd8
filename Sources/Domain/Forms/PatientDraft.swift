/// A patient's master data as somebody wrote them.
public struct PatientDraft: Hashable, Sendable {
    public var firstName = ""
    public var lastName = ""
    public var mobile = ""
    public var email = ""
    /// Empty: none.
    public var reminderKind = ""
    /// Empty: unknown.
    public var smsConsent = ""
    /// Empty: unknown.
    public var emailConsent = ""
    public var externalID = ""
    /// Empty: not known.
    public var birthDate = ""
    public var contactName = ""
    public var contactRelation = ""
    public var contactMobile = ""
    public var contactEmail = ""
    public var reachesContact = false
    /// How a change of the consent came to be known; empty: nobody said.
    public var smsConsentMeans = ""
    public var emailConsentMeans = ""
    /// A consent that becomes given or withdrawn has to say how that came to be known, as at a desk.
    public var requiresMeans = false

    public init() {}

    public init(
        firstName: String = "",
        lastName: String,
        mobile: String = "",
        email: String = "",
        reminderKind: String = "",
        smsConsent: String = "",
        emailConsent: String = "",
        externalID: String = ""
    ) {
        self.firstName = firstName
        self.lastName = lastName
        self.mobile = mobile
        self.email = email
        self.reminderKind = reminderKind
        self.smsConsent = smsConsent
        self.emailConsent = emailConsent
        self.externalID = externalID
    }

    /// The number stands as E.164, which reads the same in every country.
    public init(existing patient: Patient) {
        self.init(
            firstName: patient.firstName,
            lastName: patient.lastName,
            mobile: patient.mobile?.e164 ?? "",
            email: patient.email?.value ?? "",
            reminderKind: patient.reminderKind.rawValue,
            smsConsent: patient.smsConsent.rawValue,
            emailConsent: patient.emailConsent.rawValue,
            externalID: patient.externalID ?? ""
        )
        birthDate = patient.birthDate?.iso ?? ""
        contactName = patient.contact.name
        contactRelation = patient.contact.relation
        contactMobile = patient.contact.mobile?.e164 ?? ""
        contactEmail = patient.contact.email?.value ?? ""
        reachesContact = patient.reachesContact
    }

    /// What holds the number that messages go to: the contact's where they are to go there.
    public var reachedMobile: WritableKeyPath<PatientDraft, String> { reachesContact ? \.contactMobile : \.mobile }

    /// What holds the address that messages go to.
    public var reachedEmail: WritableKeyPath<PatientDraft, String> { reachesContact ? \.contactEmail : \.email }

    /// - Parameters:
    ///   - country: numbers without a country code are read as this country's.
    ///   - birthDates: which may be taken.
    ///   - old: the patient that is changed; nil for a new one.
    /// - Throws: every broken rule of the form.
    public func validated(
        country: Country,
        birthDates: BirthDatePolicy = .none,
        from old: Patient? = nil
    ) throws(ProblemList) -> PatientFields {
        var form = FormReader()
        let lastName = form.line(lastName, "lastName", required: true)
        let firstName = form.line(firstName, "firstName")
        let number = form.mobile(mobile, "mobile", country)
        let address = form.email(email)
        let kind = form.word(reminderKind, "reminderKind", standard: ReminderKind.none)
        let smsConsent = form.word(smsConsent, "smsConsent", standard: Consent.unknown)
        let emailConsent = form.word(emailConsent, "emailConsent", standard: Consent.unknown)
        let means = (
            sms: form.word(smsConsentMeans, "smsConsentMeans", standard: ConsentEntry.Means.unsaid),
            email: form.word(emailConsentMeans, "emailConsentMeans", standard: ConsentEntry.Means.unsaid)
        )
        let externalID = form.optionalText(externalID, "externalId")
        let birthDate = birthDates.read(birthDate, &form)
        let contact = contact(&form, country)
        guard let kind, let smsConsent, let emailConsent, let smsMeans = means.sms, let emailMeans = means.email else {
            throw ProblemList(form.problems)
        }
        if requiresMeans {
            Self.requireMeans(smsMeans, "smsConsentMeans", smsConsent, old?.smsConsent, &form)
            Self.requireMeans(emailMeans, "emailConsentMeans", emailConsent, old?.emailConsent, &form)
        }
        return try form.finish(
            PatientFields(
                firstName: firstName,
                lastName: lastName,
                mobile: number,
                email: address,
                reminderKind: kind,
                smsConsent: smsConsent,
                emailConsent: emailConsent,
                externalID: externalID,
                birthDate: birthDate,
                contact: contact,
                reachesContact: reachesContact,
                smsConsentMeans: smsMeans,
                emailConsentMeans: emailMeans
            )
        )
    }

    private static func requireMeans(
        _ means: ConsentEntry.Means,
        _ field: String,
        _ consent: Consent,
        _ old: Consent?,
        _ form: inout FormReader
    ) {
        if means == .unsaid, consent != .unknown, consent != old { form.add(FieldProblem(field, .fieldRequired)) }
    }

    /// Whom messages go to has a name; the rules of the patient's own number hold for the contact's.
    private func contact(_ form: inout FormReader, _ country: Country) -> PatientContact {
        let isNamed = reachesContact || !(contactMobile + contactEmail + contactRelation).trimmingWhitespace().isEmpty
        return PatientContact(
            name: form.line(contactName, "contactName", required: isNamed),
            relation: form.line(contactRelation, "contactRelation", limit: 60),
            mobile: form.mobile(contactMobile, "contactMobile", country),
            email: form.email(contactEmail, "contactEmail")
        )
    }
}

/// Which dates of birth a practice takes.
public struct BirthDatePolicy: Hashable, Sendable {
    /// nil: none.
    private let today: LocalDate?
    /// One that is on record already may stay.
    private let kept: LocalDate?

    public static let none = BirthDatePolicy(today: nil, kept: nil)

    public init(_ practice: Practice, today: LocalDate, keeping kept: LocalDate? = nil) {
        self.init(today: practice.keepsBirthDates ? today : nil, kept: kept)
    }

    private init(today: LocalDate?, kept: LocalDate?) {
        self.today = today
        self.kept = kept
    }

    fileprivate func read(_ text: String, _ form: inout FormReader) -> LocalDate? {
        let text = text.trimmingWhitespace()
        if text.isEmpty { return nil }
        if let kept, text == kept.iso { return kept }
        guard let today else {
            form.add(FieldProblem("birthDate", .birthDateNotKept))
            return nil
        }
        let date = BirthDate.read(text, today: today)
        if date == nil { form.add(FieldProblem("birthDate", .birthDateInvalid)) }
        return date
    }
}

/// Master data that passed their rules.
public struct PatientFields: Hashable, Sendable {
    public let firstName: String
    public let lastName: String
    public let mobile: MobileNumber?
    public let email: EmailAddress?
    public let reminderKind: ReminderKind
    public let smsConsent: Consent
    public let emailConsent: Consent
    public let externalID: String?
    public let birthDate: LocalDate?
    public let contact: PatientContact
    public let reachesContact: Bool
    public let smsConsentMeans: ConsentEntry.Means
    public let emailConsentMeans: ConsentEntry.Means

    /// Where messages will go.
    public var reached: Reached { Reached(mobile, email, contact: reachesContact ? contact : nil) }
}
