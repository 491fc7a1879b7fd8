import Domain
import Foundation
import Hummingbird
import Storage

/// `/messages`: the log of what became of every message (rule 10).
enum MessagesAPI {
    static let routes = [
        APIRoute(.get, "/messages", list),
        APIRoute(.get, "/messages/:id") { call in
            APIAnswer(.ok, render(try await call.storage.messages.find(call.id(), call.practice.id), call))
        },
    ]

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let zone = call.practice.timeZone
        let filter = MessageFilter(
            channel: try call.query.word("channel"),
            status: try call.query.word("status"),
            from: try call.query.instant("from", zone: zone),
            to: try call.query.end("to", zone: zone),
            patientID: try call.query.id("patientId")
        )
        let page = try await call.storage.messages.list(call.practice.id, filter, call.query.page(of: .messages))
        return .list(.messages, page) { render($0, call) }
    }

    private static func render(_ row: LogRow, _ call: APICall) -> JSONValue {
        let message = row.message
        return [
            "id": .string(message.id.description),
            "channel": .string(message.channel.rawValue),
            "to": .string(message.recipient),
            "sender": .string(message.sender),
            "subject": .optional(row.mail?.subject),
            "text": .string(message.text),
            "segments": .integer(Int64(message.segments)),
            "price": .optional(message.price?.decimal),
            "currency": .optional(message.price?.currency),
            "status": .optional(message.state.status?.rawValue),
            "statusText": statusText(message, call),
            "bounceReason": .optional(message.bounce?.rawValue),
            "detail": .string(row.detail),
            "submittedAt": call.instant(message.submittedAt),
            "deliveredAt": call.instant(message.deliveredAt),
            "attempts": .integer(Int64(message.attempts)),
            "providerId": .optional(message.providerID?.description),
            "providerMessageId": .optional(message.providerMessageID),
            "possiblyTwice": .bool(message.possiblyTwice),
            "unclear": .bool(message.state.unclear),
            "purpose": .string(row.purpose.rawValue),
            "appointmentId": .optional(row.appointmentID?.description),
            "patientId": .optional(row.patientID?.description),
            "createdAt": call.instant(message.createdAt),
        ]
    }

    /// What the log says, word for word; null before the first outcome.
    private static func statusText(_ message: Message, _ call: APICall) -> JSONValue {
        if let status = message.state.status {
            return .string(call.services.catalogue.status(status, message.channel, call.practice.language))
        }
        return message.state.unclear ? .string(call.text("message.unclear")) : .null
    }
}
