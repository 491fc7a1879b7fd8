/// One attempt to hand a message over.
public struct AttemptName: Hashable, Sendable {
    public let message: Message.ID
    /// 1 for the first.
    public let number: Int

    public init(_ message: Message.ID, _ number: Int) {
        self.message = message
        self.number = number
    }
}

/// A message as it is given to whoever carries it.
public enum OutgoingMessage: Hashable, Sendable {
    case sms(OutgoingSMS)
    case mail(OutgoingMail)

    public var id: Message.ID { attemptName.message }

    /// To which attempt a late answer belongs.
    public var attemptName: AttemptName {
        switch self {
        case .sms(let sms): AttemptName(sms.id, sms.attempt)
        case .mail(let mail): AttemptName(mail.id, mail.attempt)
        }
    }

    public var attempt: Int { attemptName.number }

    /// The number in E.164 or the address.
    public var recipient: String {
        switch self {
        case .sms(let sms): sms.recipient
        case .mail(let mail): mail.recipient.value
        }
    }

    public var sms: OutgoingSMS? {
        if case .sms(let sms) = self { sms } else { nil }
    }

    public var mail: OutgoingMail? {
        if case .mail(let mail) = self { mail } else { nil }
    }
}

/// An SMS as it is given to a provider.
public struct OutgoingSMS: Hashable, Sendable {
    public let id: Message.ID
    /// Our reference at the provider, the same for each attempt of one message.
    public let reference: String
    /// 1 for the first; tells to which attempt a late answer belongs.
    public let attempt: Int
    public let recipient: String
    public let sender: SenderID
    public let text: String
    public let encoding: SMSEncoding
    public let validitySeconds: Int

    public var attemptName: AttemptName { AttemptName(id, attempt) }

    /// - Parameter reference: nil for the message's id.
    public init(id: Message.ID, attempt: Int = 1, reference: String? = nil, composed: ComposedSMS) {
        self.id = id
        self.attempt = attempt
        self.reference = reference ?? id.description
        recipient = composed.recipient
        sender = composed.sender
        text = composed.text
        encoding = composed.encoding
        validitySeconds = composed.validitySeconds
    }
}

/// An e-mail as it is given to a mailbox: the exact bytes that will leave.
public struct OutgoingMail: Hashable, Sendable {
    public let id: Message.ID
    /// 1 for the first; tells to which attempt a late answer belongs.
    public let attempt: Int
    /// What stands in its Message-ID between the angle brackets; the same for each attempt (RFC 5322 §3.6.4).
    public let name: String
    /// The envelope's sender, to which a bounce goes (RFC 5321 §4.1.1.2).
    public let sender: EmailAddress
    public let recipient: EmailAddress
    /// Lines end in CRLF, none is longer than 998 octets, none is dot-stuffed yet (RFC 5322 §2.1.1).
    public let bytes: [UInt8]

    public init(
        id: Message.ID,
        attempt: Int = 1,
        name: String,
        sender: EmailAddress,
        recipient: EmailAddress,
        bytes: [UInt8]
    ) {
        self.id = id
        self.attempt = attempt
        self.name = name
        self.sender = sender
        self.recipient = recipient
        self.bytes = bytes
    }
}

extension OutgoingMail: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "mail \(id)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
