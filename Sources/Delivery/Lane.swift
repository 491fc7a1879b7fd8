import Domain
import Foundation
import Logging
import Storage

/// The way to one provider: starts attempts as its window frees, hands them over, notes what became of them.
actor Lane {
    let provider: Provider
    /// nil for SMS.
    let mailbox: Mailbox?
    let channel: any MessageChannel
    let world: DeliveryEnvironment
    /// Whose numbers it carries, by calling code; nil for all.
    let callingCodes: Set<Int>?
    private let answers = Answers()
    private let notes: OutcomeNotes
    private let signal = Signal()
    private let idle: Signal
    var scopes: [ClaimScope] = []
    /// Which scope is looked at first; each in its turn, so that a long queue does not stand before all others.
    var firstScope = 0
    /// What falls due later is left alone; nil for no such limit.
    var dueBy: Date?
    /// Random and one a lane: tells whose attempts are whose, also after the provider was edited and has a new lane.
    let worker: String
    private var starting = 0
    var leaving: Set<AttemptName> = []
    var unnoted: Set<AttemptName> = []
    private var pace: Pace
    var breaker = Breaker()
    /// Whether a provider that cannot be reached is left alone for a while.
    private let rests: Bool
    private var throughput = Throughput()
    private var isFull = false
    var receipts = ReceiptWatch()
    /// Whether another lane takes of the same while this one's provider is in trouble.
    var isHelped = false
    var mayHaveUnknownStarts = false
    private var isStopping = false
    /// Whether anything was answered, so that something can be said of how the provider does.
    private(set) var hasSent = false
    /// Answers that the account has sent all it may, and that are not on record yet.
    private var unlearned = 0

    /// - Parameters:
    ///   - mailbox: where the provider is one.
    ///   - rests: whether a provider that cannot be reached is left alone for a while.
    ///   - idle: rung each time nothing is on its way any more.
    init(
        provider: Provider,
        mailbox: Mailbox? = nil,
        channel: any MessageChannel,
        world: DeliveryEnvironment,
        rests: Bool = true,
        idle: Signal
    ) {
        self.provider = provider
        self.mailbox = mailbox
        self.channel = channel
        self.world = world
        self.rests = rests
        callingCodes = provider.countries.isEmpty ? nil : Set(provider.countries.compactMap(\.callingCode))
        worker = world.worker + "-\(Int(world.random() * 1_000_000_000))"
        self.idle = idle
        pace = Pace(rate: channel.rate)
        notes = OutcomeNotes(world.storage.queue, logger: world.logger)
    }

    /// Attempts that are being started, are on their way, or whose outcome is not on record yet.
    var load: Int { starting + leaving.count + unnoted.count }

    /// What whoever shares out the work needs to know.
    var condition: LaneCondition {
        LaneCondition(
            isResting: breaker.isResting || receipts.isSilent,
            isFull: isFull,
            perSecond: pace.current ?? throughput.perSecond
        )
    }

    /// Something may be due: look.
    ///
    /// - Parameters:
    ///   - isHelped: another lane takes of the same.
    ///   - limit: what falls due later is left alone.
    func look(_ scopes: [ClaimScope], isHelped: Bool = false, dueBy limit: Date? = nil) {
        self.scopes = scopes
        self.isHelped = isHelped
        dueBy = limit
        signal.ring()
    }

    /// No new attempts; those on their way are waited for.
    func stop() {
        isStopping = true
        signal.ring()
    }

    /// The provider can be reached, for the first time or again.
    func bound() {
        breaker.succeed()
        signal.ring()
    }

    /// Works until it is stopped and nothing is on its way any more.
    func run() async {
        async let noted: Void = noteAnswers()
        await withDiscardingTaskGroup { group in
            while !isStopping, !Task.isCancelled {
                switch await step(&group) {
                case .atOnce: continue
                case .afterRing: await signal.wait()
                case .after(let seconds): await signal.wait(seconds: seconds)
                }
            }
        }
        // Everything that was handed over is answered.
        answers.close()
        await noted
    }

    /// When to take the next step; a ring always ends the waiting.
    private enum NextStep {
        case atOnce, afterRing
        case after(Double)
    }

    /// Starts what may leave now.
    private func step(_ group: inout DiscardingTaskGroup) async -> NextStep {
        let now = world.now()
        let free = channel.window - leaving.count
        guard free >= max(1, channel.window / 2), !scopes.isEmpty, unlearned == 0 else { return .afterRing }
        let isLeft = receipts.isSilent && isHelped
        if isLeft, !receipts.mayProbe(at: now) { return .after(5) }
        let allowed = isLeft ? 1 : rests ? breaker.allowance(at: now) : nil
        if allowed == 0 { return breaker.pause(at: now).map(NextStep.after) ?? .afterRing }
        guard let room = await room(at: now) else { return .after(1) }
        guard case .free(let left) = room else { return .afterRing }
        let count = pace.take(upTo: min(free, allowed ?? free, left ?? free), at: now)
        guard count > 0 else { return .after(pace.pause) }
        // Before anything is on record: what is started leaves at once.
        let permits = mailbox == nil ? nil : world.sendingMailboxes
        await permits?.take()
        if breaker.isResting { breaker.probe() }
        starting = count
        defer { starting = 0 }
        let batch = isStopping ? LaneBatch() : await startNext(count)
        if !batch.attempts.isEmpty {
            if isLeft { receipts.probe(at: now) }
            leaving.formUnion(batch.attempts.map(\.message.attemptName))
            group.addTask { [channel, answers, now = world.now] in
                await channel.send(batch.attempts.map(\.message)) { place, outcome in
                    answers.put(Answer(attempt: batch.attempts[place], outcome: outcome, at: now()))
                }
                permits?.giveBack()
            }
        } else {
            permits?.giveBack()
        }
        pace.giveBack(count - batch.attempts.count)
        if batch.attempts.isEmpty { breaker.cancelProbe() }
        isFull = batch.looked == count
        if batch.looked == 0 { idle.ring() }
        return batch.failed ? .after(1) : isFull ? .atOnce : .afterRing
    }

    private func learn(from outcome: SendOutcome, at now: Date) {
        hasSent = true
        switch outcome {
        case .refused(.providerError, let detail):
            // Final for the message; but one that fails at everything must not have all the others, too.
            throughput.add(at: now)
            breaker.fail(at: now, jitter: world.random(), why: detail)
        case .accepted, .refused, .deferred:
            throughput.add(at: now)
            breaker.succeed()
        case .limited where mailbox != nil:
            // How many may leave is counted from now on; that says nothing about how fast.
            breaker.succeed()
            unlearned += 1
        case .throttled, .limited:
            breaker.succeed()
            pace.slowDown(at: now, measured: throughput.perSecond)
        case .unreachable(let detail), .accountRefused(let detail), .unknown(let detail):
            // One that leaves message after message without an answer is in trouble, too: of none of them anybody
            // knows what became.
            breaker.fail(at: now, jitter: world.random(), why: detail)
        }
    }
}

