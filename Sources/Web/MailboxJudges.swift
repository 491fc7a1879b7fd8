import Domain

/// What only those know who speak with mail servers.
public struct MailboxJudges: Sendable {
    /// Throws `ProblemList` with the draft's names where the settings make no sense.
    public let check: @Sendable (Mailbox, _ secret: String?) throws -> Void
    /// The settings that are usual for an address; nil where nobody knows them. Takes some seconds at most.
    public let find: @Sendable (EmailAddress) async -> MailboxOffer?

    public init(
        check: @escaping @Sendable (Mailbox, String?) throws -> Void,
        find: @escaping @Sendable (EmailAddress) async -> MailboxOffer?
    ) {
        self.check = check
        self.find = find
    }
}

/// Settings of a mail server that are offered, to be looked through by a person.
public struct MailboxOffer: Hashable, Sendable {
    /// `smtps://smtp.example.org:465`
    public let smtp: String
    /// Empty where none is known.
    public let imap: String
    /// Empty: the address itself.
    public let user: String
    /// By ``MailboxOption``.
    public let options: [String: String]
    /// Whose settings they are, such as the provider's name; empty where nobody says.
    public let source: String
    /// A key of `mailbox.note.…` for what is to be known before (an app password, a permission to be given); nil for nothing.
    public let note: String?

    public init(
        smtp: String,
        imap: String = "",
        user: String = "",
        options: [String: String] = [:],
        source: String = "",
        note: String? = nil
    ) {
        self.smtp = smtp
        self.imap = imap
        self.user = user
        self.options = options
        self.source = source
        self.note = note
    }
}
