import Domain
import Foundation
import Hummingbird
import Storage

/// `/inbound`: what patients sent, and whether somebody is done with it.
enum InboundAPI {
    static let routes = [
        APIRoute(.get, "/inbound", list),
        APIRoute(.get, "/inbound/:id") { call in
            APIAnswer(.ok, render(try await call.storage.inbound.find(call.id(), call.practice.id), call))
        },
        APIRoute(.patch, "/inbound/:id", change),
    ]

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try await call.storage.inbound.list(
            call.practice.id,
            open: call.query.flag("open"),
            call.query.page(of: .inbound)
        )
        return .list(.inbound, page) { render($0, call) }
    }

    private static func change(_ call: APICall) async throws -> APIAnswer {
        let id: InboundRow.ID = try call.id()
        let row = try await call.storage.inbound.find(id, call.practice.id)
        var isDone = row.doneAt != nil
        var patch = try call.patch()
        patch.take("done", into: &isDone)
        try patch.finish()
        if isDone != (row.doneAt != nil) {
            try await call.storage.inbound.setDone(id, call.practice.id, isDone, now: call.now)
        }
        return APIAnswer(.ok, render(try await call.storage.inbound.find(id, call.practice.id), call))
    }

    private static func render(_ row: InboundRow, _ call: APICall) -> JSONValue {
        [
            "id": .string(row.id.description),
            "receivedAt": call.instant(row.receivedAt),
            "sender": .string(row.sender),
            "text": .string(row.text),
            "kind": .string(row.kind.rawValue),
            "patientId": .optional(row.patientID?.description),
            "appointmentId": .optional(row.appointmentID?.description),
            "done": .bool(row.doneAt != nil),
        ]
    }
}
