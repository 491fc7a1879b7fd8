import Domain

/// What is done over the mailbox's IMAP server, where it has one.
extension MailChannel {
    /// Only messages whose outcome is unknown are asked about: of others Sent tells nothing new.
    public var polling: Polling? { inbox == nil ? nil : Polling(first: 60, longest: 900, batch: 20) }

    public func lookUp(_ message: SentMessage) async -> LookUp { await inbox?.lookUp(message) ?? .notTold }

    public func keepCopy(_ mail: OutgoingMail, isAgain: Bool) async -> CopyOutcome {
        await inbox?.keepCopy(mail, isAgain: isAgain) ?? .failed(detail: Self.noServer)
    }

    public func news(after position: MailboxPosition?) async throws(MailboxTrouble) -> MailboxNews {
        guard let inbox else { throw MailboxTrouble(Self.noServer) }
        return try await inbox.news(after: position)
    }

    /// The folder that takes the copies, as people see it; for a trial of the settings.
    public func sentFolder() async throws(MailboxTrouble) -> String {
        guard let inbox else { throw MailboxTrouble(Self.noServer) }
        return try await inbox.sentFolder()
    }

    private static let noServer = "no IMAP server is entered for this mailbox; enter one for copies and reports"
}
