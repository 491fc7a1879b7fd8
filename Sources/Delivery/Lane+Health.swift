import Domain
import Foundation
import Logging
import Storage

extension Lane {
    /// How the provider does, with its own words where it is in trouble.
    var health: (state: ProviderHealth.State, detail: String) {
        // The lane of a mailbox is open while something is due, and has few tries in which to tell.
        if breaker.isResting || (mailbox != nil && breaker.isFailing) { return (.resting, breaker.why) }
        return receipts.isSilent ? (.silent, "") : (.well, "")
    }

    /// The provider has called, so receipts can come.
    func called() { receipts.canCome = true }

    /// Accepted messages whose receipts should have come by now.
    func sampleToJudge(at now: Date) -> [Message.ID]? { receipts.due(at: now) }

    func judge(unanswered: Int, of count: Int, at now: Date) {
        let wasSilent = receipts.isSilent
        receipts.judge(unanswered: unanswered, of: count)
        if wasSilent != receipts.isSilent {
            world.logger.notice(
                receipts.isSilent ? "a provider takes messages, and no receipt comes" : "receipts come again",
                metadata: ["provider": "\(provider.id)"]
            )
        }
    }

    /// What follows from an answer. Where another lane takes of the same, it need not wait for this provider to be well
    /// again.
    func next(after answer: Answer) -> RetryPolicy.Next {
        let next = RetryPolicy.next(
            answer.outcome,
            attempt: answer.attempt.number,
            now: answer.at,
            jitter: world.random()
        )
        guard isHelped, breaker.isResting, case .retry(let status, _) = next else { return next }
        return .retry(status, at: answer.at)
    }

    var reportsDelivery: Bool { channel.reportsDelivery || receipts.canCome }

    var carrier: Carrier {
        Carrier(
            provider.id,
            reportsDelivery: reportsDelivery,
            firstPoll: channel.polling?.first,
            callingCodes: callingCodes,
            mail: mailbox.map { MailCarrier($0, desk: world.mail) }
        )
    }
}
