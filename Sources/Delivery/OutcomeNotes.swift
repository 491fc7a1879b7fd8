import Logging
import Storage

/// Puts the outcomes of attempts on record, many together. An outcome that is known must not be lost to a database that
/// is busy or full: it is noted again until that works, and for some seconds still when the process is to end. What stays
/// without an outcome is picked up as unknown.
struct OutcomeNotes: Sendable {
    private static let triesAfterStop = 4

    private let queue: ReminderQueue
    private let logger: Logger
    private let pause: Duration
    private let batcher: Batcher<AttemptOutcome>

    /// - Parameter pause: between two tries.
    init(_ queue: ReminderQueue, logger: Logger, pause: Duration = .seconds(1)) {
        self.queue = queue
        self.logger = logger
        self.pause = pause
        // Before receipts gather, as a rule: one whose answer is on record already is the simpler one.
        batcher = Batcher(limit: 1000, gathering: .milliseconds(5)) { batch in
            do { try await queue.note(batch) } catch {
                logger.error(
                    "outcomes could not be noted; trying again",
                    metadata: ["messages": "\(batch.map(\.message))", "error": "\(error)"]
                )
                throw error
            }
        }
    }

    /// - Parameters:
    ///   - isStopping: asked after each try that failed.
    ///   - onNoted: told what is on record, and at the end what was given up.
    func note(
        _ outcomes: [AttemptOutcome],
        isStopping: @Sendable () async -> Bool,
        onNoted: @Sendable ([AttemptOutcome]) async -> Void
    ) async {
        var open = outcomes
        if await batcher.add(outcomes) { open = [] } else { await pauseAfterFailure() }
        if open.isEmpty { return await onNoted(outcomes) }
        var tries = 1
        while !open.isEmpty {
            open = await noteOnce(open, onNoted)
            if open.isEmpty { return }
            if await isStopping() { tries += 1 }
            if tries >= Self.triesAfterStop { return await onNoted(open) }
            await pauseAfterFailure()
        }
    }

    private func pauseAfterFailure() async { try? await Task.sleep(for: pause) }

    /// Those that could not be noted. One that cannot be written must not hold up those beside it.
    private func noteOnce(
        _ outcomes: [AttemptOutcome],
        _ onNoted: @Sendable ([AttemptOutcome]) async -> Void
    ) async -> [AttemptOutcome] {
        do {
            try await queue.note(outcomes)
            await onNoted(outcomes)
            return []
        } catch let failure where outcomes.count > 1 && !StorageError.mayPass(failure) {
            var open: [AttemptOutcome] = []
            for outcome in outcomes { open += await noteOnce([outcome], onNoted) }
            return open
        } catch {
            logger.error(
                "outcomes could not be noted; trying again",
                metadata: ["messages": "\(outcomes.map(\.message))", "error": "\(error)"]
            )
            return outcomes
        }
    }
}
