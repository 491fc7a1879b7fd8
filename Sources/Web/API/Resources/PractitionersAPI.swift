import Domain
import Foundation
import Hummingbird
import Storage

/// `/practitioners`: who treats.
enum PractitionersAPI {
    static let routes = [
        APIRoute(.get, "/practitioners") { call in
            .list(
                .practitioners,
                try await call.storage.practitioners.list(call.practice.id, call.query.page(of: .practitioners)),
                render
            )
        },
        APIRoute(.post, "/practitioners", create),
        APIRoute(.get, "/practitioners/:id") { call in
            let practitioner = try await call.storage.practitioners.find(call.id(), call.practice.id)
            return call.resource(render(practitioner), version: practitioner.version)
        },
        APIRoute(.patch, "/practitioners/:id", change),
        APIRoute(.delete, "/practitioners/:id", delete),
    ]

    private static func create(_ call: APICall) async throws -> APIAnswer {
        var patch = try call.patch()
        var draft = PractitionerDraft()
        take(&patch, into: &draft)
        try patch.finish()
        let practitioner = try await call.storage.practitioners.create(call.practice.id, draft, now: call.now)
        return .created(render(practitioner), version: practitioner.version)
    }

    private static func change(_ call: APICall) async throws -> APIAnswer {
        let id: Practitioner.ID = try call.id()
        let patch = try call.patch()
        let expected = try await expected(call, id)
        let practitioner = try await call.storage.practitioners.change(
            id,
            call.practice.id,
            expecting: expected,
            now: call.now
        ) {
            var patch = patch
            take(&patch, into: &$0)
            try patch.finish()
        }
        return .changed(render(practitioner), version: practitioner.version)
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        let id: Practitioner.ID = try call.id()
        try await call.storage.practitioners.delete(id, call.practice.id, expecting: try await expected(call, id))
        return .noContent
    }

    private static func expected(_ call: APICall, _ id: Practitioner.ID) async throws -> Int64? {
        try await call.expecting { try await call.storage.practitioners.find(id, call.practice.id).version }
    }

    private static func take(_ patch: inout MergePatch, into draft: inout PractitionerDraft) {
        patch.take("name", into: &draft.name)
        patch.take("email", into: &draft.email)
    }

    private static func render(_ practitioner: Practitioner) -> JSONValue {
        [
            "id": .string(practitioner.id.description),
            "name": .string(practitioner.name),
            "email": .optional(practitioner.email?.value),
        ]
    }
}
