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
    private var throughput = Throughput()
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

    /// How many more claims it can take on: never more in all than a third of a lease is enough to hand over.
    var room: Int {
        let seconds = world.settings.lease / 3
        let most =
            if let rate = channel.rate {
                max(1, Int(rate * seconds))
            } else {
                max(2 * channel.window, Int((throughput.perSecond ?? 0) * seconds))
            }
        return max(0, min(most, world.settings.batch) - load)
    }

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
                await letStaleGo()
                await letGoWhileGateIsClosed()
                let free = channel.window - inFlight
                guard !pending.isEmpty, free >= min(pending.count, max(1, channel.window / 2)) else {
                    await signal.wait(seconds: 1)
                    continue
                }
                let count = pace.take(upTo: min(free, pending.count), at: world.now())
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

    /// Claims older than half their lease are let go: this lane was slow, and another worker may take them on.
    private func letStaleGo() async {
        let limit = world.now() - world.settings.lease / 2
        let stale = pending.prefix { $0.at < limit }.map(\.claim.id)
        guard !stale.isEmpty else { return }
        pending.removeFirst(stale.count)
        await letGo(stale)
    }

    /// Under a clock that has jumped, what was claimed must not be judged: it waits in the queue for the answer.
    private func letGoWhileGateIsClosed() async {
        guard !pending.isEmpty, (try? await world.gate.isOpen(at: world.now())) == false else { return }
        let ids = pending.map(\.claim.id)
        pending = []
        await letGo(ids)
    }

    /// Puts the next attempts on record, together; where that fails, each alone, so that one cannot hold up the others.
    private func startNext(_ count: Int) async -> [StartedAttempt] {
        let ids = pending.prefix(count).map(\.claim.id)
        pending.removeFirst(ids.count)
        // Counted as on their way from here on, so that the lane never looks idle in between.
        inFlight += ids.count
        var started: [StartedAttempt] = []
        do {
            started = try await start(ids)
        } catch {
            for id in ids { started += (try? await start([id])) ?? [] }
            world.logger.error(
                "attempts could not be put on record together",
                metadata: ["provider": "\(provider.id)", "error": "\(error)", "started": "\(started.count)"]
            )
        }
        inFlight -= ids.count - started.count
        if pending.count < channel.window { idle.ring() }
        return started
    }

    private func start(_ ids: [Reminder.ID]) async throws -> [StartedAttempt] {
        try await world.storage.queue.start(
            ids,
            provider: provider.id,
            expectsReceipts: channel.reportsDelivery,
            token: world.token,
            now: world.now()
        )
    }

    private func handOver(_ attempt: StartedAttempt) async {
        let outcome = await channel.send(attempt.message)
        inFlight -= 1
        unnoted += 1
        defer { unnoted -= 1 }
        let now = world.now()
        throughput.add(at: now)
        signal.ring()
        let next = RetryPolicy.next(outcome, attempt: attempt.number, now: now, jitter: world.random())
        await note(AttemptOutcome(attempt: attempt, provider: provider.id, outcome: outcome, next: next, at: now))
        if pending.isEmpty { idle.ring() }
    }

    /// An outcome that is known must not be lost to a database that is busy or full: noted again until it works, and for
    /// some seconds still when the process is to end. What stays without an outcome is picked up as unknown.
    private func note(_ outcome: AttemptOutcome) async {
        var triesAfterStop = 0
        while await !outcomes.add(outcome) {
            world.logger.error(
                "an outcome could not be noted; trying again",
                metadata: ["message": "\(outcome.attempt.message.id)"]
            )
            if isStopping || Task.isCancelled { triesAfterStop += 1 }
            if triesAfterStop > 3 { return }
            try? await Task.sleep(for: .seconds(1))
        }
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
