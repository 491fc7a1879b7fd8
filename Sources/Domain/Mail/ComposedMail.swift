import Foundation

/// An e-mail's words and facts, rendered from what is true at send time; a ``MailWriter`` makes a message of it.
public struct ComposedMail: Hashable, Sendable {
    public let sender: MailSender
    public let recipient: EmailAddress
    /// The patient's name; empty where it is not known.
    public let recipientName: String
    /// One line, of any characters.
    public let subject: String
    /// Plain text; paragraphs stand apart by an empty line. Lines end in LF.
    public let text: String
    public let language: Language
    /// nil where there is no appointment to enter, such as for a test.
    public let calendar: CalendarEntry?
    /// The start that the patient learns from it; nil where it says that the appointment is cancelled.
    public let tells: WallTime?
    /// To the patient's own page; stands with the text and is no part of it.
    public let link: String?

    public init(
        sender: MailSender,
        recipient: EmailAddress,
        recipientName: String = "",
        subject: String,
        text: String,
        language: Language,
        calendar: CalendarEntry? = nil,
        tells: WallTime? = nil,
        link: String? = nil
    ) {
        self.sender = sender
        self.recipient = recipient
        self.recipientName = recipientName
        self.subject = subject
        self.text = text
        self.language = language
        self.calendar = calendar
        self.tells = tells
        self.link = link
    }
}

/// From whom an e-mail is.
public struct MailSender: Hashable, Sendable {
    public let address: EmailAddress
    public let displayName: String
    public let replyTo: EmailAddress?
    /// Whether a copy goes into the Sent folder by us.
    public let isCopied: Bool

    public init(address: EmailAddress, displayName: String, replyTo: EmailAddress? = nil, isCopied: Bool = false) {
        self.address = address
        self.displayName = displayName
        self.replyTo = replyTo
        self.isCopied = isCopied
    }
}

extension ComposedMail: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "mail" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
