import Domain
import Foundation
import Hummingbird
import Storage

/// One method of one path below `/api/v1`.
struct APIRoute: Sendable {
    typealias Handler = @Sendable (APICall) async throws -> APIAnswer

    let method: HTTPRequest.Method
    let path: String
    /// Whether the token must be one that may write.
    let writes: Bool
    let handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, writes: Bool? = nil, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.writes = writes ?? (method != .get)
        self.handler = handler
    }

    /// What the record of who changed what says of a request; nil where nothing changes. Reading is not on record: programs
    /// read everything, all the time.
    var deed: AuditEntry.Deed? {
        switch method {
        case _ where !writes: nil
        case .post: .created
        case .delete: .deleted
        default: .changed
        }
    }

    /// nil where a request changes no record of its own.
    var subject: AuditEntry.Subject? {
        switch path.split(separator: "/").first {
        case "practice": .practice
        case "locations": .location
        case "practitioners": .practitioner
        case "patients": .patient
        case "appointments": .appointment
        case "inbound": .answer
        default: nil
        }
    }

    static let all: [APIRoute] =
        PracticeAPI.routes + LocationsAPI.routes + PractitionersAPI.routes + PatientsAPI.routes
        + AppointmentsAPI.routes + MessagesAPI.routes + SMSPreviewAPI.routes + ForecastAPI.routes + InboundAPI.routes
        + UsageAPI.routes
}

/// The JSON interface: every route of the table, a 405 for the other methods, and its own description.
func addAPI(to router: Router<WebContext>, _ services: WebServices) throws {
    let root = "/api/v1"
    let gate = IdempotencyGate()
    for route in APIRoute.all {
        let stage = APIStage(route: route, services: services, gate: gate)
        router.on(RouterPath(root + route.path), method: route.method) { try await stage.respond($0, $1) }
    }
    for (path, routes) in Dictionary(grouping: APIRoute.all, by: \.path) {
        refuseOthers(on: router, RouterPath(root + path), allowed: routes.map(\.method))
    }
    let description = try Data(contentsOf: services.resources.appending(path: "api/openapi.json"))
    router.get(RouterPath(root + "/openapi.json")) { _, _ in
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: description))
        )
    }
    refuseOthers(on: router, RouterPath(root + "/openapi.json"), allowed: [.get])
}

/// RFC 9110 §15.5.6: says which methods there are.
private func refuseOthers(on router: Router<WebContext>, _ path: RouterPath, allowed: [HTTPRequest.Method]) {
    let known: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]
    let head: [HTTPRequest.Method] = allowed.contains(.get) ? [.head] : []
    let names = (known.filter(allowed.contains) + head).map(\.rawValue).joined(separator: ", ")
    for method in known where !allowed.contains(method) {
        router.on(path, method: method) { _, _ -> Response in
            throw Problem(.methodNotAllowed, headers: [.allow: names])
        }
    }
}

/// What stands between the network and a handler: token, scope, body, repetition; and the way back.
struct APIStage: Sendable {
    let route: APIRoute
    let services: WebServices
    let gate: IdempotencyGate

    func respond(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = try await Bearer.token(request.headers, services.storage, now: services.now())
        if route.writes, token.scope != .write { throw Problem.readOnly }
        let practice = try await services.storage.practices.find(token.practiceID)
        do {
            let call = APICall(
                services: services,
                token: token,
                practice: practice,
                now: services.now(),
                headers: request.headers,
                parameters: context.parameters,
                query: QueryParameters(request.uri.query),
                body: try await RequestText.read(request, route.method)
            )
            let answer = try await answer(call, path: request.uri.path)
            return answer.response(path: request.uri.path)
        } catch let late as LateChange {
            return Problem.late(late, zone: practice.timeZone).response { sentence($0, practice) }
        } catch {
            guard let problem = Problem(error) else { throw error }
            return problem.response { sentence($0, practice) }
        }
    }

    private func answer(_ call: APICall, path: String) async throws -> StoredAnswer {
        guard route.method == .post, let key = try IdempotencyKey(call.headers) else {
            return StoredAnswer(try await handled(call))
        }
        let fingerprint = key.fingerprint(path: path, body: call.body)
        return try await gate.alone(key.value, call.practice.id) {
            let requests = call.storage.requests
            let before = try await requests.remembered(call.practice.id, key: key.value, fingerprint: fingerprint)
            if let before { return before }
            let answer = StoredAnswer(try await handled(call))
            try await requests.remember(
                call.practice.id,
                key: key.value,
                fingerprint: fingerprint,
                answer: answer,
                now: call.now
            )
            return answer
        }
    }

    /// The handler's answer; what it changed goes on record.
    private func handled(_ call: APICall) async throws -> APIAnswer {
        let answer = try await route.handler(call)
        guard let deed = route.deed, let subject = route.subject, answer.status.kind == .successful else {
            return answer
        }
        var id = call.parameters.get("id").flatMap { Int64($0) }
        if case .string(let text)? = answer.body?["id"], id == nil { id = Int64(text) }
        try await call.storage.audit.note(call.practice.id, Actor(call.token), deed, subject, id, now: call.now)
        return answer
    }

    private func sentence(_ problem: FieldProblem, _ practice: Practice) -> String {
        services.catalogue.sentence(problem, practice.language)
    }
}
