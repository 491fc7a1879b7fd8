import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Looks in the morning, practice by practice, whether something failed that the practice wants to be told of.
public struct ReportPlanner: Service {
    private static let tick = 60.0

    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round()
                try? await Task.sleep(for: .seconds(Self.tick))
            }
        }
    }

    /// One look; several nodes may look at the same time, and one report comes of it.
    public func round() async {
        do {
            for practice in try await world.storage.letters.reporting() {
                guard let day = MorningReportTime.day(practice, now: world.now()),
                    try await !world.storage.letters.hasReport(practice.id, day),
                    try await world.storage.today.report(practice, now: world.now()).isBad
                else { continue }
                try await world.storage.letters.askMorningReport(practice, day, now: world.now())
            }
        } catch {
            world.logger.error("morning reports could not be looked for; trying again", metadata: ["error": "\(error)"])
        }
    }
}
