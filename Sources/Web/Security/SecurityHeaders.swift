// What protects the pages: headers, the session cookie, the token against forged forms, the brake at sign-in.
// Sessions and passwords themselves are kept by Storage.
// Nothing of a page's contents is known here.

import Foundation
import Hummingbird

/// The name of a header, for those that the library does not list.
typealias HeaderName = HTTPFields.Element.Name

/// Puts the headers on every answer of the pages that keep a browser from doing what the pages never ask for.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WebContext

    let random: @Sendable (Int) -> [UInt8]
    /// Whether browsers reach this server by https, and are to come by nothing else (RFC 6797).
    let isSecure: Bool

    /// Content Security Policy Level 3 §6: nothing but this server's own scripts, styles, pictures and requests. A script
    /// may add a style element where it shows the answer's nonce; FullCalendar's brings the font of its icons along.
    private static func policy(_ nonce: String) -> String {
        [
            "default-src 'none'", "script-src 'self'", "style-src 'self' 'nonce-\(nonce)'", "img-src 'self' data:",
            "font-src data:",
            "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
            "manifest-src 'self'",
        ].joined(separator: "; ")
    }

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.styleNonce = Data(random(16)).base64EncodedString()
        var response = try await next(request, context)
        Self.set("Content-Security-Policy", Self.policy(context.styleNonce), on: &response)
        Self.set("Referrer-Policy", "same-origin", on: &response)
        Self.set("X-Content-Type-Options", "nosniff", on: &response)
        Self.set("Cross-Origin-Opener-Policy", "same-origin", on: &response)
        if isSecure { Self.set("Strict-Transport-Security", "max-age=31536000", on: &response) }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private static func set(_ name: String, _ value: String, on response: inout Response) {
        guard let name = HeaderName(name) else { return }
        response.headers[name] = value
    }
}
