import Crypto
import Domain
import Foundation

/// Calls of seven: docs.seven.io/en/rest-api/webhooks and …/signing. They are JSON, or a form, also with names in
/// brackets.
extension Seven {
    /// Older or newer than this by its own word, a call is refused. Seconds; js-client (`WebhookVerifier.ts`) has the
    /// same.
    static let signatureAge = 300.0

    /// HMAC-SHA-256 in hexadecimal over time, nonce, method, address and the body's MD5, each on a line, with the
    /// account's signing key. Without that key in the secret nothing is checked.
    static func verify(_ request: HookRequest, secret: String) -> HookVerdict {
        let words = secret.split(separator: " ")
        guard words.count > 1 else {
            return .genuine(fingerprint: HookSignature.fingerprint(request), reply: HookReply())
        }
        guard let signature = request.headers["x-signature"], let timestamp = request.headers["x-timestamp"],
            let nonce = request.headers["x-nonce"], !nonce.isEmpty
        else { return .refused(reason: "not signed") }
        guard let code = HookSignature.octets(hex: signature.lowercased()), let seconds = Int64(timestamp) else {
            return .refused(reason: "a signature that cannot be read")
        }
        guard abs(request.receivedAt.timeIntervalSince1970 - Double(seconds)) <= signatureAge else {
            return .refused(reason: "signed more than \(Int(signatureAge)) seconds ago, or ahead")
        }
        let body = HookSignature.hex(Insecure.MD5.hash(data: request.body))
        let signed = Array([timestamp, nonce, request.method, request.url, body].joined(separator: "\n").utf8)
        let key = SymmetricKey(data: Array(words[1].utf8))
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key) else {
            return .refused(reason: "a wrong signature")
        }
        return .genuine(fingerprint: HookSignature.fingerprint(signed), reply: HookReply())
    }

    /// Events of other kinds than receipts and messages are genuine, and nothing to us.
    static func events(_ hook: StoredHook) throws(HookProblem) -> [ChannelEvent] {
        guard let call = Call(hook) else { throw .unreadable }
        switch call.event {
        case "dlr":
            guard let id = GatewayID.read(call["msg_id"]), let word = call["status"] else { throw .unreadable }
            return [
                .receipts([
                    DeliveryReceipt(
                        reference: ProviderReference(raw: id),
                        status: SevenTables.states[word.uppercased()] ?? .submitted,
                        detail: GatewayID.word(word),
                        raw: hook.rawText
                    )
                ])
            ]
        case "sms_mo":
            guard let sender = call["sender"], !sender.isEmpty, let text = call["text"] else { throw .unreadable }
            return [
                .inbound([
                    InboundSMS(
                        providerMessageID: GatewayID.read(call["id"]) ?? "",
                        sender: PhoneDigits.correspondent(sender),
                        recipient: String((call["system"] ?? "").prefix(32)),
                        text: text
                    )
                ])
            ]
        default: return []
        }
    }

    /// The event's name and its data, in either form.
    private struct Call {
        let event: String
        private let data: [String: String]

        init?(_ hook: StoredHook) {
            if let json = JSON(hook.body), case .object(let members)? = json["data"] {
                data = members.compactMapValues(\.text)
                guard let name = json["webhook_event"]?.string else { return nil }
                event = name
            } else {
                guard !hook.isJSON, let form = FormFields(hook.body), !form.fields.isEmpty else { return nil }
                var data: [String: String] = [:]
                for field in form.fields {
                    let isNested = field.name.hasPrefix("data[") && field.name.hasSuffix("]")
                    let name = isNested ? String(field.name.dropFirst(5).dropLast()) : field.name
                    // One name twice is no form of theirs.
                    guard data.updateValue(field.value, forKey: name) == nil else { return nil }
                }
                self.data = data
                // The older flat form does not say what it is.
                guard let name = data["webhook_event"] ?? (data["msg_id"] == nil ? nil : "dlr") else { return nil }
                event = name
            }
        }

        subscript(_ name: String) -> String? { data[name] }
    }
}

extension StoredHook {
    var isJSON: Bool { contentType.lowercased().contains("json") }

    /// The body for the inbox, at most 2,000 characters.
    var rawText: String { String(String(decoding: body, as: UTF8.self).prefix(2_000)) }
}
