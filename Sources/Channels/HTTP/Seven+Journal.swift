import Domain
import Foundation
import Transfer

/// The journal of what was sent: docs.seven.io/en/rest-api/endpoints/logbook. It can be asked for one id, but not for our
/// reference, which each of its entries carries.
extension Seven {
    private static let pageSize = 100

    static func news(_ response: HTTPResponse, _ message: SentMessage) -> DeliveryReceipt? {
        guard let entries = JSON(response.body)?.items,
            let entry = entries.first(where: { GatewayID.read($0["id"]) == message.providerMessageID }),
            let id = GatewayID.read(entry["id"]), let word = entry["dlr"]?.string, !word.isEmpty
        else { return nil }
        return DeliveryReceipt(
            reference: ProviderReference(raw: id),
            status: SevenTables.states[word.uppercased()] ?? .submitted,
            detail: GatewayID.word(word),
            raw: "journal id:\(id) dlr:\(GatewayID.word(word))",
            price: price(entry["price"])
        )
    }

    /// Days are the provider's, in a zone that is not told: one more on each side.
    static func page(
        of message: SentMessage,
        at journal: String,
        _ headers: [String: String],
        page: Int
    ) -> HTTPRequest {
        let days = [-1.0, 1.0].map { shift in
            String(RFC3339.format(message.startedAt.addingTimeInterval(shift * 86_400), offsetSeconds: 0).prefix(10))
        }
        let query = FormFields([
            "to": String(message.recipient.dropFirst()), "date_from": days[0], "date_to": days[1],
            "limit": String(pageSize), "offset": String((page - 1) * pageSize),
        ])
        return HTTPRequest(.get, journal + "?" + query.encoded, headers: headers)
    }

    static func step(
        _ response: HTTPResponse,
        _ message: SentMessage,
        next: () -> HTTPRequest
    ) -> GatewaySpec.Search.Step {
        guard let entries = JSON(response.body)?.items else { return .end(.notTold) }
        for entry in entries where AttemptReference.matches(entry["foreign_id"]?.text, message.reference) {
            // Another installation with the same account counts from 1 too.
            guard let id = GatewayID.read(entry["id"]), PhoneDigits.e164(entry["to"]?.text) == message.recipient,
                entry["text"]?.string == message.text
            else { return .end(.notTold) }
            return .end(.found(ProviderReference(raw: id), price: price(entry["price"])))
        }
        return entries.count < pageSize ? .end(.notFound) : .next(next())
    }
}
