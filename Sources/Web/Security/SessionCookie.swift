import Hummingbird
import Storage

/// The cookie that carries the session's token (RFC 6265 §4.1): out of reach of scripts, not sent from other sites.
struct SessionCookie: Sendable {
    static let name = "vortag_session"

    /// Whether browsers reach this server by https.
    let secure: Bool

    init(publicURL: String?) { secure = publicURL?.lowercased().hasPrefix("https://") ?? false }

    func token(of request: Request) -> String? { request.cookies[Self.name]?.value }

    func opening(_ token: String) -> Cookie {
        Cookie(name: Self.name, value: token, path: "/", secure: secure, httpOnly: true, sameSite: .lax)
    }

    func closing() -> Cookie {
        Cookie(name: Self.name, value: "", maxAge: 0, path: "/", secure: secure, httpOnly: true, sameSite: .lax)
    }
}

/// Finds the session of the cookie; whether a page demands one is decided behind it.
struct SessionReader: RouterMiddleware {
    let pages: PageServices

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let token = pages.cookie.token(of: request), !token.isEmpty {
            context.session = try await pages.storage.sessions.find(
                token,
                now: pages.now(),
                keepingAlive: request.uri.path != LogStream.path
            )
        }
        return try await next(request, context)
    }
}
