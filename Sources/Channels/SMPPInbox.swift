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
    private let joiner = Mutex(InboundJoiner())

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

    /// True for each message that is on record, and for a part that waits for the others; an unacknowledged one comes
    /// again.
    func take(_ messages: [InboundMessage]) async -> [Bool] {
        guard let keeper = keeper.withLock({ $0 }) else { return messages.map { _ in false } }
        var receipts: [DeliveryReceipt] = []
        var written: [(place: Int, message: InboundMessage)] = []
        var isStored = messages.map { _ in true }
        for (place, message) in messages.enumerated() {
            if let receipt = message.receipt {
                receipts.append(read(receipt, of: message))
            } else if message.isWritten {
                written.append((place, message))
            } else {
                logger.notice("a receipt without an id, or a notification, came in and was passed over")
            }
        }
        if !receipts.isEmpty, await !keeper.report(.receipts(receipts)) {
            // What was written may be on record all the same.
            for (place, message) in messages.enumerated() where message.receipt != nil { isStored[place] = false }
        }
        for (place, stored) in await store(written, keeper) { isStored[place] = stored }
        return isStored
    }

    private func store(_ written: [(place: Int, message: InboundMessage)], _ keeper: Keeper) async -> [(Int, Bool)] {
        var whole: [InboundSMS] = []
        var settled: [(place: Int, key: InboundJoiner.Key?)] = []
        joiner.withLock { joiner in
            for (place, message) in written {
                guard case .whole(let joined, let key) = joiner.take(message, now: .now) else { continue }
                whole.append(InboundSMS(joined))
                settled.append((place, key))
            }
        }
        let isStored = whole.isEmpty ? true : await keeper.report(.inbound(whole))
        joiner.withLock { joiner in
            for key in settled.compactMap(\.key) { joiner.settle(key, stored: isStored) }
        }
        if joiner.withLock({ $0.isCrowded }) { await giveUp(now: .now) }
        return settled.map { ($0.place, isStored) }
    }

    /// Reports messages of which a part is missing for too long; what could not be stored is tried again the next time.
    func giveUp(now: ContinuousClock.Instant) async {
        await report(joiner.withLock { $0.overdue(now: now) })
    }

    /// Reports what waits for a part, since nothing will come any more.
    func close() async {
        await report(joiner.withLock { $0.incomplete })
    }

    private func report(_ incomplete: [(InboundJoiner.Key, JoinedMessage)]) async {
        guard !incomplete.isEmpty, let keeper = keeper.withLock({ $0 }) else { return }
        logger.notice("parts of inbound messages did not come", metadata: ["messages": "\(incomplete.count)"])
        guard await keeper.report(.inbound(incomplete.map { InboundSMS($0.1) })) else { return }
        joiner.withLock { joiner in
            for (key, _) in incomplete { joiner.drop(key) }
        }
    }

    /// Three characters by Appendix B, or six hexadecimal digits of the TLV. Whatever else stands there may be a text or
    /// somebody's number, which no detail holds.
    private static func code(_ text: String) -> String? {
        let letters = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let isOfTLV = text.count == 6 && text.allSatisfy(\.isHexDigit)
        return letters.isEmpty ? nil : "err:" + letters.prefix(isOfTLV ? 6 : 3)
    }

    private func read(_ receipt: SMPPReceipt, of message: InboundMessage) -> DeliveryReceipt {
        DeliveryReceipt(
            reference: ProviderReference(receipt, base: base),
            status: receipt.state.map(SMPPStatusTable.status) ?? .submitted,
            detail: [receipt.state?.word, receipt.errorCode.flatMap(Self.code)].compactMap { $0 }
                .joined(separator: " "),
            raw: receipt.text,
            evidence: ReceiptEvidence(receipt, from: message.source, to: message.destination)
        )
    }
}
