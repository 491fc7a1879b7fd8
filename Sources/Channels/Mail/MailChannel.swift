import Domain
import Foundation
import Logging
import Transfer

/// A mailbox: its e-mails leave by its SMTP server. What is done over its IMAP server stands in `MailChannel+IMAP`.
public final class MailChannel: MessageChannel {
    let settings: MailSettings
    let logger: Logger
    private let smtp: SMTPClient
    private let tokens: OAuthTokens?
    /// nil where the mailbox has no IMAP server.
    let inbox: IMAPMailbox?

    /// - Parameters:
    ///   - mailbox: for what is done over its IMAP server.
    ///   - now: what the life of a token is measured with.
    ///   - date: what the age of an attempt is measured with.
    init(
        _ settings: MailSettings,
        of mailbox: Mailbox,
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        date: @escaping @Sendable () -> Date
    ) {
        self.settings = settings
        self.logger = logger
        let signIn = settings.signIn
        let tokens: OAuthTokens? =
            if case .tokens(_, let account) = signIn {
                OAuthTokens(account, reach: settings.smtp.reach, now: now)
            } else { nil }
        self.tokens = tokens
        var configuration = SMTPClient.Configuration(server: settings.smtp)
        configuration.connections = settings.connections
        configuration.endTimeout = settings.responseTimeout
        configuration.replyTimeout = min(settings.responseTimeout, configuration.replyTimeout)
        smtp = SMTPClient(configuration) { () throws(CredentialProblem) in
            try await Self.credentials(signIn, tokens)
        }
        inbox = settings.imap.map { server in
            IMAPMailbox(mailbox, server: server, responseTimeout: settings.responseTimeout, logger: logger, now: date) {
                () throws(MailFailure) in
                do throws(CredentialProblem) { return try await Self.credentials(signIn, tokens) } catch {
                    throw MailFailure(error)
                }
            } refused: {
                await tokens?.forget()
            }
        }
    }

    public var window: Int { settings.connections }
    public var rate: Double? { nil }
    public let isBound = true
    /// E-mail tells of what was not delivered, never of what was.
    public let reportsDelivery = false

    public func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        _ = await report(.bound)
        // Connections are opened as they are needed; whoever runs this ends it.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        await smtp.close()
        await inbox?.close()
    }

    public func send(_ message: OutgoingMessage) async -> SendOutcome {
        guard let mail = message.mail else { return .refused(.providerError, detail: "carries e-mails only") }
        guard let sender = Self.envelope(mail.sender), let recipient = Self.envelope(mail.recipient) else {
            return .refused(.providerError, detail: "an address whose domain cannot be written")
        }
        let result = await smtp.send(SMTPMessage(sender: sender, recipient: recipient, bytes: mail.bytes))
        if case .noConnection(let failure) = result { await forgetToken(failure) }
        return SendOutcome(result, name: mail.name)
    }

    public func signIn() async -> SendOutcome? {
        do throws(SMTPClient.SignInProblem) {
            try await smtp.signIn()
            return nil
        } catch {
            switch error {
            case .connection(let failure):
                await forgetToken(failure)
                return .noConnection(failure)
            case .credentials(let problem): return .noCredentials(problem)
            }
        }
    }

    private static func credentials(
        _ signIn: MailSettings.SignIn,
        _ tokens: OAuthTokens?
    ) async throws(CredentialProblem) -> MailCredentials? {
        switch signIn {
        case .nothing: return nil
        case .word(let credentials): return credentials
        case .tokens(let user, _):
            guard let tokens else { return nil }
            return MailCredentials(user: user, secret: try await tokens.token(), authentication: .xoauth2)
        }
    }

    /// A token that was refused before its time is not used again.
    func forgetToken(_ failure: MailFailure) async {
        guard failure.cause == .authenticationRefused, let tokens else { return }
        await tokens.forget()
    }

    /// The domain in the spelling that every server knows (RFC 5890 §2.3.2.1); nil where it has none.
    private static func envelope(_ address: EmailAddress) -> String? {
        let ascii = MailAddressForm.ascii(address.value)
        let domain = ascii.split(separator: "@").last ?? ""
        return domain.utf8.allSatisfy { $0 < 0x80 } ? ascii : nil
    }
}

extension ChannelFactory {
    /// - Throws: ``ProviderProblem`` where the mailbox's settings do not make sense.
    public func channel(for mailbox: Mailbox, secret: String?) throws(ProviderProblem) -> any MessageChannel {
        let settings = try MailSettings(mailbox, secret: secret, reach: reach(of: mailbox.account))
        return MailChannel(settings, of: mailbox, logger: logger, date: now)
    }
}
