import Domain
import Foundation
import Logging
import Storage

/// The way to one provider: starts attempts as its window frees, hands them over, notes what became of them.
actor Lane {
    let provider: Provider
    private let channel: any MessageChannel
    private let world: DeliveryEnvironment
    private let outcomes: Batcher<AttemptOutcome>
    private let signal = Signal()
    private let idle: Signal
    private var pending: [(claim: Claim, at: Date)] = []
    private var inFlight = 0
    private var unnoted = 0
    private var pace: Pace
    private var isStopping = false

    /// - Parameter idle: rung each time the lane could take more.
    init(provider: Provider, channel: any MessageChannel, world: DeliveryEnvironment, idle: Signal) {
        self.provider = provider
        self.channel = channel
        self.world = world
        self.idle = idle
        pace = Pace(rate: channel.rate)
        outcomes = Batcher(limit: 1000) { [storage = world.storage] batch in
            try await storage.queue.note(batch)
        }
    }

    /// Claims that wait, are on their way, or whose outcome is not on record yet.
    var load: Int { pending.count + inFlight + unnoted }

    func offer(_ claims: [Claim]) {
        let now = world.now()
        pending += claims.map { ($0, now) }
        signal.ring()
    }

    /// No new attempts; those on their way are waited for, the rest is let go.
    func stop() {
        isStopping = true
        signal.ring()
    }

    /// Works until it is stopped and nothing is on its way any more.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !isStopping, !Task.isCancelled {
                let room = channel.window - inFlight
                guard !pending.isEmpty, room >= min(pending.count, max(1, channel.window / 2)) else {
                    await signal.wait(seconds: 1)
                    continue
                }
                let count = pace.take(upTo: min(room, pending.count), at: world.now())
                guard count > 0 else {
                    await signal.wait(seconds: pace.pause)
                    continue
                }
                for attempt in await startNext(count) {
                    group.addTask { await self.handOver(attempt) }
                }
            }
            await letGo(pending.map(\.claim.id))
            pending = []
        }
    }

    /// Puts the next attempts on record. Claims older than half their lease are let go instead: their worker was slow,
    /// and another may take them on.
    private func startNext(_ count: Int) async -> [StartedAttempt] {
        let now = world.now()
        let next = pending.prefix(count)
        pending.removeFirst(next.count)
        let fresh = next.filter { now.timeIntervalSince($0.at) < world.settings.lease / 2 }.map(\.claim.id)
        let stale = next.filter { now.timeIntervalSince($0.at) >= world.settings.lease / 2 }.map(\.claim.id)
        await letGo(stale)
        guard !fresh.isEmpty else { return [] }
        // Counted as on their way from here on, so that the lane never looks idle in between.
        inFlight += fresh.count
        do {
            let started = try await world.storage.queue.start(
                fresh,
                provider: provider.id,
                expectsReceipts: channel.reportsDelivery,
                token: world.token,
                now: now
            )
            inFlight -= fresh.count - started.count
            if pending.count < channel.window { idle.ring() }
            return started
        } catch {
            inFlight -= fresh.count
            world.logger.error(
                "attempts could not be put on record; nothing was sent",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
            return []
        }
    }

    private func handOver(_ attempt: StartedAttempt) async {
        let outcome = await channel.send(attempt.message)
        inFlight -= 1
        unnoted += 1
        defer { unnoted -= 1 }
        signal.ring()
        let now = world.now()
        let next = RetryPolicy.next(outcome, attempt: attempt.number, now: now, jitter: world.random())
        let noted = await outcomes.add(
            AttemptOutcome(attempt: attempt, provider: provider.id, outcome: outcome, next: next, at: now)
        )
        if !noted {
            // The attempt stays without an outcome and is picked up as unknown when its lease has passed.
            world.logger.error("an outcome could not be noted", metadata: ["message": "\(attempt.message.id)"])
        }
        if pending.isEmpty { idle.ring() }
    }

    private func letGo(_ ids: [Reminder.ID]) async {
        guard !ids.isEmpty else { return }
        do {
            try await world.storage.queue.release(ids, token: world.token)
        } catch {
            world.logger.warning(
                "claims could not be released; their lease ends by itself",
                metadata: ["error": "\(error)"]
            )
        }
    }
}
