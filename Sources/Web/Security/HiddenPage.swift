import Hummingbird

/// Keeps a page out of search engines, and its address, which is a secret, from whatever a link leads to.
struct HiddenPage: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in [("X-Robots-Tag", "noindex, nofollow, noarchive"), ("Referrer-Policy", "no-referrer")] {
            if let name = HeaderName(name) { response.headers[name] = value }
        }
        return response
    }
}
