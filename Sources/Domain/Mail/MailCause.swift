/// Why a mail server did not do what it was asked for, as far as its answer tells. Each has a sentence of the catalogue
/// that says what to do (`mailbox.cause.…`), since what servers say is English and for engineers.
public enum MailCause: String, CaseIterable, Sendable {
    /// User or password is wrong.
    case credentials
    /// The account asks for a password that is made for programs (app password).
    case appPassword = "app_password"
    /// The account's owner has not allowed programs to send (SMTP AUTH, IMAP).
    case programsOff = "programs_off"
    case certificateExpired = "certificate_expired"
    /// The certificate is for another name than the one that was entered.
    case certificateName = "certificate_name"
    case certificateUntrusted = "certificate_untrusted"
    /// The server offers no encryption at this port.
    case noEncryption = "no_encryption"
    /// The server offers no way to sign in that we know.
    case noSignIn = "no_sign_in"
    /// There is no server of this name.
    case unknownHost = "unknown_host"
    case unreachable
    /// The IMAP server cannot be reached; sending is another matter.
    case incoming
    /// The server's address lies where this installation lets nobody connect to.
    case outOfReach = "out_of_reach"
    /// It does not work at present, for a reason of the server's own.
    case notNow = "not_now"
    /// The account may not send from this address.
    case sender
    case recipient
    /// It took the message for unwanted, or refuses our address.
    case unwanted
    /// The account has sent as many as it may, or too fast.
    case limit
    /// The mailbox has no room left.
    case full
    /// There is no Sent folder where the server or the option says.
    case sentFolder = "sent_folder"
    /// The copy did not succeed for another reason.
    case copy
    /// What comes back cannot be read for another reason.
    case unread
    /// No answer in time; what was sent may have left.
    case unanswered
    case interrupted
    case other

    /// Reads what a channel said of a failure: codes of RFC 3463 and RFC 4954, and the words that servers and TLS use.
    ///
    /// - Parameter detail: the server's words, with or without words of the engine's before them.
    public init(_ detail: String) {
        let words = detail.lowercased()
        // A code is compared whole: 5.1.1 is no part of 5.1.10.
        let codes = Set(words.split { !($0.isNumber || $0 == ".") }.map { $0.trimmingDots() })
        self =
            Self.signs.first { sign in
                sign.words.contains { $0.isCode ? codes.contains($0) : words.contains($0) }
            }?.cause ?? .other
    }

    /// The first that is found counts: what our own channels say stands before what servers say, and what is exact before
    /// what is general.
    private static let signs: [(cause: MailCause, words: [String])] = ours + servers

    private static let ours: [(cause: MailCause, words: [String])] = [
        (.certificateExpired, ["certificate has expired", "certificate is not valid yet"]),
        (.certificateName, ["certificate is for another name"]),
        (.certificateUntrusted, ["certificate comes from no authority", "file of certificates"]),
        (.noEncryption, ["offers no starttls", "no protected connection", "the server says nothing"]),
        (.noSignIn, ["offers no sign-in that fits"]), (.unknownHost, ["name was not found"]),
        (.outOfReach, ["is not allowed on this installation"]),
        (.incoming, ["imap: the server does not take the connection", "imap: the server does not answer"]),
        (.unreachable, ["does not take the connection", "the server does not answer"]),
        (
            .notNow,
            [
                "at present", "before we were signed in", "finish the sign-in in time", "does not want to speak to us",
                "imap: no answer in time", "the server closed the connection", "the server refuses this",
            ]
        ),
    ]

    private static let servers: [(cause: MailCause, words: [String])] = [
        (
            .appPassword,
            ["5.7.9", "application-specific", "app-specific", "app password is required", "app password required"]
        ),
        (
            .programsOff,
            ["5.7.139", "smtpclientauthentication is disabled", "authentication is disabled", "imap is disabled"]
        ),
        (
            .credentials,
            [
                "refuses user and password", "535", "5.7.8", "authenticationfailed", "authentication failed",
                "login denied", "invalid credentials", "invalid_grant",
            ]
        ), (.sentFolder, ["no sent folder", "the folder is not there", "trycreate", "nonexistent"]),
        (
            .limit,
            [
                "4.7.28", "5.4.5", "4.5.3", "too many", "rate limit", "limit exceeded", "sending limit",
                "limits are reached",
            ]
        ),
        (.full, ["overquota", "4.2.2", "5.2.2", "mailbox full", "mailbox is full", "over quota"]),
        (
            .sender,
            [
                "sender address rejected", "not owned by user", "5.7.60", "sendasdenied", "5.1.7", "5.1.8", "4.1.8",
                "5.7.27", "sender not allowed", "not allowed to send",
            ]
        ),
        (
            .recipient,
            ["recipient address rejected", "user unknown", "no such user", "5.1.1", "5.1.2", "5.1.3", "5.1.10"]
        ), (.unanswered, ["after the message had left"]),
        (.notNow, ["before the message had left"]), (.credentials, ["account is refused", "530", "534", "5.7.0"]),
        (.limit, ["takes no more"]),
        (.unanswered, ["no answer", "outcome unknown"]), (.interrupted, ["interrupted", "stopped"]),
        (.unwanted, ["refused:", "spam", "5.7.1", "5.7.25", "5.7.26", "blocked"]),
        (.unreachable, ["not reached", "not connected", "timed out"]), (.copy, ["no copy in the sent folder"]),
        (.unread, ["the mailbox cannot be read"]), (.unwanted, ["refused"]),
    ]
}

extension StringProtocol {
    fileprivate var isCode: Bool { allSatisfy { $0.isNumber || $0 == "." } }

    fileprivate func trimmingDots() -> String { split(separator: ".").joined(separator: ".") }
}
