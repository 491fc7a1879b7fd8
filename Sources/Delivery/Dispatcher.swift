import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Keeps a lane open to each provider, shares out what is due among them, and wakes them when something is.
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
    private let help: HelpFinder
    private var isStopping = false
    /// What falls due later is left to the next time, in work that ends by itself.
    private var dueBy: Date?
    /// Whether unknown outcomes were judged; once in work that ends by itself.
    private var isJudged = false
    private var providersReadAt: Date?
    private var failure: (any Error)?
    /// Providers that cannot be used as they are; told once, not at each look.
    private var unusable: [Provider.ID: Provider] = [:]
    /// How many reminders that nobody can carry are looked at together.
    private static let withoutProvider = 64
    /// How often, at most, it is looked whether channels that can be reached are known to be.
    private static let settlingLooks = 500
    /// Seconds that a provider has to bring what it kept for us, in work that ends by itself.
    private static let keptReceipts = 5.0

    public init(world: DeliveryEnvironment, extent: Extent = .untilShutdown) {
        self.world = world
        self.extent = extent
        help = HelpFinder(world: world)
        if case .untilDrained = extent { dueBy = world.now() }
    }

    /// - Throws: where everything was to be delivered once, and the queue could not be read.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [world, wake] in
                    for await _ in world.storage.queue.planned() { wake.ring() }
                }
                await work()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            Task { await self.stop() }
        }
        if case .untilDrained = extent, let failure { throw failure }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            while !isStopping, !Task.isCancelled {
                await refreshLanes(&group)
                if case .untilDrained(let seconds) = extent {
                    let wasIdle = await isIdle()
                    let isDue = await dispatch() == 0
                    if !isDue, wasIdle {
                        if failure == nil { await awaitReceipts(seconds) }
                        if failure == nil, !isJudged, await judgeUnknown(after: min(seconds, Self.keptReceipts)) {
                            continue
                        }
                        break
                    }
                    await wake.wait(seconds: world.settings.tick)
                } else {
                    let pause = await dispatch()
                    await wake.wait(seconds: pause > 0 ? pause : world.settings.tick)
                }
            }
            for lane in roster.lanes { await lane.stop() }
        }
    }

    private func stop() async {
        isStopping = true
        for lane in roster.lanes { await lane.stop() }
        wake.ring()
    }

    /// Wakes the lanes where something is due. Returns 0 then, and else the seconds until the next look.
    private func dispatch() async -> Double {
        failure = nil
        do {
            let now = world.now()
            guard try await world.gate.isOpen(at: now) else { return world.settings.tick }
            guard let due = try await world.storage.queue.nextDue() else { return world.settings.tick }
            guard due <= min(now, dueBy ?? now) else {
                return min(world.settings.tick, max(0.001, due.timeIntervalSince(now)))
            }
            let (shares, uncarried) = roster.shares(needsHelp: try await help.needed(by: roster, at: now))
            for share in shares { await share.lane.look(share.scopes, isHelped: share.isHelped, dueBy: dueBy) }
            for scope in uncarried { try await settleWithoutProvider(scope) }
            return 0
        } catch {
            failure = error
            world.logger.error("the queue could not be read; trying again", metadata: ["error": "\(error)"])
            await wake.wait(seconds: 1)
            return world.settings.tick
        }
    }

    /// Nobody can carry these: they are skipped or wait, each with its reason.
    private func settleWithoutProvider(_ scope: ClaimScope) async throws {
        while !isStopping, !Task.isCancelled, try await world.gate.isOpen(at: world.now()) {
            let batch = try await world.storage.queue.startDue(
                scope,
                by: nil,
                limit: Self.withoutProvider,
                worker: world.worker,
                now: world.now()
            )
            if batch.looked < Self.withoutProvider { return }
        }
    }

    private func isIdle() async -> Bool {
        for lane in roster.lanes where await lane.load > 0 { return false }
        return true
    }

    /// Unknown outcomes are judged last, when their providers are bound and had time to speak. True where something is
    /// to be sent once more.
    private func judgeUnknown(after seconds: Double) async -> Bool {
        isJudged = true
        guard (try? await world.storage.rescue.hasUnclear()) ?? false else { return false }
        if seconds > 0 { await wake.wait(seconds: seconds) }
        for _ in 0..<Self.settlingLooks where world.channels.isSettling { await wake.wait(seconds: 0.01) }
        let bound = world.channels.bound(since: world.now())
        let resent = await Rescuer(world: world).round(judging: bound).resent
        dueBy = world.now()
        return resent > 0
    }

    private func awaitReceipts(_ seconds: Double) async {
        let end = world.now() + seconds
        while !isStopping, world.now() < end {
            guard (try? await world.storage.queue.awaitsReceipts(at: world.now())) ?? false else { return }
            await wake.wait(seconds: 0.1)
        }
    }
}

extension Dispatcher {
    /// Opens lanes for new providers, and closes those of providers that changed or went.
    private func refreshLanes(_ group: inout DiscardingTaskGroup) async {
        let now = world.now()
        // Also where the clock was set back.
        if let last = providersReadAt, (0..<world.settings.providerTick).contains(now.timeIntervalSince(last)) {
            return
        }
        providersReadAt = now
        do {
            let providers = try await world.storage.providers.connected(now: now)
            let mailboxes = try await world.storage.mailboxes.needed(now: now)
            let change = roster.update(to: providers, mailboxes)
            for lane in change.closed { await lane.stop() }
            for provider in change.missing {
                guard unusable[provider.id] != provider else { continue }
                guard let (lane, channel) = await open(provider, roster.mailbox(provider.id)) else {
                    unusable[provider.id] = provider
                    continue
                }
                roster.add(lane, for: provider)
                group.addTask { await LaneOperation(lane: lane, channel: channel, world: self.world).run() }
                if provider.kind != .mailbox { try await world.storage.queue.wakeWaitingForProvider(at: now) }
            }
        } catch {
            world.logger.error("the providers could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func open(_ provider: Provider, _ mailbox: Mailbox?) async -> (Lane, any MessageChannel)? {
        do {
            let secrets = try await world.storage.providers.secrets(of: provider.id)
            let channel =
                try mailbox.map { try world.mail.open($0, secrets.account) }
                ?? world.makeChannel(provider, secrets)
            // What is to be delivered once is tried once: each reminder gets its outcome.
            let rests = if case .untilShutdown = extent { true } else { false }
            // Only who waits for the end of all work looks each time a lane has none.
            let idle = rests ? Signal() : wake
            return (
                Lane(
                    provider: provider,
                    mailbox: mailbox,
                    channel: channel,
                    world: world,
                    rests: rests,
                    idle: idle
                ),
                channel
            )
        } catch {
            world.logger.error(
                "a provider cannot be used",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
            return nil
        }
    }
}
