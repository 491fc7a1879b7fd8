/// What is needed to write e-mails and to hand them over.
public struct MailDesk: Sendable {
    public let write: MailWriter
    /// Opens the way to a mailbox with its secret; throws where its settings do not make sense.
    public let open: @Sendable (Mailbox, _ secret: String?) throws -> any MessageChannel
    /// A word of 32 letters and digits that nobody can guess, another one each time.
    public let word: @Sendable () -> String
    /// The installation's address from outside, without a slash at its end; nil where there is none.
    public let publicURL: String?
    /// The address of our own pages, for letters to people of the practice: the one from outside, or else where this
    /// machine alone reaches them; nil where neither is known.
    public let pagesURL: String?

    public init(
        write: @escaping MailWriter,
        open: @escaping @Sendable (Mailbox, _ secret: String?) throws -> any MessageChannel,
        word: @escaping @Sendable () -> String,
        publicURL: String?,
        pagesURL: String? = nil
    ) {
        self.write = write
        self.open = open
        self.word = word
        self.publicURL = publicURL
        self.pagesURL = pagesURL ?? publicURL
    }

    /// The page by which a patient ends e-mails. One click by a program needs an encrypted way (RFC 8058 §3.1).
    public func unsubscribeURL(word: String) -> String? { publicURL.map { $0 + Self.unsubscribePath + word } }

    public static let unsubscribePath = "/abmelden/"
    /// Before the word by which a new password is set.
    public static let resetPath = "/anmelden/neu/"
    public static let callsPath = "/anrufe"
}
