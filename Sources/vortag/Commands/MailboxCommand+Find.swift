import ArgumentParser
import Channels
import Domain

extension MailboxCommand {
    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Looks up the settings of an address's mail service, to be used with 'mailbox add'.",
            discussion: """
                One line for each that was found, the likeliest first: outgoing server, incoming server, user, how to sign in, \
                who keeps copies, whence it is known. Nothing is sent there.
                """
        )

        @Argument(help: "The e-mail address.") var address: String

        func run() async throws {
            let settings = try await Settings.read()
            let address = try EmailAddress.parse(address, field: "ADDRESS").get()
            let found = await MailServerFinder(loopbackOnly: settings.clock != nil).candidates(for: address)
            guard !found.isEmpty else {
                throw CommandFailure(
                    .unavailable,
                    "No settings were found; the mail service names its servers in its help about IMAP and SMTP."
                )
            }
            Output.table(
                found.map { candidate in
                    [
                        candidate.smtpURL, candidate.imapURL.isEmpty ? "-" : candidate.imapURL, candidate.user,
                        candidate.signIn.rawValue, "copy=" + candidate.sentCopy.rawValue, Self.source(candidate.source),
                    ]
                }
            )
        }

        private static func source(_ source: MailServerCandidate.Source) -> String {
            switch source {
            case .known(let vendor): vendor
            case .mailExchanger(let vendor, let host): "\(vendor) (MX \(host))"
            case .serviceRecord: "SRV"
            case .autoconfig(let url): url
            }
        }
    }
}
