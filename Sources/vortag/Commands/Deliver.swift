import ArgumentParser
import Database
import Delivery
import ServiceLifecycle
import Storage
import UnixSignals

struct Deliver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hands over all that is due now, waits for the outcomes, and exits; or lets held reminders leave.",
        discussion: """
            Vortag holds reminders back and asks when many of them fell due long before it started, and when the \
            machine's clock has jumped. --resume answers for every practice: what fell due until now may leave, where \
            its latest send time allows. A running 'vortag serve' then sends it, or --once in the same step.
            """
    )

    @Flag(help: "Deliver what is due now, once.") var once = false
    @Flag(help: "Let go on what is held until somebody answers.") var resume = false
    @Option(help: "Seconds to wait for receipts after the last outcome.") var wait = 10.0

    func validate() throws {
        guard once || resume else {
            throw ValidationError("Say --once or --resume; for delivering all the time there is 'vortag serve'.")
        }
        guard (0...3600).contains(wait) else { throw ValidationError("--wait must be from 0 to 3600 seconds.") }
    }

    func run() async throws {
        let installation = try await Installation.open()
        if resume { try await letGo(installation) }
        if once { try await deliver(installation) }
        try installation.driver.close()
    }

    /// Asks first, so that the answer holds for what is due by now, also before anything else was started.
    private func letGo(_ installation: Installation) async throws {
        let world = installation.deliveryEnvironment()
        _ = try await world.gate.isOpen(at: world.now())
        let held = try await installation.storage.holds.resumeAll(now: world.now())
        if held.clock != nil { Output.note("The clock is taken as right; sending goes on.") }
        if held.practices > 0 { Output.note("Overdue reminders may leave now, of practices: \(held.practices).") }
        if held.isEmpty { Output.note("Nothing was held.") }
    }

    /// So long copies for Sent folders are kept, before the command ends.
    private static let copySeconds = 60.0

    private func deliver(_ installation: Installation) async throws {
        let world = installation.deliveryEnvironment()
        await Rescuer(world: world).round(judging: [])
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
        // Neither holds up an e-mail: copies that find no time now, and news, are seen to the next time.
        await SentCopier(world: world).drain(seconds: Self.copySeconds)
        await MailboxReader(world: world).round()
        await ReportPlanner(world: world).round()
        await LetterSender(world: world).round()
        try await installation.storage.holds.endAnswered(now: world.now())
        let held = try await installation.storage.holds.summary()
        if !held.isEmpty { throw CommandFailure(held) }
    }
}
