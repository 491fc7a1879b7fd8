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
            resources: try Resources.folder()
        )
    }

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
