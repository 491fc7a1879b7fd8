import Hummingbird

/// The body of a request to the JSON interface.
enum RequestText {
    /// 1 MiB; what is longer is refused with 413.
    static let limit = 1 << 20

    /// - Throws: ``Problem`` with status 413 or 415.
    static func read(_ request: Request, _ method: HTTPRequest.Method) async throws -> [UInt8] {
        guard method == .post || method == .patch else { return [] }
        if let type = request.headers[.contentType], !isJSON(type) {
            throw Problem(.unsupportedMediaType, "Send application/json.", headers: [.accept: accepted])
        }
        if let text = request.headers[.contentLength], let length = Int(text), length > limit { throw tooLong }
        var bytes: [UInt8] = []
        for try await part in request.body {
            bytes += part.readableBytesView
            if bytes.count > limit { throw tooLong }
        }
        return bytes
    }

    private static let accepted = "application/json, application/merge-patch+json"
    private static var tooLong: Problem { Problem(.contentTooLarge, "A body may have \(limit) bytes.") }

    /// A parameter behind the type, such as the charset, changes nothing: JSON is always UTF-8 (RFC 8259 §8.1).
    private static func isJSON(_ type: String) -> Bool {
        let name = type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        return name == "application/json" || name == "application/merge-patch+json"
    }
}
