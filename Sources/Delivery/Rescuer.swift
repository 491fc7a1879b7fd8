import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Picks up, round after round, what lost workers and silent providers left behind.
public struct Rescuer: Service {
    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round(judging: judgedProviders)
                try? await Task.sleep(for: .seconds(world.settings.rescueTick))
            }
        }
    }

    /// Those whose kept receipts had the time to come; and those that stayed away for the whole window while another
    /// provider can be reached: what they would have to say comes too late for the patient.
    private var judgedProviders: [Provider.ID] {
        let now = world.now()
        return world.channels.bound(since: now - min(world.settings.bindGrace, world.settings.evidenceWindow))
            + world.channels.away(since: now - world.settings.evidenceWindow, now: now)
    }

    /// One round; what fails is tried again in the next.
    ///
    /// - Parameter providers: whose unknown outcomes are judged; nil for all.
    @discardableResult
    public func round(judging providers: [Provider.ID]? = nil) async -> RescueReport {
        do {
            guard try await world.gate.isOpen(at: world.now()) else { return RescueReport() }
            try await world.storage.holds.endAnswered(now: world.now())
            let report = try await world.storage.rescue.round(
                now: world.now(),
                lease: world.settings.lease,
                evidenceWindow: world.settings.evidenceWindow,
                judging: providers
            )
            let instead = try await world.storage.fallback.round(now: world.now())
            if instead > 0 {
                world.logger.notice("reminders go by the other channel", metadata: ["count": "\(instead)"])
            }
            if report.isEmpty { return report }
            world.logger.notice(
                "outcomes settled afterwards",
                metadata: [
                    "orphaned": "\(report.orphaned)", "resent": "\(report.resent)",
                    "unresolved": "\(report.unresolved)", "expired": "\(report.expired)",
                    "matched": "\(report.matched)",
                ]
            )
            return report
        } catch {
            world.logger.error("lost attempts could not be looked for", metadata: ["error": "\(error)"])
            return RescueReport()
        }
    }
}
