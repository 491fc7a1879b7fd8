import Domain
import Foundation
import Hummingbird
import Storage

/// `/locations`: where the practice treats.
enum LocationsAPI {
    static let routes = [
        APIRoute(.get, "/locations") { call in
            .list(
                .locations,
                try await call.storage.locations.list(call.practice.id, call.query.page(of: .locations)),
                render
            )
        },
        APIRoute(.post, "/locations", create),
        APIRoute(.get, "/locations/:id") { call in
            let location = try await call.storage.locations.find(call.id(), call.practice.id)
            return call.resource(render(location), version: location.version)
        },
        APIRoute(.patch, "/locations/:id", change),
        APIRoute(.delete, "/locations/:id", delete),
    ]

    private static func create(_ call: APICall) async throws -> APIAnswer {
        var patch = try call.patch()
        var draft = LocationDraft()
        take(&patch, into: &draft)
        try patch.finish()
        let location = try await call.storage.locations.create(call.practice.id, draft, now: call.now)
        return .created(render(location), version: location.version)
    }

    private static func change(_ call: APICall) async throws -> APIAnswer {
        let id: Location.ID = try call.id()
        let patch = try call.patch()
        let expected = try await expected(call, id)
        let location = try await call.storage.locations.change(
            id,
            call.practice.id,
            expecting: expected,
            now: call.now
        ) {
            var patch = patch
            take(&patch, into: &$0)
            try patch.finish()
        }
        return .changed(render(location), version: location.version)
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        let id: Location.ID = try call.id()
        try await call.storage.locations.delete(id, call.practice.id, expecting: try await expected(call, id))
        return .noContent
    }

    private static func expected(_ call: APICall, _ id: Location.ID) async throws -> Int64? {
        try await call.expecting { try await call.storage.locations.find(id, call.practice.id).version }
    }

    private static func take(_ patch: inout MergePatch, into draft: inout LocationDraft) {
        patch.take("name", into: &draft.name)
        patch.take("address", into: &draft.address)
        patch.take("closingText", into: &draft.closingText)
        patch.take("senderId", into: &draft.senderID)
        patch.take("senderRegistered", into: &draft.senderRegistered)
        patch.take("timeZone", into: &draft.timeZone)
    }

    private static func render(_ location: Location) -> JSONValue {
        [
            "id": .string(location.id.description),
            "name": .string(location.name),
            "address": .string(location.address),
            "closingText": .string(location.closingText.value),
            "senderId": .optional(location.sender?.value),
            "senderRegistered": .bool(location.senderRegistered),
            "timeZone": .optional(location.timeZone?.identifier),
        ]
    }
}
