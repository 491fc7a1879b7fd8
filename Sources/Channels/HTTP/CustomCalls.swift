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

    init(_ options: CustomGateway.Options) throws(ProviderProblem) {
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
            if let receipt = try receipt(part, raw: raw) {
                receipts.append(receipt)
            } else if let message = inboundMessage(part) {
                inbound.append(message)
            } else {
                throw .unreadable
            }
        }
        return (receipts.isEmpty ? [] : [.receipts(receipts)]) + (inbound.isEmpty ? [] : [.inbound(inbound)])
    }

    private func parts(of body: CustomBody) throws(HookProblem) -> [CustomBody] {
        guard case .json(let json) = body else { return [body] }
        let list = listPath.map { json.at($0)?.items } ?? json.items
        if listPath != nil, list == nil { return [body] }
        guard let list else { return [body] }
        guard list.count <= Self.mostReceipts else { throw .unreadable }
        return list.map(CustomBody.json)
    }

    private func receipt(_ part: CustomBody, raw: String) throws(HookProblem) -> DeliveryReceipt? {
        guard let idPath, let statusPath, let word = part.text(at: statusPath), !word.isEmpty else { return nil }
        guard let id = GatewayID.read(part.text(at: idPath)) else { throw .unreadable }
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
