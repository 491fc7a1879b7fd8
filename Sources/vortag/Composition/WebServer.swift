import Channels
import Domain
import Foundation
import Hummingbird
import ServiceLifecycle
import Web

/// Pages and interface, composed.
struct WebServer {
    private let installation: Installation
    private let services: WebServices

    init(_ installation: Installation) throws {
        self.installation = installation
        services = WebServices(
            storage: installation.storage,
            catalogue: try Resources.catalogue(),
            now: installation.clock.now,
            random: Entropy.bytes,
            logger: installation.logger,
            publicURL: installation.settings.publicURL,
            clockIsSet: installation.clock.isSet,
            support: installation.settings.support,
            resources: try Resources.folder(),
            providers: Self.judges(installation.channelFactory()),
            mailboxes: MailboxJudges(check: installation.mailboxCheck(), find: installation.mailServerFinding())
        )
    }

    /// What is wrong with an account is told as a problem of a form's field.
    private static func judges(_ factory: ChannelFactory) -> ProviderJudges {
        ProviderJudges(
            check: { provider, secret in
                do { _ = try factory.channel(for: provider, secret: secret) } catch let error as ProviderProblem {
                    throw ProblemList(FieldProblem(error.field, .providerUnusable, ["reason": error.advice]))
                }
            },
            verifyHook: { provider, secret, call in factory.verifyHook(provider, secret: secret, call) }
        )
    }

    /// Every page, and who may open it: method, path, role.
    func pages() throws -> [PageRoute] { try pageTable(services) }

    func service() throws -> any Service {
        Application(
            router: try buildRouter(services),
            configuration: .init(
                address: .hostname(installation.settings.httpHost, port: installation.settings.httpPort),
                serverName: nil
            ),
            logger: installation.logger
        )
    }
}
