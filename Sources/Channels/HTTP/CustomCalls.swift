import Domain
import Foundation

/// Reads calls of a gateway that options describe: a receipt, a list of them, or what somebody sent to us.
struct CustomCalls: Sendable {
    /// Of one call at most.
    private static let mostReceipts = 1_000

    let words: StatusWords
    private let listPath: String?
    private let idPath: String?
    private let statusPath: String?
    private let detailPath: String?
    private let fromPath: String?
    private let toPath: String?
    private let textPath: String?
    private let inboundIDPath: String?

    /// Whether the ids in receipts are our own references.
    private let isKnownByOurs: Bool

    /// - Parameter isKnownByOurs: whether the ids in receipts are our own references.
    init(_ options: CustomGateway.Options, isKnownByOurs: Bool) throws(ProviderProblem) {
        self.isKnownByOurs = isKnownByOurs
        words = try StatusWords(options.tables["status."] ?? [:])
        listPath = options.single.text("receipt-list-path")
        idPath = options.single.text("receipt-id-path")
        statusPath = options.single.text("receipt-status-path")
        detailPath = options.single.text("receipt-detail-path")
        fromPath = options.single.text("inbound-from-path")
        toPath = options.single.text("inbound-to-path")
        textPath = options.single.text("inbound-text-path")
        inboundIDPath = options.single.text("inbound-id-path")
        if (idPath == nil) != (statusPath == nil) {
            throw .option(name: "receipt-status-path", allowed: "given together with receipt-id-path")
        }
        if (fromPath == nil) != (textPath == nil) {
            throw .option(name: "inbound-text-path", allowed: "given together with inbound-from-path")
        }
    }

    func events(_ hook: StoredHook) throws(HookProblem) -> [ChannelEvent] {
        guard let body = CustomBody(hook) else { throw .unreadable }
        let parts = try parts(of: body)
        var receipts: [DeliveryReceipt] = []
        var inbound: [InboundSMS] = []
        let raw = hook.rawText
        for part in parts {
            // What has the place of a state is a receipt, whatever else there is in it.
            if let word = state(in: part) {
                if let receipt = receipt(part, word, raw: raw) { receipts.append(receipt) }
            } else if let message = inboundMessage(part) {
                inbound.append(message)
            }
        }
        // One that cannot be read takes nothing from the others: a call comes once.
        if !parts.isEmpty, receipts.isEmpty, inbound.isEmpty { throw .unreadable }
        return acceptances(receipts) + (receipts.isEmpty ? [] : [.receipts(receipts)])
            + (inbound.isEmpty ? [] : [.inbound(inbound)])
    }

    /// A receipt under our own reference tells that its attempt was taken, though the answer may never have come.
    private func acceptances(_ receipts: [DeliveryReceipt]) -> [ChannelEvent] {
        guard isKnownByOurs else { return [] }
        return receipts.compactMap { receipt in
            AttemptReference.read(receipt.reference.raw).map { attempt in
                let outcome = SendOutcome.accepted(receipt.reference)
                return .lateAnswer(LateAnswer(message: attempt.message, attempt: attempt.attempt, outcome: outcome))
            }
        }
    }

    private func parts(of body: CustomBody) throws(HookProblem) -> [CustomBody] {
        guard case .json(let json) = body else { return [body] }
        let list = listPath.map { json.at($0)?.items } ?? json.items
        if listPath != nil, list == nil { return [body] }
        guard let list else { return [body] }
        guard list.count <= Self.mostReceipts else { throw .unreadable }
        return list.map(CustomBody.json)
    }

    private func state(in part: CustomBody) -> String? {
        guard let word = statusPath.flatMap({ part.text(at: $0) }), !word.isEmpty else { return nil }
        return word
    }

    private func receipt(_ part: CustomBody, _ word: String, raw: String) -> DeliveryReceipt? {
        guard let id = GatewayID.read(idPath.flatMap { part.text(at: $0) }) else { return nil }
        let code = detailPath.flatMap { part.text(at: $0) }.map { " " + GatewayID.word($0) } ?? ""
        return DeliveryReceipt(
            reference: ProviderReference(raw: id),
            status: words.status(word),
            detail: GatewayID.word(word) + code,
            raw: raw
        )
    }

    private func inboundMessage(_ part: CustomBody) -> InboundSMS? {
        guard let fromPath, let textPath, let sender = part.text(at: fromPath), !sender.isEmpty,
            let text = part.text(at: textPath)
        else { return nil }
        return InboundSMS(
            providerMessageID: GatewayID.read(inboundIDPath.flatMap { part.text(at: $0) }) ?? "",
            sender: PhoneDigits.correspondent(sender),
            recipient: String((toPath.flatMap { part.text(at: $0) } ?? "").prefix(32)),
            text: text
        )
    }
}
