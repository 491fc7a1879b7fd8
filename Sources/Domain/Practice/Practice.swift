import Foundation

/// A therapy practice: the settings that hold for all its locations.
public struct Practice: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Practice>

    public var id: ID
    public var name: String
    /// For locations that name no zone of their own.
    public var timeZone: TimeZone
    /// Numbers without a country code are read as this country's.
    public var country: Country
    /// Language of screens and messages.
    public var language: Language
    public var smsEnabled: Bool
    public var emailEnabled: Bool
    public var smsSendTime: SendTime
    public var emailSendTime: SendTime
    /// Later than this on the day before, nothing is sent any more.
    public var latestSendTime: LatestSendTime
    /// For locations that have no sender of their own.
    public var sender: SenderID?
    /// A number that stands in for a name which is not registered, for locations that have none of their own.
    public var fallbackSender: SenderID?
    /// How many SMS may leave in a calendar month; nil: any number.
    public var smsMonthlyLimit: Int?
    /// Whether an SMS with an unknown outcome may be sent once more after the evidence window.
    public var resendsUnknown: Bool
    /// While true, nothing is handed over; set by a person or by a guard.
    public var paused: Bool
    /// Grows with each change; the entity tag of the interface.
    public var version: Int64
    /// Whether a message that did not arrive goes once more by the other channel, where the patient has it and agreed.
    public var fallsBack = false
    /// Of e-mails from locations that have no texts of their own; nil: the product's own.
    public var emailSubject: MailTemplate?
    public var emailBody: MailTemplate?
    /// Whether patients' dates of birth are kept, to tell people of one name apart.
    public var keepsBirthDates = false
    /// ISO 3166-2 subdivision whose public holidays the calendar shows, such as `DE-BY`; empty: the country's.
    public var region = ""
    /// Whether messages carry a link to the patient's own page.
    public var linksEnabled = false
    /// Where the morning report goes when something failed; nil: nowhere.
    public var reportTo: EmailAddress?

    public init(
        id: ID,
        name: String,
        timeZone: TimeZone,
        country: Country,
        language: Language,
        smsEnabled: Bool = false,
        emailEnabled: Bool = false,
        smsSendTime: SendTime = .seven,
        emailSendTime: SendTime = .seven,
        latestSendTime: LatestSendTime = .standard,
        sender: SenderID? = nil,
        fallbackSender: SenderID? = nil,
        smsMonthlyLimit: Int? = nil,
        resendsUnknown: Bool = true,
        paused: Bool = false,
        version: Int64 = 1
    ) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.country = country
        self.language = language
        self.smsEnabled = smsEnabled
        self.emailEnabled = emailEnabled
        self.smsSendTime = smsSendTime
        self.emailSendTime = emailSendTime
        self.latestSendTime = latestSendTime
        self.sender = sender
        self.fallbackSender = fallbackSender
        self.smsMonthlyLimit = smsMonthlyLimit
        self.resendsUnknown = resendsUnknown
        self.paused = paused
        self.version = version
    }

    /// Whether the practice has switched the channel on (rule 5).
    public func isEnabled(_ channel: Channel) -> Bool {
        switch channel {
        case .sms: smsEnabled
        case .email: emailEnabled
        }
    }

    /// When messages of the channel leave on the day before.
    public func sendTime(_ channel: Channel) -> SendTime {
        switch channel {
        case .sms: smsSendTime
        case .email: emailSendTime
        }
    }
}

/// The languages that screens and messages exist in.
public enum Language: String, CaseIterable, Sendable {
    case german = "de"
    case english = "en"
}
