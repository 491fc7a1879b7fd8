import Domain
import Foundation
import Storage

/// What one worker did, and where its time went.
struct Tally: Sendable {
    var completed = 0
    var starting = Duration.zero
    var noting = Duration.zero
}

/// Starts and completes until nothing is due; what is due is claimed in the transaction that starts it.
struct Worker: Sendable {
    let queue: ReminderQueue
    let provider: Provider.ID
    /// Unlike that of any other worker.
    let name: String
    /// Reminders taken on at a time.
    let size: Int
    let completion: QueueBenchmark.Completion
    let now: Date

    func run() async throws -> Tally {
        let clock = ContinuousClock()
        var tally = Tally()
        while true {
            let begun = clock.now
            let batch = try await queue.startDue(
                .all(.sms),
                by: Carrier(provider),
                limit: size,
                worker: name,
                now: now
            )
            let started = clock.now
            tally.starting += started - begun
            guard batch.looked > 0 else { return tally }
            guard completion == .accepted else {
                tally.completed += batch.looked
                continue
            }
            try await queue.note(batch.attempts.map(accepted))
            tally.noting += clock.now - started
            tally.completed += batch.attempts.count
        }
    }

    private func accepted(_ attempt: StartedAttempt) -> AttemptOutcome {
        let outcome = SendOutcome.accepted(ProviderReference(raw: "\(name)-\(attempt.message.id.rawValue)"))
        return AttemptOutcome(
            attempt,
            provider: provider,
            outcome: outcome,
            next: RetryPolicy.next(outcome, attempt: attempt.number, now: now, jitter: 0),
            at: now
        )
    }
}
