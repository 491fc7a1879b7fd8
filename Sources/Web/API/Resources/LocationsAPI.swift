import Domain
import Foundation
import Hummingbird
import Storage

/// `/locations`: where the practice treats.
enum LocationsAPI {
    static let routes = [
        APIRoute(.get, "/locations") { call in
            let standing = try await Standing(call, call.practice)
            return .list(
                .locations,
                try await call.storage.locations.list(call.practice.id, call.query.page(of: .locations))
            ) { render($0, standing) }
        },
        APIRoute(.post, "/locations", create),
        APIRoute(.get, "/locations/:id") { call in
            let location = try await call.storage.locations.find(call.id(), call.practice.id)
            let standing = try await Standing(call, call.practice)
            return call.resource(
                render(location, standing),
                version: location.version,
                standing: standing.of(location).rawValue
            )
        },
        APIRoute(.patch, "/locations/:id", change),
        APIRoute(.delete, "/locations/:id", delete),
    ]

    /// What the registration of a location's sender is judged by.
    private struct Standing {
        let practice: Practice
        let recipients: Set<Country>
        let now: Date

        init(_ call: APICall, _ practice: Practice) async throws {
            self.practice = practice
            recipients = try await call.storage.forecast.recipients(practice)
            now = call.now
        }

        func of(_ location: Location) -> SenderRegistration {
            LocationSender(location, practice).registration(for: recipients, at: now)
        }
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        var patch = try call.patch()
        var draft = LocationDraft()
        take(&patch, into: &draft)
        try patch.finish()
        let location = try await call.storage.locations.create(call.practice.id, draft, now: call.now)
        let standing = try await Standing(call, call.practice)
        return .created(
            render(location, standing),
            version: location.version,
            standing: standing.of(location).rawValue
        )
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
        let standing = try await Standing(call, call.practice)
        return .changed(
            render(location, standing),
            version: location.version,
            standing: standing.of(location).rawValue
        )
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
        takeRegistration(&patch, into: &draft)
        patch.take("fallbackSenderId", into: &draft.fallbackSenderID)
        patch.take("timeZone", into: &draft.timeZone)
        patch.take("emailSubject", into: &draft.emailSubject)
        patch.take("emailBody", into: &draft.emailBody)
    }

    /// A day of registration says by itself that the sender is registered.
    private static func takeRegistration(_ patch: inout MergePatch, into draft: inout LocationDraft) {
        patch.take("senderRegistered", into: &draft.senderRegistered)
        var day: String?
        patch.take("senderRegisteredOn", into: &day)
        if patch.has("senderRegisteredOn") { draft.senderRegisteredOn = day ?? "" }
        let namesDay = day?.isEmpty == false
        if namesDay, !patch.has("senderRegistered") { draft.senderRegistered = true }
        draft.saysRegistration = namesDay || patch.has("senderRegistered")
    }

    private static func render(_ location: Location, _ standing: Standing) -> JSONValue {
        [
            "id": .string(location.id.description),
            "name": .string(location.name),
            "address": .string(location.address),
            "closingText": .string(location.closingText.value),
            "senderId": .optional(location.sender?.value),
            "senderRegistered": .bool(location.senderRegistered),
            "senderRegisteredOn": .optional(location.senderRegisteredOn?.iso),
            "senderRegistration": .string(standing.of(location).rawValue),
            "fallbackSenderId": .optional(location.fallbackSender?.value),
            "timeZone": .optional(location.timeZone?.identifier),
            "emailSubject": .optional(location.emailSubject?.source),
            "emailBody": .optional(location.emailBody?.source),
        ]
    }
}
