/// What leaves for a patient, rendered from what is true at send time.
public enum ComposedMessage: Hashable, Sendable {
    case sms(ComposedSMS)
    case mail(ComposedMail)

    public var channel: Channel {
        switch self {
        case .sms: .sms
        case .mail: .email
        }
    }

    /// The number in E.164 or the address.
    public var recipient: String {
        switch self {
        case .sms(let sms): sms.recipient
        case .mail(let mail): mail.recipient.value
        }
    }

    /// Name or number, or the mailbox's address.
    public var sender: String {
        switch self {
        case .sms(let sms): sms.sender.value
        case .mail(let mail): mail.sender.address.value
        }
    }

    public var text: String {
        switch self {
        case .sms(let sms): sms.text
        case .mail(let mail): mail.text
        }
    }

    /// SMS that it is billed as; none for an e-mail.
    public var segments: Int {
        switch self {
        case .sms(let sms): sms.encoding.segments
        case .mail: 0
        }
    }

    /// The start that the patient learns from it; nil where it says that the appointment is cancelled.
    public var tells: WallTime? {
        switch self {
        case .sms(let sms): sms.tells
        case .mail(let mail): mail.tells
        }
    }
}

/// A text with everything that a provider needs to send it.
public struct ComposedSMS: Hashable, Sendable {
    /// In E.164 with `+`.
    public let recipient: String
    public let sender: SenderID
    public let text: String
    public let encoding: SMSEncoding
    /// Seconds after which delivering makes no sense any more.
    public let validitySeconds: Int
    /// The start that the patient learns from it; nil where it says that the appointment is cancelled.
    public let tells: WallTime?

    public init(
        recipient: String,
        sender: SenderID,
        text: String,
        encoding: SMSEncoding,
        validitySeconds: Int,
        tells: WallTime? = nil
    ) {
        self.recipient = recipient
        self.sender = sender
        self.text = text
        self.encoding = encoding
        self.validitySeconds = validitySeconds
        self.tells = tells
    }
}
