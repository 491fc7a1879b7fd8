import Domain
import Foundation
import Transfer

@testable import Channels

/// What a gateway over HTTP says: `<gateway><what><how><body>`. The gateway is `7`, `w`, `t` or `h`; what is `a` for an
/// answer, whose status class is how, or `c` for a call, which is `j` for JSON or `f` for a form.
public enum GatewayText {
    private static let custom: GatewaySpec? = {
        let options = [
            "body": "{to}{text}", "id-path": "messages.0.id", "error-path": "code", "error.900": "account",
            "receipt-id-path": "msg_id", "receipt-status-path": "status", "receipt-detail-path": "err",
            "receipt-list-path": "data", "inbound-from-path": "From", "inbound-text-path": "Body",
        ]
        let provider = Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: .http,
            url: "https://gateway.example",
            options: options
        )
        let account = GatewayAccount(provider: provider, secret: "", callback: nil, reach: .anywhere)
        return try? CustomGateway.gateway(account).1
    }()

    private static let message: OutgoingSMS? = SenderID(stored: "Praxis").map { sender in
        OutgoingSMS(
            id: Identifier(7),
            composed: ComposedSMS(
                recipient: "+436641234500",
                sender: sender,
                text: "x",
                encoding: SMSEncoding.of("x"),
                validitySeconds: 60
            )
        )
    }

    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        guard octets.count >= 3, let message, let custom else { return nil }
        let body = Array(octets[3...])
        guard octets[1] == UInt8(ascii: "a") else {
            let type = octets[2] == UInt8(ascii: "j") ? "application/json" : "application/x-www-form-urlencoded"
            let hook = StoredHook(contentType: type, body: body, receivedAt: Date(timeIntervalSince1970: 0))
            return fault(in: (try? events(octets[0], custom, hook)) ?? [])
        }
        let status = max(Int(octets[2]) - 0x30, 1) * 100
        let response = HTTPResponse(status: status, body: body)
        switch outcome(octets[0], custom, response, message) {
        case .accepted(let reference, let price):
            if !(200..<300).contains(status) { return "taken with \(status)" }
            if let price, price.micros < 0 { return "a price below nothing" }
            return fault(in: reference)
        case .unreachable(let detail), .throttled(let detail), .deferred(let detail), .limited(_, let detail),
            .accountRefused(let detail), .refused(_, let detail),
            .unknown(let detail):
            return fault(in: detail)
        }
    }

    private static func outcome(
        _ gateway: UInt8,
        _ custom: GatewaySpec,
        _ response: HTTPResponse,
        _ message: OutgoingSMS
    ) -> SendOutcome {
        switch gateway {
        case UInt8(ascii: "7"): Seven.outcome(response, message)
        case UInt8(ascii: "w"): Websms.outcome(response, price: Price(micros: 1, currency: "EUR"))
        case UInt8(ascii: "t"): Twilio.outcome(response, message)
        default: custom.outcome(response, message)
        }
    }

    private static func events(
        _ gateway: UInt8,
        _ custom: GatewaySpec,
        _ hook: StoredHook
    ) throws -> [ChannelEvent] {
        switch gateway {
        case UInt8(ascii: "7"): try Seven.events(hook)
        case UInt8(ascii: "w"): try Websms.events(hook)
        case UInt8(ascii: "t"): try Twilio.events(hook)
        default: try custom.events(hook)
        }
    }

    private static func fault(in events: [ChannelEvent]) -> String? {
        for event in events {
            switch event {
            case .receipts(let receipts):
                for receipt in receipts {
                    if let fault = fault(in: receipt.reference) ?? fault(in: receipt.detail) { return fault }
                    if receipt.raw.count > 2_000 { return "a raw text that is too long" }
                }
            case .inbound(let messages):
                if messages.contains(where: { $0.sender.isEmpty }) { return "nobody's message" }
            case .lateAnswer(let late):
                if late.attempt < 1 || late.message.rawValue < 1 { return "no attempt of ours" }
            case .bound: return "a call that binds"
            }
        }
        return nil
    }

    private static func fault(in reference: ProviderReference) -> String? {
        let isSane =
            (1...128).contains(reference.key.utf8.count) && reference.key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isSane ? nil : "an id that is none"
    }

    private static func fault(in detail: String) -> String? {
        detail.utf8.count > 100 || detail.utf8.contains { $0 < 0x20 || $0 > 0x7E } ? "a detail that is none" : nil
    }
}