/// How a lane is doing.
struct LaneCondition: Hashable, Sendable {
    /// Its provider cannot be reached at present.
    let isResting: Bool
    /// It found more due than it could take at its last look.
    let isFull: Bool
    /// Messages a second that it hands over; nil where that is not known yet.
    let perSecond: Double?
}

extension Lane {
    /// Takes the provider's answers in and has them noted, until nothing more will come.
    private func noteAnswers() async {
        await withDiscardingTaskGroup { group in
            while await answers.wait() {
                let taken = takeAnswers()
                group.addTask { await self.settle(taken) }
            }
        }
    }

    private func settle(_ outcomes: [AttemptOutcome]) async {
        await notes.note(outcomes) {
            await self.isStopping || Task.isCancelled
        } onNoted: {
            await self.noted($0)
        }
        await learnLimits(outcomes)
    }

    /// After what was accepted is on record, so that it is counted.
    private func learnLimits(_ outcomes: [AttemptOutcome]) async {
        for outcome in outcomes {
            guard mailbox != nil, case .limited(let limit, _) = outcome.outcome else { continue }
            await learn(limit)
            unlearned -= 1
            signal.ring()
        }
    }

    private func noted(_ outcomes: [AttemptOutcome]) {
        unnoted.subtract(outcomes.map(\.name))
        if load == 0 { idle.ring() }
    }

    /// The places in the window are free again before anything is noted.
    private func takeAnswers() -> [AttemptOutcome] {
        let outcomes = answers.take().map { answer in
            leaving.remove(answer.attempt.message.attemptName)
            unnoted.insert(answer.attempt.message.attemptName)
            learn(from: answer.outcome, at: answer.at)
            if case .accepted = answer.outcome, reportsDelivery {
                receipts.add(answer.attempt.message.id, at: answer.at)
            }
            let next = next(after: answer)
            return AttemptOutcome(
                answer.attempt,
                provider: provider.id,
                outcome: answer.outcome,
                next: next,
                at: answer.at
            )
        }
        signal.ring()
        return outcomes
    }
}
