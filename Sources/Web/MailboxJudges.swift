import Domain

/// What only those know who speak with mail servers.
public struct MailboxJudges: Sendable {
    /// Throws `ProblemList` with the draft's names where the settings make no sense.
    public let check: @Sendable (Mailbox, _ secret: String?) throws -> Void
    public let find: MailServerFinding

    public init(check: @escaping @Sendable (Mailbox, String?) throws -> Void, find: @escaping MailServerFinding) {
        self.check = check
        self.find = find
    }
}
