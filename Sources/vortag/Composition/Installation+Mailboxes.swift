import Channels
import Domain
import Storage

extension Installation {
    /// - Throws: ``CommandFailure`` where there is none of this id.
    func mailbox(_ id: Provider.ID) async throws -> Mailbox {
        do { return try await storage.mailboxes.find(id) } catch StorageError.notFound {
            throw CommandFailure(.data, "ID: there is no mailbox with this id; look with 'vortag mailbox list'")
        }
    }

    /// Looks up the settings of mail services; while the clock is set, nobody is asked.
    func mailServerFinding() -> MailServerFinding { MailServerFinder(loopbackOnly: clock.isSet).candidates }

    /// What the channels make of a mailbox's settings, told as a problem of one of its fields.
    func mailboxCheck() -> MailboxStore.Check {
        let factory = channelFactory()
        return { mailbox, secret in
            do { _ = try factory.channel(for: mailbox, secret: secret) } catch let problem as ProviderProblem {
                throw ProblemList(problem.ofMailbox)
            }
        }
    }
}
