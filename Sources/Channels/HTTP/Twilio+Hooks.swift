import Crypto
import Domain
import Foundation

/// Calls of Twilio: forms, signed with the account's AuthToken (twilio.com/docs/usage/webhooks/webhooks-security, and
/// twilio-python's `request_validator.py`).
extension Twilio {
    /// Says nothing, in the form that is asked for of an incoming message.
    static let reply = HookReply(contentType: "text/xml; charset=utf-8", body: "<Response></Response>")

    /// HMAC-SHA-1 in base64 over the address and, of a form, each name with its value in the names' order. There is no
    /// time in it: a repeated call is told by its fingerprint.
    static func verify(_ request: HookRequest, secret: String) -> HookVerdict {
        guard let token = secret.split(separator: " ").first else { return .refused(reason: "no AuthToken on record") }
        guard let signature = request.headers["x-twilio-signature"] else { return .refused(reason: "not signed") }
        guard let code = Data(base64Encoded: signature) else {
            return .refused(reason: "a signature that cannot be read")
        }
        guard let parameters = parameters(request) else { return .refused(reason: "a body that cannot be read") }
        let key = SymmetricKey(data: Array(token.utf8))
        for address in spellings(request.url) {
            let signed = Array((address + parameters).utf8)
            guard HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: signed, using: key) else {
                continue
            }
            // Not the spelling that happened to match, so that the same call has the same fingerprint.
            let told = Array((request.url + parameters).utf8) + (isForm(request) ? [] : request.body)
            return .genuine(fingerprint: HookSignature.fingerprint(told), reply: reply)
        }
        return .refused(reason: "a wrong signature")
    }

    /// What of the body is signed: a form's fields, equal ones once. Of another body the address holds the hash.
    private static func parameters(_ request: HookRequest) -> String? {
        if request.body.isEmpty { return "" }
        guard isForm(request) else {
            let query = request.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
            let hash = FormFields(Array(query.utf8))?["bodySHA256"]
            return hash?.lowercased() == HookSignature.hex(SHA256.hash(data: request.body)) ? "" : nil
        }
        guard let form = FormFields(request.body) else { return nil }
        let pairs = Set(form.fields).sorted { left, right in
            // By code points, as the names are written.
            let (name, other) = (Array(left.name.unicodeScalars), Array(right.name.unicodeScalars))
            if name != other { return name.lexicographicallyPrecedes(other) }
            return left.value.unicodeScalars.lexicographicallyPrecedes(right.value.unicodeScalars)
        }
        return pairs.map { $0.name + $0.value }.joined()
    }

    private static func isForm(_ request: HookRequest) -> Bool {
        request.headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    }

    /// Twilio signs an address now with, now without the port that goes without saying.
    private static func spellings(_ url: String) -> [String] {
        guard let schemeEnd = url.range(of: "://"),
            let standard = ["https": ":443", "http": ":80"][
                url[..<schemeEnd.lowerBound].lowercased()
            ]
        else { return [url] }
        let rest = url[schemeEnd.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let tail = rest[authorityEnd...]
        let head = String(url[..<schemeEnd.upperBound])
        if authority.hasSuffix(standard) { return [url, head + authority.dropLast(standard.count) + tail] }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        // An IPv6 address has colons of its own, within brackets.
        let hasPort = host.hasPrefix("[") ? host.contains("]:") : host.contains(":")
        return hasPort ? [url] : [url, head + authority + standard + tail]
    }

    static func events(_ hook: StoredHook) throws(HookProblem) -> [ChannelEvent] {
        guard !hook.isJSON, let form = FormFields(hook.body), let sid = GatewayID.read(form["MessageSid"]),
            let word = form["MessageStatus"] ?? form["SmsStatus"]
        else { throw .unreadable }
        if word == "received" {
            guard let sender = form["From"], let text = form["Body"] else { throw .unreadable }
            return [
                .inbound([
                    InboundSMS(
                        providerMessageID: sid,
                        sender: PhoneDigits.correspondent(sender),
                        recipient: String((form["To"] ?? "").prefix(32)),
                        text: text
                    )
                ])
            ]
        }
        let code = form["ErrorCode"].flatMap { Int($0) }
        return [
            .receipts([
                DeliveryReceipt(
                    reference: ProviderReference(raw: sid),
                    status: TwilioTables.status(word, error: code),
                    detail: GatewayID.word(word) + (code.map { " \($0)" } ?? ""),
                    raw: hook.rawText,
                    evidence: evidence(form)
                )
            ])
        ]
    }

    /// A receipt names recipient and sender: of a message whose answer never came they tell which it was.
    private static func evidence(_ form: FormFields) -> ReceiptEvidence? {
        guard let recipient = PhoneDigits.e164(form["To"]) else { return nil }
        return ReceiptEvidence(recipient: recipient, sender: form["From"].map(PhoneDigits.sender) ?? "")
    }
}
