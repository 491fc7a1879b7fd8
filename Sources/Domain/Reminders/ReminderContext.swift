import Foundation

/// Everything about a reminder, read afresh at send time (rule 12).
public struct ReminderContext: Sendable {
    public var reminder: Reminder
    public var status: Appointment.Status
    public var generation: Int64
    public var start: Date
    public var timeZone: TimeZone
    public var mobile: MobileNumber?
    public var email: EmailAddress?
    public var consent: Consent
    public var channelEnabled: Bool
    public var practicePaused: Bool
    public var sender: SenderID?
    /// A number that stands in for a name which is not registered.
    public var fallbackSender: SenderID?
    /// From when on the sender is said to be registered; nil: it is not.
    public var senderRegisteredSince: Date?
    public var closingText: ClosingText
    /// To the patient's own page; nil where the practice has none, or where it would show nothing.
    public var link: String?
    public var language: Language
    /// Where the appointment takes place, for a correction.
    public var locationName: String
    /// The appointment is another patient's now than the one whom the reminder is for.
    public var patientMoved: Bool
    public var locationID: Location.ID?
    /// Whose appointment it is, so that their mailbox carries it; nil where the appointment names nobody.
    public var practitionerID: Practitioner.ID?
    /// Who sends, for the confirmation of an opt-out.
    public var practiceName: String
    /// As many SMS as the practice allows itself in a month; nil for any number.
    public var monthlyLimit: Int?
    /// The practice has sent as many SMS this month as it allowed itself.
    public var limitReached: Bool
    /// Read for e-mails alone.
    public var mail: MailContext?

    public init(
        reminder: Reminder,
        status: Appointment.Status,
        generation: Int64,
        start: Date,
        timeZone: TimeZone,
        mobile: MobileNumber?,
        email: EmailAddress?,
        consent: Consent,
        channelEnabled: Bool,
        practicePaused: Bool,
        sender: SenderID?,
        fallbackSender: SenderID? = nil,
        senderRegisteredSince: Date? = nil,
        closingText: ClosingText,
        language: Language,
        locationName: String,
        patientMoved: Bool = false,
        locationID: Location.ID? = nil,
        practiceName: String = "",
        monthlyLimit: Int? = nil,
        limitReached: Bool = false,
        mail: MailContext? = nil
    ) {
        self.reminder = reminder
        self.status = status
        self.generation = generation
        self.start = start
        self.timeZone = timeZone
        self.mobile = mobile
        self.email = email
        self.consent = consent
        self.channelEnabled = channelEnabled
        self.practicePaused = practicePaused
        self.sender = sender
        self.fallbackSender = fallbackSender
        self.senderRegisteredSince = senderRegisteredSince
        self.closingText = closingText
        self.language = language
        self.locationName = locationName
        self.patientMoved = patientMoved
        self.locationID = locationID
        self.practiceName = practiceName
        self.monthlyLimit = monthlyLimit
        self.limitReached = limitReached
        self.mail = mail
    }
}
