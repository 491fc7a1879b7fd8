import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Claims what is due and gives it to the lanes of the providers.
public actor Dispatcher: Service {
    /// When the work is over.
    public enum Extent: Sendable {
        /// With the process.
        case untilShutdown
        /// Once nothing is due and nothing is on its way; receipts are awaited for so many seconds more.
        case untilDrained(receiptSeconds: Double)
    }

    private let world: DeliveryEnvironment
    private let extent: Extent
    private let wake = Signal()
    private var roster = LaneRoster()
    private var isStopping = false
    private var providersReadAt: Date?
    private var failure: (any Error)?
    /// Providers that cannot be used as they are; told once, not at each look.
    private var unusable: [Provider.ID: Provider] = [:]
    /// How many reminders that nobody can carry are looked at together.
    private static let withoutProvider = 256

    public init(world: DeliveryEnvironment, extent: Extent = .untilShutdown) {
        self.world = world
        self.extent = extent
    }

    /// - Throws: where everything was to be delivered once, and the queue could not be read.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !isStopping, !Task.isCancelled {
                    await refreshLanes(&group)
                    let wasIdle = await isIdle()
                    let claimed = await dispatch()
                    if case .untilDrained(let seconds) = extent, claimed == 0, wasIdle {
                        if failure == nil { await awaitReceipts(seconds) }
                        break
                    }
                    if claimed == 0 { await wake.wait(seconds: world.settings.tick) }
                }
                for lane in roster.lanes { await lane.stop() }
            }
        } onGracefulShutdown: {
            Task { await self.stop() }
        }
        if case .untilDrained = extent, let failure { throw failure }
    }

    private func stop() async {
        isStopping = true
        for lane in roster.lanes { await lane.stop() }
        wake.ring()
    }

    /// Claims for each lane as much as it has room for, and tells how many claims it was.
    private func dispatch() async -> Int {
        var count = 0
        failure = nil
        do {
            let now = world.now()
            guard try await world.storage.queue.hasDue(at: now) else { return 0 }
            for (lane, scope) in roster.scopes {
                let room = await lane?.room ?? Self.withoutProvider
                guard room > 0 else { continue }
                let claims = try await world.storage.queue.claimDue(
                    scope,
                    at: now,
                    limit: room,
                    lease: world.settings.lease,
                    token: world.token
                )
                count += claims.count
                if let lane { await lane.offer(claims) } else { try await settleWithoutProvider(claims) }
            }
        } catch {
            failure = error
            world.logger.error("the queue could not be read; trying again", metadata: ["error": "\(error)"])
            await wake.wait(seconds: 1)
        }
        return count
    }

    /// Nobody can carry these: they are skipped or wait, each with its reason.
    private func settleWithoutProvider(_ claims: [Claim]) async throws {
        for start in stride(from: 0, to: claims.count, by: 64) {
            let ids = claims[start..<min(start + 64, claims.count)].map(\.id)
            _ = try await world.storage.queue.start(ids, provider: nil, token: world.token, now: world.now())
        }
    }

    /// Opens lanes for new providers, and closes those of providers that changed or went.
    private func refreshLanes(_ group: inout DiscardingTaskGroup) async {
        let now = world.now()
        if let last = providersReadAt, now.timeIntervalSince(last) < world.settings.providerTick { return }
        providersReadAt = now
        do {
            let change = roster.update(to: try await world.storage.providers.all())
            for lane in change.closed { await lane.stop() }
            for provider in change.missing {
                guard unusable[provider.id] != provider else { continue }
                guard let (lane, channel) = await open(provider) else {
                    unusable[provider.id] = provider
                    continue
                }
                roster.add(lane, for: provider)
                group.addTask { await self.operate(lane, channel) }
                try await world.storage.queue.wakeWaitingForProvider(at: now)
            }
        } catch {
            world.logger.error("the providers could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func open(_ provider: Provider) async -> (Lane, any MessageChannel)? {
        do {
            let secret = try await world.storage.providers.secret(of: provider.id)
            let channel = try world.makeChannel(provider, secret)
            return (Lane(provider: provider, channel: channel, world: world, idle: wake), channel)
        } catch {
            world.logger.error(
                "a provider cannot be used",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
            return nil
        }
    }

    /// Keeps a lane and its connection going; the connection ends after the lane.
    private func operate(_ lane: Lane, _ channel: any MessageChannel) async {
        let intake = ReceiptIntake(provider: lane.provider.id, world: world)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [world] in
                while !Task.isCancelled {
                    do {
                        try await channel.run { event in
                            switch event {
                            case .receipt(let receipt): await intake.store(receipt)
                            case .bound, .lateAnswer: true
                            }
                        }
                        return
                    } catch is CancellationError {
                        return
                    } catch {
                        world.logger.error(
                            "a connection ended; opening it again",
                            metadata: ["provider": "\(lane.provider.id)", "error": "\(error)"]
                        )
                        try? await Task.sleep(for: .seconds(world.settings.providerTick))
                    }
                }
            }
            await lane.run()
            group.cancelAll()
        }
    }

    private func isIdle() async -> Bool {
        for lane in roster.lanes where await lane.load > 0 { return false }
        return true
    }

    private func awaitReceipts(_ seconds: Double) async {
        let end = world.now() + seconds
        while !isStopping, world.now() < end {
            guard (try? await world.storage.queue.awaitsReceipts(at: world.now())) ?? false else { return }
            await wake.wait(seconds: 0.1)
        }
    }
}
