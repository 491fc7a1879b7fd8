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
    }

    /// - Parameter country: numbers without a country code are read as this country's.
    /// - Throws: every broken rule of the form.
    public func validated(country: Country) throws(ProblemList) -> PatientFields {
        var form = FormReader()
        let lastName = form.text(lastName, "lastName", required: true)
        let firstName = form.text(firstName, "firstName")
        let hasMobile = !mobile.trimmingWhitespace().isEmpty
        let number = hasMobile ? form.take(MobileNumber.parse(mobile, country: country)) : nil
        let address = form.email(email)
        let kind = form.word(reminderKind, "reminderKind", standard: ReminderKind.none)
        let smsConsent = form.word(smsConsent, "smsConsent", standard: Consent.unknown)
        let emailConsent = form.word(emailConsent, "emailConsent", standard: Consent.unknown)
        let externalID = form.optionalText(externalID, "externalId")
        guard let kind, let smsConsent, let emailConsent else { throw ProblemList(form.problems) }
        return try form.finish(
            PatientFields(
                firstName: firstName,
                lastName: lastName,
                mobile: number,
                email: address,
                reminderKind: kind,
                smsConsent: smsConsent,
                emailConsent: emailConsent,
                externalID: externalID
            )
        )
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
}
