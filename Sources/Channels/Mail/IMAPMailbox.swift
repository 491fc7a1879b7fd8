import Domain
import Foundation
import Logging
import Transfer

/// A mailbox as it is reached over IMAP: the copy in Sent, the search for it, and reports in the inbox.
struct IMAPMailbox: Sendable {
    /// What such folders are called where the server does not mark one: in English and in German, as the common programs
    /// and vendors here name them.
    static let commonSentFolders = [
        "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Gesendete Objekte", "Gesendete Elemente",
        "Gesendete Nachrichten", "Gesendete E-Mails", "Gesendete Mails",
    ]
    /// An attempt that is younger may still be on its way into the folder.
    private static let settling: TimeInterval = 300

    private let client: IMAPClient
    private let sentCopy: Mailbox.SentCopy
    private let id: Provider.ID
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let refused: @Sendable () async -> Void

    /// - Parameter refused: called when the server refuses what we sign in with.
    init(
        _ mailbox: Mailbox,
        server: MailServer,
        responseTimeout: Duration,
        logger: Logger,
        now: @escaping @Sendable () -> Date,
        credentials: @escaping @Sendable () async throws(MailFailure) -> MailCredentials?,
        refused: @escaping @Sendable () async -> Void
    ) {
        var configuration = IMAPClient.Configuration(server: server)
        configuration.responseTimeout = responseTimeout
        configuration.sentFolder = mailbox.account.options[MailboxOption.sentFolder]
        configuration.commonSentFolders = Self.commonSentFolders
        configuration.headerFields = ReportFields.names
        client = IMAPClient(configuration, credentials: credentials)
        sentCopy = mailbox.sentCopy
        id = mailbox.id
        self.logger = logger
        self.now = now
        self.refused = refused
    }

    /// What to say of a failure; a token that was refused before its time is forgotten.
    private func detail(_ failure: IMAPFailure) async -> String {
        if case .connection(let connection) = failure.cause, connection.cause == .authenticationRefused {
            await refused()
        }
        return failure.description
    }

    /// As ``MessageChannel/keepCopy(_:isAgain:)``. It never has to do with sending.
    func keepCopy(_ mail: OutgoingMail, isAgain: Bool) async -> CopyOutcome {
        do throws(IMAPFailure) {
            try await client.keepCopy(mail.bytes, unlessThereIs: isAgain ? mail.name : nil)
            return .kept
        } catch {
            return .failed(detail: await detail(error))
        }
    }

    /// As ``MessageChannel/lookUp(_:)``. That a message is missing is evidence only where the server keeps the copies by
    /// itself, has had the time for it, and is known to leave the names of messages as they are.
    func lookUp(_ message: SentMessage) async -> LookUp {
        do throws(IMAPFailure) {
            switch try await client.searchSent(message.reference) {
            case .found: return .found(ProviderReference(raw: message.reference))
            case .missing:
                let age = now().timeIntervalSince(message.startedAt)
                return sentCopy == .server && age > Self.settling ? .absent : .notTold
            case .unproven: return .notTold
            }
        } catch {
            _ = await detail(error)
            return .notTold
        }
    }

    /// As ``MessageChannel/news(after:)``.
    func news(after position: MailboxPosition?) async throws(MailboxTrouble) -> MailboxNews {
        let reading: InboxReading
        do throws(IMAPFailure) {
            reading = try await client.readInbox(
                after: position.map { InboxPosition(validity: $0.validity, next: $0.next) },
                isWanted: ReportFields.mayBeReport
            )
        } catch {
            throw MailboxTrouble(await detail(error))
        }
        if reading.isRenumbered {
            logger.notice("mailbox renumbered its messages, reading begins at the present end", metadata: about)
        }
        if reading.passedOver > 0 {
            logger.warning("messages of the mailbox that cannot be read were passed over", metadata: about)
        }
        return MailboxNews(
            position: MailboxPosition(validity: reading.position.validity, next: reading.position.next),
            reports: reading.messages.flatMap { BounceReader.reports(in: $0) },
            hasMore: reading.hasMore
        )
    }

    /// The folder that takes the copies, as people see it; for a trial of the settings.
    func sentFolder() async throws(MailboxTrouble) -> String {
        do throws(IMAPFailure) { return try await client.sentFolderName() } catch {
            throw MailboxTrouble(await detail(error))
        }
    }

    func close() async { await client.close() }

    private var about: Logger.Metadata { ["mailbox": "\(id)"] }
}
