import Domain
import Foundation
import Transfer

/// A mailbox's account, read from what was entered. Times in seconds.
struct MailSettings: Sendable {
    let smtp: MailServer
    /// nil where the mailbox has none.
    let imap: MailServer?
    let connections: Int
    let responseTimeout: Duration
    let signIn: SignIn

    /// What we sign in with.
    enum SignIn: Hashable, Sendable {
        /// The servers want nothing.
        case nothing
        case word(MailCredentials)
        /// Tokens are asked for with this.
        case tokens(user: String, OAuthAccount)
    }

    /// - Throws: ``ProviderProblem`` where the settings do not make sense.
    init(_ mailbox: Mailbox, secret: String?, reach: Reach) throws(ProviderProblem) {
        let options = try ProviderOptions(mailbox.account.options, known: MailboxOption.all)
        let certificates = try Self.certificates(options)
        func server(_ url: String, _ field: String, _ example: String) throws(ProviderProblem) -> MailServer {
            guard var server = MailServer(url: url), server.scheme.rawValue.hasPrefix(field) else {
                throw .mailServer(field: field, example: example)
            }
            if reach.excludes(host: server.host) { throw .mailReach(field: field, loopback: reach == .loopbackOnly) }
            server.certificates = certificates
            server.reach = reach
            return server
        }
        smtp = try server(mailbox.account.url, "smtp", "smtps://smtp.example.org or smtp://smtp.example.org:587")
        imap =
            mailbox.imapURL.isEmpty
            ? nil : try server(mailbox.imapURL, "imap", "imaps://imap.example.org or imap://imap.example.org:143")
        connections = try options.integer(MailboxOption.connections, in: 1...10, else: 2)
        responseTimeout = .seconds(try options.integer(MailboxOption.responseTimeout, in: 5...600, else: 60))
        // The engine counts; here they are read so that a wrong one is told at once.
        _ = try options.integer(MailboxOption.perHour, in: 1...1_000_000, else: 1)
        _ = try options.integer(MailboxOption.perDay, in: 1...1_000_000, else: 1)
        _ = try options.word(MailboxOption.sentCopy, else: Mailbox.SentCopy.append)
        if let folder = options.text(MailboxOption.sentFolder), folder.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        {
            throw .option(name: MailboxOption.sentFolder, allowed: "the name of a folder")
        }
        signIn = try Self.signIn(mailbox, options, secret ?? "")
    }

    private static func signIn(
        _ mailbox: Mailbox,
        _ options: ProviderOptions,
        _ secret: String
    ) throws(ProviderProblem) -> SignIn {
        let authentication = try options.word(
            MailboxOption.authentication,
            else: MailCredentials.Authentication.auto
        )
        let user = mailbox.account.user
        guard !(user + secret).utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) || secret.hasPrefix("{")
        else {
            throw .secret("one line")
        }
        if secret.isEmpty {
            guard user.isEmpty, authentication == .auto else { throw .secret("the password or the token") }
            return .nothing
        }
        let name = user.isEmpty ? mailbox.address.value : user
        guard authentication == .xoauth2 else {
            return .word(MailCredentials(user: name, secret: secret, authentication: authentication))
        }
        guard secret.hasPrefix("{") else {
            return .word(MailCredentials(user: name, secret: secret, authentication: .xoauth2))
        }
        return .tokens(user: name, try OAuthAccount(secret))
    }

    private static func certificates(_ options: ProviderOptions) throws(ProviderProblem) -> String? {
        guard let path = options.text(MailboxOption.certificates) else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw .option(
                name: MailboxOption.certificates,
                allowed: "the path of a PEM file that this process can read"
            )
        }
        return path
    }
}
