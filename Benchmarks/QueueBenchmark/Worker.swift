import Domain
import Foundation
import Storage

/// What one worker did, and where its time went.
struct Tally: Sendable {
    var completed = 0
    var claiming = Duration.zero
    var starting = Duration.zero
    var noting = Duration.zero
}

/// Claims and completes until nothing is due.
struct Worker: Sendable {
    let queue: ReminderQueue
    let provider: Provider.ID
    let token: String
    let batch: Int
    let completion: QueueBenchmark.Completion
    let now: Date

    func run() async throws -> Tally {
        let clock = ContinuousClock()
        var tally = Tally()
        while true {
            let begun = clock.now
            let claims = try await queue.claimDue(at: now, limit: batch, lease: 30, token: token)
            let claimed = clock.now
            tally.claiming += claimed - begun
            guard !claims.isEmpty else { return tally }
            let started = try await queue.start(claims.map(\.id), provider: provider, token: token, now: now)
            tally.starting += clock.now - claimed
            guard completion == .accepted else {
                tally.completed += claims.count
                continue
            }
            let noted = clock.now
            try await queue.note(started.map(accepted))
            tally.noting += clock.now - noted
            tally.completed += started.count
        }
    }

    private func accepted(_ attempt: StartedAttempt) -> AttemptOutcome {
        let outcome = SendOutcome.accepted(ProviderReference(raw: "\(token)-\(attempt.message.id.rawValue)"))
        return AttemptOutcome(
            attempt: attempt,
            provider: provider,
            outcome: outcome,
            next: RetryPolicy.next(outcome, attempt: attempt.number, now: now, jitter: 0),
            at: now
        )
    }
}
