/// An e-mail account of the practice or of one practitioner, by which e-mails leave (rule 8). To the engine it is a
/// provider like any other; what is the mailbox's alone stands here.
public struct Mailbox: Hashable, Sendable, Identifiable {
    /// The account: `url` is the SMTP server's (`smtp://` or `smtps://`), `user` and `options` are as ``MailboxOption``
    /// names them. Its practice is never nil.
    public var account: Provider
    /// Whose appointments' e-mails leave by it; nil: those of all who have no mailbox of their own.
    public var practitionerID: Practitioner.ID?
    public var address: EmailAddress
    /// Beside the address in From; empty: the practice's name.
    public var displayName: String
    /// Where answers go; nil: to the address itself.
    public var replyTo: EmailAddress?
    /// The IMAP server's (`imap://` or `imaps://`); empty where there is none: then there are no copies and no bounces.
    public var imapURL: String

    public var id: Provider.ID { account.id }

    public init(
        account: Provider,
        practitionerID: Practitioner.ID? = nil,
        address: EmailAddress,
        displayName: String = "",
        replyTo: EmailAddress? = nil,
        imapURL: String = ""
    ) {
        self.account = account
        self.practitionerID = practitionerID
        self.address = address
        self.displayName = displayName
        self.replyTo = replyTo
        self.imapURL = imapURL
    }

    /// Who puts a copy of each e-mail into the mailbox's Sent folder.
    public enum SentCopy: String, CaseIterable, Sendable {
        /// We do, by IMAP APPEND.
        case append
        /// The server does by itself, so that a message that is missing there did not leave.
        case server
        case off
    }

    /// Nobody can where there is no IMAP server.
    public var sentCopy: SentCopy {
        if imapURL.isEmpty { return .off }
        return account.options[MailboxOption.sentCopy].flatMap(SentCopy.init(rawValue:)) ?? .append
    }
}

/// Names of a mailbox's options.
public enum MailboxOption {
    /// ``Mailbox/SentCopy``; `append` where it is left out.
    public static let sentCopy = "sent-copy"
    /// `auto`, `plain`, `login` or `xoauth2`.
    public static let authentication = "auth"
    /// A file of certificates to believe instead of the system's.
    public static let certificates = "ca-file"
    /// Connections for sending at the same time.
    public static let connections = "connections"
    /// E-mails an hour at most.
    public static let perHour = "per-hour"
    /// E-mails in 24 hours at most.
    public static let perDay = "per-day"
    /// The Sent folder where the server does not say which it is (RFC 6154).
    public static let sentFolder = "sent-folder"
    /// Seconds to wait for an answer.
    public static let responseTimeout = "response-timeout"

    public static let all = [
        sentCopy, authentication, certificates, connections, perHour, perDay, sentFolder, responseTimeout,
    ]
}
