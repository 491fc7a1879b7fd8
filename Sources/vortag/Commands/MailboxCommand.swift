import ArgumentParser
import Channels
import Domain
import Foundation
import Storage

struct MailboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mailbox",
        abstract: "E-mail accounts from which practices' e-mails leave.",
        subcommands: [Add.self, List.self, Find.self, Test.self, Enable.self, Disable.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds the mailbox of a practice, or of one practitioner, and prints its id."
        )

        @Option(help: "Id of the practice.") var practice: Practice.ID
        @Option(help: "Id of the practitioner whose appointments' e-mails leave by it; left out: those of all others.")
        var practitioner: Practitioner.ID?
        @Option(help: "The e-mail address that the e-mails come from.") var address: String
        @Option(help: "Outgoing server: smtps://HOST:465 is TLS, smtp://HOST:587 is STARTTLS.") var smtp: String
        @Option(help: "Incoming server: imaps://HOST:993 or imap://HOST:143; left out: no copies, no bounces.")
        var imap = ""
        @Option(help: "User; left out: the address.") var user = ""
        @Option(help: "File whose first line is the password.") var secretFile: String?
        @Option(name: .customLong("name"), help: "Name beside the address; left out: the practice's.")
        var displayName = ""
        @Option(help: "Address for answers; left out: the same.") var replyTo = ""
        @Option(
            name: .customLong("option"),
            help: ArgumentHelp("KEY=VALUE, as often as needed: \(MailboxOption.all.joined(separator: ", ")).")
        )
        var options: [String] = []
        @Flag(help: "Carries nothing until 'mailbox enable'.") var off = false

        func run() async throws {
            let secret = try secretFile.map(SecretFile.read)
            let installation = try await Installation.open(needsKey: secret != nil)
            var draft = MailboxDraft()
            draft.address = address
            draft.displayName = displayName
            draft.replyTo = replyTo
            draft.smtp = smtp
            draft.imap = imap
            draft.user = user
            draft.secret = secret ?? ""
            draft.practitionerID = practitioner.map(\.description) ?? ""
            draft.options = try OptionList.parsed(options)
            draft.isEnabled = !off
            let mailbox = try await installation.storage.mailboxes.add(
                draft,
                practice: practice,
                now: installation.clock.now(),
                check: installation.mailboxCheck()
            )
            Output.result(mailbox.id.description)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the mailboxes: id, practice, for whom, how it does, when it was last read, address."
        )

        @Option(help: "Id of the practice; left out: all.") var practice: Practice.ID?

        func run() async throws {
            let storage = try await Installation.open().storage
            if let practice { _ = try await storage.practices.find(practice) }
            let mailboxes = try await storage.mailboxes.all().filter {
                practice == nil || $0.account.practiceID == practice
            }
            let health = try await storage.health.all()
            let standings = try await storage.mailboxes.standings(of: practice)
            Output.table(
                mailboxes.map { mailbox in
                    let standing = standings[mailbox.id]
                    let isUnread = standing.map { !$0.trouble.isEmpty } ?? false
                    let state = isUnread ? "unreadable" : health[mailbox.id]?.state.rawValue ?? "-"
                    return [
                        mailbox.id.description, mailbox.account.practiceID.map { "practice \($0)" } ?? "-",
                        mailbox.practitionerID.map { "practitioner \($0)" } ?? "all",
                        mailbox.account.isEnabled ? state : "off",
                        standing?.readAt.map { RFC3339.format($0, offsetSeconds: 0) } ?? "-", mailbox.address.value,
                    ]
                }
            )
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends one e-mail from a mailbox and shows each step."
        )

        @Argument(help: "Id of the mailbox.") var id: Provider.ID
        @Option(help: "E-mail address to send to.") var to: String

        func run() async throws {
            let installation = try await Installation.open()
            let mailbox = try await installation.mailbox(id)
            try await MailboxTrial(installation: installation, mailbox: mailbox).run(to: to)
        }
    }
}

/// A file whose first line is a secret, so that none stands in the list of processes or the shell's history.
enum SecretFile {
    static func read(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure(.data, "--secret-file: \(path) cannot be read")
        }
        return String(text.prefix { !$0.isNewline })
    }
}

/// Options of the form KEY=VALUE.
enum OptionList {
    static func parsed(_ options: [String]) throws -> [String: String] {
        var parsed: [String: String] = [:]
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw CommandFailure(.data, "--option \(option): write it as KEY=VALUE") }
            parsed[parts[0]] = parts[1]
        }
        return parsed
    }
}
