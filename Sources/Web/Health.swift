import Domain
import Foundation
import Hummingbird
import Logging
import Storage

/// What machines ask about the server: is it alive, can it work, how much did it do.
func addHealth(to router: Router<WebContext>, _ services: WebServices) {
    router.get("/healthz") { _, _ in "alive\n" }
    router.get("/readyz") { _, context in await readiness(services, context) }
    router.get("/metrics") { request, context in
        if !isNearby(request, context) {
            _ = try await Bearer.token(request.headers, services.storage, now: services.now())
        }
        let text = Metrics.text(Metrics.gauges(try await services.storage.counts(now: services.now())))
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// Whether this machine itself asks. What a reverse proxy hands on comes from loopback too, but from afar.
private func isNearby(_ request: Request, _ context: WebContext) -> Bool {
    let forwarding = ["forwarded", "x-forwarded-for"]
    return context.isFromLoopback && !request.headers.contains { forwarding.contains($0.name.canonicalName) }
}

/// 200 where the database answers and its schema is ours, else 503.
private func readiness(_ services: WebServices, _ context: WebContext) async -> Response {
    do {
        try await services.storage.checkSchema()
        return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "ready\n")))
    } catch StorageError.notMigrated(let found, let expected) {
        let line = "the database has schema \(found), this program needs \(expected): vortag migrate\n"
        return Response(status: .serviceUnavailable, body: .init(byteBuffer: ByteBuffer(string: line)))
    } catch {
        context.logger.error("not ready", metadata: ["error": .string(String(reflecting: type(of: error)))])
        let line = "the database does not answer\n"
        return Response(status: .serviceUnavailable, body: .init(byteBuffer: ByteBuffer(string: line)))
    }
}
