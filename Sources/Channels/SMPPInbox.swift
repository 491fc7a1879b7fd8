import Domain
import Logging
import SMPP
import Synchronization

/// Turns what comes of itself into reports, and gives them to whoever keeps them.
final class SMPPInbox: Sendable {
    /// A closure that is kept bare in a generic box is wrapped once more each time it is read, so it has a struct.
    private struct Keeper: Sendable {
        let report: @Sendable (ChannelEvent) async -> Bool
        let outcome: @Sendable (SubmitResult, SubmitTag) -> SendOutcome?
    }

    private let base: ReceiptID.Base
    private let logger: Logger
    private let keeper = Mutex<Keeper?>(nil)

    init(base: ReceiptID.Base, logger: Logger) {
        self.base = base
        self.logger = logger
    }

    /// - Parameter outcome: of an attempt, by an answer that came late; nil where that does not decide it.
    func open(
        _ report: @escaping @Sendable (ChannelEvent) async -> Bool,
        outcome: @escaping @Sendable (SubmitResult, SubmitTag) -> SendOutcome?
    ) {
        keeper.withLock { $0 = Keeper(report: report, outcome: outcome) }
    }

    func take(_ event: SMPPClientEvent) async {
        guard let keeper = keeper.withLock({ $0 }) else { return }
        switch event {
        case .bound: _ = await keeper.report(.bound)
        case .lateAnswer(let tag, let result):
            guard let outcome = keeper.outcome(result, tag) else { return }
            let answer = LateAnswer(message: Identifier(tag.id), attempt: tag.attempt, outcome: outcome)
            _ = await keeper.report(.lateAnswer(answer))
        }
    }

    /// True for each message that is on record; an unacknowledged one comes again.
    func take(_ messages: [InboundMessage]) async -> [Bool] {
        guard let keeper = keeper.withLock({ $0 }) else { return messages.map { _ in false } }
        let news = messages.map { message in message.receipt.map { read($0, of: message) } }
        if news.contains(where: { $0 == nil }) {
            logger.notice("a message that is no receipt came in and was passed over")
        }
        let receipts = news.compactMap(\.self)
        let isStored = receipts.isEmpty ? true : await keeper.report(.receipts(receipts))
        return news.map { $0 == nil || isStored }
    }

    private func read(_ receipt: SMPPReceipt, of message: InboundMessage) -> DeliveryReceipt {
        DeliveryReceipt(
            reference: ProviderReference(receipt, base: base),
            status: receipt.state.map(SMPPStatusTable.status) ?? .submitted,
            detail: [receipt.state?.word, receipt.errorCode.map { "err:" + $0 }].compactMap { $0 }
                .joined(separator: " "),
            raw: receipt.text,
            evidence: ReceiptEvidence(receipt, from: message.source, to: message.destination)
        )
    }
}
