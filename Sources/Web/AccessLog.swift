import Domain
import Hummingbird
import Logging

/// One line for each request: method, route, status, duration. Never the address itself, which may hold what a person
/// searched for, nor a header or a body.
struct AccessLog: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        context.logger.info(
            "request",
            metadata: [
                "method": .string(request.method.rawValue), "route": .string(context.endpointPath ?? "none"),
                "status": .stringConvertible(response.status.code), "milliseconds": .stringConvertible(milliseconds),
            ]
        )
        return response
    }
}

/// Turns every error that nothing else turned into an answer into one, so that no handler's error is lost or leaked.
struct LastResort: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            if let problem = Problem(error) {
                return answer(problem, request)
            }
            // The type alone: an error's own words may quote what a person wrote.
            context.logger.error("request failed", metadata: ["error": .string(String(reflecting: type(of: error)))])
            return answer(Problem(.internalServerError), request)
        }
    }

    /// The interface's callers get the document, browsers a line of text.
    private func answer(_ problem: Problem, _ request: Request) -> Response {
        if request.uri.path.hasPrefix("/api/") || request.uri.path == "/api" {
            return problem.response { $0.code.rawValue }
        }
        let line = "\(problem.status.code) \(problem.status.reasonPhrase)\n"
        var headers = problem.headers
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: problem.status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: line))
        )
    }
}
