import Foundation

/// A person who comes to the practice, with the master data that reminders need.
public struct Patient: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Patient>

    public var id: ID
    public var practiceID: Practice.ID
    public var firstName: String
    public var lastName: String
    public var mobile: MobileNumber?
    public var email: EmailAddress?
    /// Preferred kind: what appointments created later take over (rule 4).
    public var reminderKind: ReminderKind
    public var smsConsent: Consent
    public var emailConsent: Consent
    /// The id in the program that pushed the patient in; unique in the practice.
    public var externalID: String?
    public var version: Int64
    /// When and why the last e-mail to the address that is reached came back; nil where none did.
    public var emailBounce: EmailBounce?
    /// Kept where the practice wants it.
    public var birthDate: LocalDate?
    public var contact = PatientContact.nobody
    /// Whether messages go to the contact instead.
    public var reachesContact = false

    public init(
        id: ID,
        practiceID: Practice.ID,
        firstName: String,
        lastName: String,
        mobile: MobileNumber? = nil,
        email: EmailAddress? = nil,
        reminderKind: ReminderKind = .none,
        smsConsent: Consent = .unknown,
        emailConsent: Consent = .unknown,
        externalID: String? = nil,
        version: Int64 = 1
    ) {
        self.id = id
        self.practiceID = practiceID
        self.firstName = firstName
        self.lastName = lastName
        self.mobile = mobile
        self.email = email
        self.reminderKind = reminderKind
        self.smsConsent = smsConsent
        self.emailConsent = emailConsent
        self.externalID = externalID
        self.version = version
    }

    /// Consent for the channel; only `withdrawn` stops a message (rule 12).
    public func consent(_ channel: Channel) -> Consent {
        switch channel {
        case .sms: smsConsent
        case .email: emailConsent
        }
    }
}

/// An e-mail that came back from a patient's address.
public struct EmailBounce: Hashable, Sendable {
    public let at: Date
    public let reason: BounceReason

    public init(at: Date, reason: BounceReason) {
        self.at = at
        self.reason = reason
    }
}

/// What the patient said to messages on a channel.
public enum Consent: String, CaseIterable, Sendable {
    case unknown, given, withdrawn
}
