import ArgumentParser
import Domain
import Storage

extension MailboxCommand {
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets e-mails leave by a mailbox.")

        @Argument(help: "Id of the mailbox.") var id: Provider.ID

        func run() async throws { try await MailboxCommand.setEnabled(id, true) }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets no more e-mails leave by a mailbox; those that wait are kept until their latest send time."
        )

        @Argument(help: "Id of the mailbox.") var id: Provider.ID

        func run() async throws { try await MailboxCommand.setEnabled(id, false) }
    }

    private static func setEnabled(_ id: Provider.ID, _ isEnabled: Bool) async throws {
        let installation = try await Installation.open()
        let mailbox = try await installation.mailbox(id)
        guard let practice = mailbox.account.practiceID else { throw StorageError.notFound }
        // One that makes no sense any more can still be switched off.
        let check = isEnabled ? installation.mailboxCheck() : MailboxStore.unchecked
        let changed = try await installation.storage.mailboxes.change(
            id,
            of: practice,
            now: installation.clock.now(),
            edit: { $0.isEnabled = isEnabled },
            check: check
        )
        Output.result(changed.id.description)
    }
}
