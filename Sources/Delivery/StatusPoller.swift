import Domain
import Foundation
import Logging
import Storage

/// Asks a provider what became of messages: an installation behind a practice's router cannot be called.
struct StatusPoller: Sendable {
    let provider: Provider.ID
    let channel: any MessageChannel
    let intake: LaneIntake
    let world: DeliveryEnvironment

    /// Asks as messages fall due for it, until it is cancelled.
    func run(_ polling: Polling) async {
        while !Task.isCancelled {
            let asked = await round(polling)
            let pause = asked == polling.batch ? 1.0 : min(polling.first / 2, 5)
            try? await Task.sleep(for: .seconds(pause))
        }
    }

    /// One round; returns how many messages were asked about.
    @discardableResult
    func round(_ polling: Polling) async -> Int {
        do {
            guard try await world.gate.isOpen(at: world.now()),
                let due = try await world.storage.polls.nextDue(provider), due <= world.now()
            else { return 0 }
            let open = try await world.storage.polls.take(provider, limit: polling.batch, now: world.now())
            if open.isEmpty { return 0 }
            let accepted = open.filter { $0.unknownAttempt == nil && $0.message.providerMessageID != nil }
            if !accepted.isEmpty { _ = await intake.store(await channel.statuses(of: accepted.map(\.message))) }
            for unclear in open { await lookUp(unclear) }
            try await world.storage.polls.asked(open.map(\.message), polling: polling, now: world.now())
            return open.count
        } catch {
            world.logger.error(
                "messages could not be asked about; trying again",
                metadata: ["provider": "\(provider)", "error": "\(error)"]
            )
            return 0
        }
    }

    /// What the provider has of a message whose outcome is unknown settles it. That it has none at present settles
    /// nothing: it may only be slow, and the evidence window goes on. Where it would have it, and has not after a while, it
    /// was not sent.
    private func lookUp(_ open: PollStore.Open) async {
        guard let attempt = open.unknownAttempt else { return }
        let outcome: SendOutcome
        switch await channel.lookUp(open.message) {
        case .found(let reference, let price):
            outcome = .accepted(reference, price: price)
            // Where an e-mail was found there is its copy. Noted first: a crash in between only has it found again.
            try? await world.storage.copies.kept([open.message.id])
        case .absent where isLate(open.message): outcome = .unreachable(detail: "not in the Sent folder")
        case .absent, .notFound, .notTold: return
        }
        _ = await intake.note(LateAnswer(message: open.message.id, attempt: attempt, outcome: outcome))
    }

    /// Whether the provider had time enough to keep what it may have taken.
    private func isLate(_ message: SentMessage) -> Bool {
        let patience = min(world.settings.absencePatience, world.settings.evidenceWindow)
        return world.now() >= message.startedAt + patience
    }
}
