import Logging
import Storage

/// Puts the outcomes of attempts on record, many together. An outcome that is known must not be lost to a database that
/// is busy or full: it is noted again until that works, and for some seconds still when the process is to end. What stays
/// without an outcome is picked up as unknown.
struct OutcomeNotes: Sendable {
    private static let triesAfterStop = 4
    private static let pause = Duration.seconds(1)

    private let queue: ReminderQueue
    private let logger: Logger
    private let batcher: Batcher<AttemptOutcome>

    init(_ queue: ReminderQueue, logger: Logger) {
        self.queue = queue
        self.logger = logger
        // Before receipts gather, as a rule: one whose answer is on record already is the simpler one.
        batcher = Batcher(limit: 1000, gathering: .milliseconds(5)) { try await queue.note($0) }
    }

    /// - Parameter isStopping: asked after each try that failed.
    func note(_ outcomes: [AttemptOutcome], isStopping: @Sendable () async -> Bool) async {
        var open = await batcher.add(outcomes) ? [] : outcomes
        var tries = 0
        while !open.isEmpty {
            logger.error(
                "outcomes could not be noted; trying again",
                metadata: ["messages": "\(open.map(\.message))"]
            )
            if await isStopping() { tries += 1 }
            if tries == Self.triesAfterStop { return }
            try? await Task.sleep(for: Self.pause)
            open = await noteOnce(open)
        }
    }

    /// Those that could not be noted. One that cannot be written must not hold up those beside it.
    private func noteOnce(_ outcomes: [AttemptOutcome]) async -> [AttemptOutcome] {
        do {
            try await queue.note(outcomes)
            return []
        } catch let failure where outcomes.count > 1 && !StorageError.mayPass(failure) {
            var open: [AttemptOutcome] = []
            for outcome in outcomes { open += await noteOnce([outcome]) }
            return open
        } catch {
            return outcomes
        }
    }
}
