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
        if await batcher.add(outcomes) { return await onNoted(outcomes) }
        var open = outcomes
        var triesAfterStop = 0
        while !open.isEmpty {
            if await isStopping() { triesAfterStop += 1 }
            if triesAfterStop == Self.triesAfterStop { return await onNoted(open) }
            // Not shortened by a cancellation: what follows is to save what is known.
            await Task { [pause] in try? await Task.sleep(for: pause) }.value
            open = await noteOnce(open, onNoted)
        }
    }

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
            return await noteEach(outcomes, onNoted)
        } catch {
            logger.error(
                "outcomes could not be noted; trying again",
                metadata: ["messages": "\(outcomes.map(\.message))", "error": "\(error)"]
            )
            return outcomes
        }
    }

    /// One by one; ends early where the database cannot be reached.
    private func noteEach(
        _ outcomes: [AttemptOutcome],
        _ onNoted: @Sendable ([AttemptOutcome]) async -> Void
    ) async -> [AttemptOutcome] {
        var open: [AttemptOutcome] = []
        for (index, outcome) in outcomes.enumerated() {
            do {
                try await queue.note([outcome])
                await onNoted([outcome])
            } catch {
                logger.error(
                    "an outcome could not be noted; trying again",
                    metadata: ["message": "\(outcome.message)", "error": "\(error)"]
                )
                if StorageError.mayPass(error) { return open + outcomes[index...] }
                open.append(outcome)
            }
        }
        return open
    }
}
