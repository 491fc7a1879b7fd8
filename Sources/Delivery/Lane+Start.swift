import Domain
import Foundation
import Logging
import Storage

/// What one look at all scopes of a lane gave.
struct LaneBatch {
    var attempts: [StartedAttempt] = []
    var looked = 0
    var failed = false
}

extension Lane {
    /// Puts the next attempts on record, together, scope by scope.
    func startNext(_ count: Int) async -> LaneBatch {
        var batch = LaneBatch()
        do {
            try await recallUnknownStarts()
            // Under a clock that has jumped nothing is judged: it waits in the queue for the answer.
            guard try await world.gate.isOpen(at: world.now()) else { return batch }
            firstScope = scopes.isEmpty ? 0 : (firstScope + 1) % scopes.count
            for scope in scopes[firstScope...] + scopes[..<firstScope] where batch.looked < count {
                let started = try await start(scope, limit: count - batch.looked)
                batch.attempts += started.attempts
                batch.looked += started.looked
            }
        } catch {
            batch.failed = true
            mayHaveUnknownStarts = mayHaveUnknownStarts || StorageError.leavesOpen(error)
            world.logger.error(
                "attempts could not be put on record; trying again",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
        }
        return batch
    }

    private func start(_ scope: ClaimScope, limit: Int) async throws -> StartedBatch {
        let batch: StartedBatch
        do {
            batch = try await startDue(scope, limit)
        } catch let failure where !StorageError.mayPass(failure) {
            // One row that cannot be written must not hold up the others: it is found by going one by one.
            batch = try await startAlone(scope)
        }
        if !batch.unreadable.isEmpty {
            world.logger.error(
                "reminders cannot be read; they are looked at again later",
                metadata: ["reminders": "\(batch.unreadable)"]
            )
        }
        return batch
    }

    private func startAlone(_ scope: ClaimScope) async throws -> StartedBatch {
        do {
            return try await startDue(scope, 1)
        } catch let failure where !StorageError.mayPass(failure) {
            let id = try await world.storage.queue.putOffFirst(scope, now: world.now())
            world.logger.error(
                "a reminder cannot be started; it is tried again later",
                metadata: ["reminder": "\(id.map(String.init(describing:)) ?? "-")", "error": "\(failure)"]
            )
            return StartedBatch(looked: 1)
        }
    }

    private func startDue(_ scope: ClaimScope, _ limit: Int) async throws -> StartedBatch {
        try await world.storage.queue.startDue(
            scope,
            by: carrier,
            limit: limit,
            worker: worker,
            now: world.now(),
            dueBy: dueBy
        )
    }

    /// After a commit of which nobody knows whether it took place, what it may have put on record is taken back.
    private func recallUnknownStarts() async throws {
        guard mayHaveUnknownStarts else { return }
        let count = try await world.storage.queue.recall(
            worker: worker,
            provider: provider.id,
            butFor: leaving.union(unnoted),
            at: world.now()
        )
        mayHaveUnknownStarts = false
        if count > 0 { world.logger.notice("attempts that never left are due again", metadata: ["count": "\(count)"]) }
    }
}
