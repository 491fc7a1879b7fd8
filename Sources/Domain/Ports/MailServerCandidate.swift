/// Settings that a mailbox may have, and where they come from. A proposal: whoever sees it decides, and a password is
/// sent to none of these servers before.
public struct MailServerCandidate: Hashable, Sendable {
    /// `smtp://` or `smtps://`, as `Mailbox.account.url` wants it; the port is written where it is not the scheme's own.
    public let smtpURL: String
    /// `imap://` or `imaps://`; empty where none was found.
    public let imapURL: String
    /// With what the mailbox signs in; as a rule its address.
    public let user: String
    public let signIn: SignIn
    /// ``Mailbox/SentCopy/server`` where the server is known to keep a copy of what is sent over SMTP by itself.
    public let sentCopy: Mailbox.SentCopy
    /// What the vendor lets one mailbox send; nil where no such figure is known.
    public let perHour: Int?
    public let perDay: Int?
    public let source: Source
    /// A page on which the vendor, or whoever told it, says so; empty where it came from the domain itself.
    public let page: String

    /// What stands between the address and sending; a code, for which pages and commands have the words.
    public enum SignIn: String, CaseIterable, Sendable {
        /// The mailbox's own password.
        case password
        /// A password made for programs in the account's settings; the mailbox's own may be refused.
        case appPassword = "app_password"
        /// The mailbox's own password, once access by programs (POP3 and IMAP) is switched on in the account's settings.
        case programsOn = "programs_on"
        /// OAuth 2 alone: an access token in place of a password (`auth=xoauth2`).
        case oauth
    }

    public enum Source: Hashable, Sendable {
        /// The table of vendors, by the address's own domain.
        case known(vendor: String)
        /// The same table, by the host that takes the domain's mail (MX).
        case mailExchanger(vendor: String, host: String)
        /// SRV records of the domain (RFC 6186, RFC 8314 §5.1).
        case serviceRecord
        /// The domain's own file of settings for mail programs.
        case autoconfig(url: String)
    }

    public init(
        smtpURL: String,
        imapURL: String,
        user: String,
        signIn: SignIn = .password,
        sentCopy: Mailbox.SentCopy = .append,
        perHour: Int? = nil,
        perDay: Int? = nil,
        source: Source,
        page: String = ""
    ) {
        self.smtpURL = smtpURL
        self.imapURL = imapURL
        self.user = user
        self.signIn = signIn
        self.sentCopy = sentCopy
        self.perHour = perHour
        self.perDay = perDay
        self.source = source
        self.page = page
    }
}

/// Proposes settings for an address, the likeliest first; empty where nothing was found. Takes seconds at most, asks only
/// name servers and the address's own domain, and sends neither the address nor a password to anybody but that domain.
public typealias MailServerFinding = @Sendable (EmailAddress) async -> [MailServerCandidate]
