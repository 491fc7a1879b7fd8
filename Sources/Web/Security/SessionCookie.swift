import Hummingbird
import Storage

/// The cookies that carry the session's token, and the word of a sign-in that waits for its code (RFC 6265 §4.1): out of
/// reach of scripts, not sent from other sites. Where browsers come by https, their names begin with `__Host-`, so that
/// no neighbouring host can set them (RFC 6265bis §4.1.3.2).
struct SessionCookie: Sendable {
    /// Whether browsers reach this server by https.
    let secure: Bool

    init(publicURL: String?) { secure = publicURL?.lowercased().hasPrefix("https://") ?? false }

    private var name: String { secure ? "__Host-vortag_session" : "vortag_session" }
    private var stepName: String { secure ? "__Host-vortag_step" : "vortag_step" }

    func token(of request: Request) -> String? { request.cookies[name]?.value }
    func opening(_ token: String) -> Cookie { cookie(name, token) }
    func closing() -> Cookie { cookie(name, nil) }

    /// The word of somebody whose code is awaited.
    func step(of request: Request) -> String? { request.cookies[stepName]?.value }
    func awaiting(_ word: String) -> Cookie { cookie(stepName, word) }
    func awaitingNoMore() -> Cookie { cookie(stepName, nil) }

    private func cookie(_ name: String, _ value: String?) -> Cookie {
        guard let value else {
            return Cookie(name: name, value: "", maxAge: 0, path: "/", secure: secure, httpOnly: true, sameSite: .lax)
        }
        return Cookie(name: name, value: value, path: "/", secure: secure, httpOnly: true, sameSite: .lax)
    }
}

/// Finds the session of the cookie; whether a page demands one is decided behind it.
struct SessionReader: RouterMiddleware {
    /// Stands on what scripts ask for by themselves; a session does not live on by it.
    private static let unattended = HeaderName("X-Vortag-Unattended")

    let pages: PageServices

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.isUnattended =
            request.uri.path == LogStream.path || Self.unattended.flatMap { request.headers[$0] } != nil
        context.session = try await session(of: request, keepingAlive: !context.isUnattended)
        return try await next(request, context)
    }

    /// nil where the cookie names none that still lasts.
    func session(of request: Request, keepingAlive: Bool) async throws -> Session? {
        guard let token = pages.cookie.token(of: request), !token.isEmpty else { return nil }
        return try await pages.storage.sessions.find(token, now: pages.now(), keepingAlive: keepingAlive)
    }
}
