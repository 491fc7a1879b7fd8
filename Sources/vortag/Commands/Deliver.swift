import ArgumentParser
import Database
import Delivery
import ServiceLifecycle
import UnixSignals

struct Deliver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hands over all that is due now, waits for the outcomes, and exits."
    )

    @Flag(help: "Required: deliver what is due now, once.") var once = false
    @Option(help: "Seconds to wait for receipts after the last outcome.") var wait = 10.0

    func validate() throws {
        guard once else { throw ValidationError("Say --once; for delivering all the time there is 'vortag serve'.") }
        guard (0...3600).contains(wait) else { throw ValidationError("--wait must be from 0 to 3600 seconds.") }
    }

    func run() async throws {
        let installation = try await Installation.open()
        let world = installation.deliveryEnvironment()
        await Rescuer(world: world).round()
        let dispatcher = Dispatcher(world: world, extent: .untilDrained(receiptSeconds: wait))
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: dispatcher,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: installation.logger
            )
        )
        try await group.run()
        try installation.driver.close()
    }
}
