import Domain
import Foundation
import Hummingbird
import Storage

/// A request to the JSON interface whose token was checked and whose body was read.
struct APICall: Sendable {
    let services: WebServices
    let token: AccessToken
    let practice: Practice
    let now: Date
    let headers: HTTPFields
    let parameters: Parameters
    let query: QueryParameters
    let body: [UInt8]

    var storage: Storage { services.storage }

    /// The id in the address; what cannot be an id names nothing.
    func id<Owner>() throws -> Identifier<Owner> {
        guard let text = parameters.get("id"), let id = Identifier<Owner>(text) else { throw StorageError.notFound }
        return id
    }

    /// The body's members.
    ///
    /// - Throws: ``Problem`` with status 400 where the body is no JSON.
    func patch() throws -> MergePatch {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw Problem(.badRequest, body.isEmpty ? "The body is missing." : "The body is not well-formed JSON.")
        }
        return try MergePatch(value)
    }

    /// The version that the caller expects to change, from If-Match; nil: any.
    func expecting(_ current: () async throws -> Int64) async throws -> Int64? {
        try await EntityTag.expectation(ifMatch: headers[values: .ifMatch]).version(current: current)
    }

    /// An instant in the practice's zone.
    func instant(_ instant: Date?) -> JSONValue {
        .optional(instant.map { RFC3339.format($0, in: practice.timeZone) })
    }

    /// The sentence of a problem in the practice's language.
    func sentence(_ problem: FieldProblem) -> String { services.catalogue.sentence(problem, practice.language) }

    func text(_ key: String) -> String { services.catalogue.text(key, practice.language) }

    /// Why a reminder was not sent or waits: a code and a sentence.
    func reason(_ reason: SkipReason?, _ channel: Channel) -> JSONValue {
        guard let reason else { return .null }
        let sentence = services.catalogue.reason(reason, channel, practice.language)
        return ["code": .string(reason.rawValue), "message": .string(sentence)]
    }

    /// One resource with its entity tag; 304 where the caller has it already (RFC 9110 §15.4.5).
    func resource(_ body: JSONValue, version: Int64, standing: String? = nil) -> APIAnswer {
        let tag = EntityTag.of(version, standing)
        if EntityTag.isKnown(tag, ifNoneMatch: headers[values: .ifNoneMatch]) {
            return APIAnswer(.notModified, etag: tag)
        }
        return APIAnswer(.ok, body, etag: tag)
    }
}

/// What a handler answers, before it becomes bytes.
struct APIAnswer: Sendable {
    let status: HTTPResponse.Status
    let body: JSONValue?
    let etag: String?

    init(_ status: HTTPResponse.Status, _ body: JSONValue? = nil, etag: String? = nil) {
        self.status = status
        self.body = body
        self.etag = etag
    }

    static let noContent = APIAnswer(.noContent)

    static func created(_ body: JSONValue, version: Int64, standing: String? = nil) -> APIAnswer {
        APIAnswer(.created, body, etag: EntityTag.of(version, standing))
    }

    /// What became of a changed resource.
    static func changed(_ body: JSONValue, version: Int64, standing: String? = nil) -> APIAnswer {
        APIAnswer(.ok, body, etag: EntityTag.of(version, standing))
    }

    /// A list with the cursor of its next page.
    static func list<Item>(_ list: APIList, _ page: Page<Item>, _ render: (Item) -> JSONValue) -> APIAnswer {
        let next = page.next.map { list.mark + $0 }
        return APIAnswer(.ok, ["items": .array(page.items.map(render)), "next": .optional(next)])
    }
}
