/// A broken rule, tied to the field that broke it.
///
/// The sentence that a person reads comes from the catalogue, found by `code` and filled with `arguments`.
public struct FieldProblem: Hashable, Sendable, Error {
    /// Name of the field in the interface's spelling, such as `mobile`.
    public var field: String
    public var code: ProblemCode
    /// What the sentence needs: limits, offered spellings, dates. Never secret.
    public var arguments: [String: String]

    public init(_ field: String, _ code: ProblemCode, _ arguments: [String: String] = [:]) {
        self.field = field
        self.code = code
        self.arguments = arguments
    }
}

/// One or more broken rules; all of them are reported at once.
public struct ProblemList: Hashable, Sendable, Error {
    public let problems: [FieldProblem]

    public init(_ problems: [FieldProblem]) { self.problems = problems }
    public init(_ problem: FieldProblem) { self.problems = [problem] }
}

/// The codes that the outside may rely on.
public enum ProblemCode: String, CaseIterable, Sendable {
    case reminderTooLate = "reminder.too_late"
    case reminderNoMobile = "reminder.no_mobile"
    case reminderNoEmail = "reminder.no_email"
    case reminderChannelOff = "reminder.channel_off"
    case reminderAlreadySent = "reminder.already_sent"
    /// A correction that was asked for cannot leave, or not for now; the arguments say by which channel and why.
    case correctionNotSent = "correction.not_sent"
    case senderMissing = "sender.missing"
    case senderTooLong = "sender.too_long"
    case senderSpecialCharacter = "sender.special_character"
    case senderCountryCodeMissing = "sender.country_code_missing"
    case senderNotInternational = "sender.not_international"
    case senderNoLetter = "sender.no_letter"
    /// A name that tells nothing about who sends, which networks of the practice's country refuse.
    case senderGeneric = "sender.generic"
    /// A name where only a number can stand.
    case senderNotNumeric = "sender.not_numeric"
    case mobileInvalid = "mobile.invalid"
    case mobileLandline = "mobile.landline"
    case emailInvalid = "email.invalid"
    /// A number or an address was added where another stands by now.
    case contactKnown = "contact.known"
    /// A date of birth that is no day, or none of a living person.
    case birthDateInvalid = "birth_date.invalid"
    /// The practice keeps no dates of birth.
    case birthDateNotKept = "birth_date.not_kept"
    case textTooLong = "text.too_long"
    case textNotGSM = "text.not_gsm"
    /// Braces around a word that is none of the placeholders.
    case textUnknownPlaceholder = "text.unknown_placeholder"
    /// A brace that opens or closes nothing.
    case textStrayBrace = "text.stray_brace"
    case sendTimeNotOffered = "send_time.not_offered"
    case appointmentEndBeforeStart = "appointment.end_before_start"
    case appointmentInPast = "appointment.in_past"
    case appointmentTooLong = "appointment.too_long"
    /// A required field is empty or missing.
    case fieldRequired = "field.required"
    /// A value that the field does not know: an unknown word, a malformed date, a wrong type.
    case fieldInvalid = "field.invalid"
    /// A field that the interface does not know.
    case fieldUnknown = "field.unknown"
    /// Longer than the field holds.
    case fieldTooLong = "field.too_long"
    /// An id that names nothing in this practice.
    case referenceUnknown = "reference.unknown"
    /// Another record of the practice has this external id already.
    case externalIDTaken = "external_id.taken"
    /// A provider's kind makes nothing of this value.
    case providerUnusable = "provider.unusable"
    /// Another provider of the installation has this name already.
    case nameTaken = "name.taken"
    /// Another user of the installation signs in with this address already.
    case emailTaken = "email.taken"
    /// Patients' pages cannot be switched on: the installation has no address for them, or no key.
    case linksUnavailable = "links.unavailable"
    /// Closing texts that leave no room for a link.
    case linksTextTooLong = "links.text_too_long"
    /// A location or practitioner that appointments still name.
    case inUse = "record.in_use"
}
