import Domain
import Hummingbird
import Storage

extension StoredAnswer {
    /// The bytes of a handler's answer.
    init(_ answer: APIAnswer) {
        self.init(status: answer.status.code, body: answer.body?.bytes ?? [], etag: answer.etag)
    }

    /// The answer on its way; what was created tells where it is (RFC 9110 §15.3.2).
    func response(path: String) -> Response {
        var headers: HTTPFields = [.cacheControl: "private, no-cache"]
        if !body.isEmpty { headers[.contentType] = "application/json" }
        if let etag { headers[.eTag] = etag }
        let status = HTTPResponse.Status(code: status)
        if status == .created, case .string(let id)? = (try? JSONValue(parsing: body))?["id"] {
            headers[.location] = path.hasSuffix("/") ? path + id : path + "/" + id
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension Problem {
    /// RFC 9457 §3.
    func response(_ sentence: (FieldProblem) -> String) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: document(sentence).bytes))
        )
    }
}
