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

    /// What the channels make of a mailbox's settings, told as a problem of one of its fields.
    func mailboxCheck() -> MailboxStore.Check {
        let factory = channelFactory()
        return { mailbox, secret in
            guard let problem = factory.problem(of: mailbox, secret) else { return }
            var sending = mailbox
            sending.imapURL = ""
            let isOfSending = mailbox.imapURL.isEmpty || factory.problem(of: sending, secret) != nil
            throw ProblemList(problem.ofMailbox(isOfSending ? "smtp" : "imap"))
        }
    }
}

extension ChannelFactory {
    fileprivate func problem(of mailbox: Mailbox, _ secret: String?) -> ProviderProblem? {
        do throws(ProviderProblem) {
            _ = try channel(for: mailbox, secret: secret)
            return nil
        } catch {
            return error
        }
    }
}
