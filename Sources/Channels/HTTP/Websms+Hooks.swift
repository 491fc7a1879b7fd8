import Domain
import Foundation

/// Calls of websms: JSON, not signed, one report or message each
/// (developer.linkmobility.eu/sms-api/receive-incoming-messages).
extension Websms {
    static func events(_ hook: StoredHook) throws(HookProblem) -> [ChannelEvent] {
        guard let call = JSON(hook.body), let type = call["messageType"]?.string else { throw .unreadable }
        switch type {
        case "deliveryReport": return try report(call, raw: hook.rawText)
        case "text":
            guard let sender = call["senderAddress"]?.text, !sender.isEmpty,
                let text = call["textMessageContent"]?.string
            else { throw .unreadable }
            return [
                .inbound([
                    InboundSMS(
                        providerMessageID: GatewayID.read(call["notificationId"]) ?? "",
                        sender: PhoneDigits.correspondent(sender),
                        recipient: String((call["recipientAddress"]?.text ?? "").prefix(32)),
                        text: text
                    )
                ])
            ]
        default: return []
        }
    }

    /// A report names our reference too. Whoever gave it to us took that attempt, though its answer may never have come.
    private static func report(_ call: JSON, raw: String) throws(HookProblem) -> [ChannelEvent] {
        guard let id = GatewayID.read(call["transferId"]), let word = call["deliveryReportMessageStatus"]?.string else {
            throw .unreadable
        }
        let reference = ProviderReference(raw: id)
        let receipt = DeliveryReceipt(
            reference: reference,
            status: WebsmsTables.states[word.lowercased()] ?? .submitted,
            detail: GatewayID.word(word),
            raw: raw,
            evidence: PhoneDigits.e164(call["recipientAddress"]?.text).map {
                ReceiptEvidence(recipient: $0, sender: "")
            }
        )
        guard let attempt = call["clientMessageId"]?.text.flatMap(AttemptReference.read) else {
            return [.receipts([receipt])]
        }
        let late = LateAnswer(message: attempt.message, attempt: attempt.attempt, outcome: .accepted(reference))
        return [.lateAnswer(late), .receipts([receipt])]
    }
}
