// The addresses that providers call (webhooks). A call is judged, put on record as it came, and answered; what it says is
// read by the engine.

import Crypto
import Domain
import Foundation
import Hummingbird
import Logging
import Storage

/// `POST /hooks/sms/{provider}/{secret}`; also GET, by which some gateways report (kind `http`).
func addHooks(to router: Router<WebContext>, _ services: WebServices) {
    let calls = HookCalls(services: services)
    for method in [HTTPRequest.Method.post, .get] {
        router.on("/hooks/sms/:provider/:secret", method: method) { request, context in
            try await calls.answer(
                request,
                provider: try context.parameters.require("provider"),
                secret: try context.parameters.require("secret")
            )
        }
    }
}

private struct HookCalls: Sendable {
    /// No documented call comes near this, in bytes.
    static let largest = 256 * 1_024

    let services: WebServices

    func answer(_ request: Request, provider name: String, secret: String) async throws -> Response {
        guard let provider = try await known(name, secret) else { throw HTTPError(.notFound) }
        if request.method != .post, provider.kind != .http { throw HTTPError(.methodNotAllowed) }
        let body = try await Self.body(of: request)
        let call = HookRequest(
            method: request.method.rawValue,
            url: address(of: request),
            headers: Self.headers(of: request),
            body: body,
            receivedAt: services.now()
        )
        let account = try await services.storage.providers.secret(of: provider.id)
        switch services.providers.verifyHook(provider, account, call) {
        case .refused(let reason):
            services.logger.warning(
                "a call in a provider's name was refused",
                metadata: ["provider": "\(provider.id)", "reason": "\(reason)"]
            )
            throw HTTPError(.forbidden)
        case .genuine(let fingerprint, let reply):
            // One that came before is answered like the first time, and changes nothing.
            _ = try await services.storage.hooks.store(StoredHook(call), of: provider.id, fingerprint: fingerprint)
            return Self.response(reply)
        }
    }

    private static func body(of request: Request) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in request.body {
            bytes += part.readableBytesView
            if bytes.count > largest { throw HTTPError(.contentTooLarge) }
        }
        return bytes
    }

    /// nil where there is no such provider, or the secret is not its own; the two are not told apart.
    private func known(_ name: String, _ secret: String) async throws -> Provider? {
        do {
            let provider = try await services.storage.providers.find(name: name)
            guard let word = try await services.storage.providers.hookSecret(of: provider.id) else { return nil }
            // Digests of one length are compared, so that the time tells nothing of the word.
            return SHA256.hash(data: Data(word.utf8)) == SHA256.hash(data: Data(secret.utf8)) ? provider : nil
        } catch StorageError.notFound {
            return nil
        }
    }

    /// As the provider called it.
    private func address(of request: Request) -> String {
        let path = request.uri.description
        if let publicURL = services.publicURL { return publicURL + path }
        return "http://" + (request.head.authority ?? "localhost") + path
    }

    private static func headers(of request: Request) -> [String: String] {
        Dictionary(request.headers.map { ($0.name.canonicalName, $0.value) }) { first, next in first + ", " + next }
    }

    private static func response(_ reply: HookReply) -> Response {
        var headers = HTTPFields()
        if !reply.contentType.isEmpty { headers[.contentType] = reply.contentType }
        return Response(
            status: .init(code: reply.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: reply.body))
        )
    }
}
