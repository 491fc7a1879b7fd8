import Domain
import Foundation
import Transfer

/// Asking Twilio for one message, or for all to one recipient. There is no reference of ours in them: recipient, text and
/// time have to do.
extension Twilio {
    /// By so much clocks may differ, in seconds.
    private static let clockDifference = 120.0

    static func news(_ response: HTTPResponse, _ message: SentMessage) -> DeliveryReceipt? {
        guard let answer = JSON(response.body), let id = GatewayID.read(answer["sid"]),
            id == message.providerMessageID, let word = answer["status"]?.string
        else { return nil }
        return DeliveryReceipt(
            reference: ProviderReference(raw: id),
            status: TwilioTables.status(word, error: answer["error_code"]?.code),
            detail: detail(answer),
            raw: "message sid:\(id) status:\(detail(answer))",
            price: price(answer)
        )
    }

    /// The newest come first. Of two that look the same nobody can say which is meant.
    static func step(
        _ response: HTTPResponse,
        _ message: SentMessage,
        next: (String) -> HTTPRequest
    ) -> GatewaySpec.Search.Step {
        guard let page = JSON(response.body), let entries = page["messages"]?.items else { return .end(.notTold) }
        let earliest = message.startedAt.addingTimeInterval(-clockDifference)
        var found: [JSON] = []
        var isPast = false
        for entry in entries {
            guard let created = entry["date_created"]?.string.flatMap(InternetDate.parse),
                let text = entry["body"]?.string
            else { return .end(.notTold) }
            if created < earliest {
                isPast = true
                continue
            }
            guard entry["direction"]?.string == "outbound-api", entry["to"]?.string == message.recipient else {
                continue
            }
            // Texts may be set to be forgotten.
            if text.isEmpty { return .end(.notTold) }
            if text.trimmed == message.text.trimmed { found.append(entry) }
        }
        if found.count > 1 { return .end(.notTold) }
        if let entry = found.first {
            guard let id = GatewayID.read(entry["sid"]) else { return .end(.notTold) }
            return .end(.found(ProviderReference(raw: id), price: price(entry)))
        }
        guard !isPast, let path = page["next_page_uri"]?.string else { return .end(.notFound) }
        // A path of theirs, and nowhere else.
        return path.hasPrefix(version + "/") ? .next(next(path)) : .end(.notTold)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
