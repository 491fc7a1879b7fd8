import Domain

/// Finds the settings of a mailbox by its address.
public struct MailServerFinder: Sendable {
    public init(loopbackOnly: Bool) {}

    /// As ``Domain/MailServerFinding``.
    public func candidates(for address: EmailAddress) async -> [MailServerCandidate] { [] }
}
