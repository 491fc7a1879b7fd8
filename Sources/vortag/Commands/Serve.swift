import ArgumentParser
import Database
import Delivery
import Foundation
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the pages and the JSON interface, and delivers, until it is told to stop."
    )

    enum Role: String, ExpressibleByArgument, CaseIterable {
        case all, web, delivery
    }

    @Option(help: "What this process does: all, web or delivery.") var role = Role.all

    func run() async throws {
        // Accounts of providers are entered on a page, too.
        let installation = try await Installation.open(wantsKey: role != .delivery)
        var services: [any Service] = []
        if installation.clock.isFollowing {
            services.append(
                ClockKeeper(clock: installation.clock, driver: installation.driver, logger: installation.logger)
            )
        }
        if role != .web {
            let world = installation.deliveryEnvironment()
            services += [
                Dispatcher(world: world), Rescuer(world: world), Cleaner(world: world), TrialRunner(world: world),
                SentCopier(world: world), MailboxReader(world: world), ReportPlanner(world: world),
                LetterSender(world: world),
            ]
        }
        if role != .delivery {
            try PortCheck.mustBeFree(installation.settings.httpHost, installation.settings.httpPort)
            services.append(try WebServer(installation).service())
            Output.note("Vortag: http://\(installation.settings.httpHost):\(installation.settings.httpPort)")
        }
        if installation.clock.isSet {
            Output.note("VORTAG_CLOCK is set: this process's clock shows \(installation.clock.now()).")
        }
        let group = ServiceGroup(
            configuration: .init(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: installation.logger
            )
        )
        try await group.run()
        try installation.driver.close()
    }
}
