import Domain
import Foundation
import Transfer

/// A request that options describe, with places for what a message fills in.
struct CustomRequest: Sendable {
    enum Method: String, CaseIterable {
        case post = "POST"
        case get = "GET"
        case put = "PUT"

        var sent: HTTPRequest.Method {
            switch self {
            case .post: .post
            case .get: .get
            case .put: .put
            }
        }
    }

    enum Authorization: String, CaseIterable {
        case none, basic, bearer
    }

    let method: HTTPRequest.Method
    private let url: Template
    /// Credentials, which are no template whatever characters they have.
    private let fixedHeaders: [String: String]
    private let headers: [String: Template]
    private let body: Template?

    /// The request that hands a message over.
    init(
        _ account: GatewayAccount,
        _ settings: GatewaySettings,
        _ options: CustomGateway.Options
    ) throws(ProviderProblem) {
        method = try options.single.word("method", else: Method.post).sent
        url = try Self.address(options.single.text("path") ?? "", settings.base, option: "path")
        fixedHeaders = try Self.credentials(account, options)
        var headers = try Self.headers(options)
        let text = options.single.text("body")
        if let text {
            if method == .get { throw .option(name: "body", allowed: "left out where the method is GET") }
            let type =
                options.single.text("content-type")
                ?? (Self.looksLikeJSON(text) ? "application/json" : "application/x-www-form-urlencoded")
            headers["Content-Type"] = try Template(type, option: "content-type", context: .plain)
            body = try Template(text, option: "body", context: Template.Context(contentType: type))
        } else {
            body = nil
        }
        self.headers = headers
        for ways in [[Template.Place.text, .textHex], [.to, .toDigits, .toZeros]] {
            let hasOne = ways.contains { url.has($0) || body?.has($0) == true }
            guard hasOne else {
                throw .option(
                    name: text == nil ? "path" : "body",
                    allowed: "a text with the place {\(ways[0].rawValue)}"
                )
            }
        }
    }

    /// The request that asks for one message.
    init(
        asking path: String,
        _ account: GatewayAccount,
        _ settings: GatewaySettings,
        _ options: CustomGateway.Options
    ) throws(ProviderProblem) {
        method = .get
        url = try Self.address(path, settings.base, option: "poll-path")
        fixedHeaders = try Self.credentials(account, options)
        headers = try Self.headers(options)
        body = nil
        // The reference of a message is not that of its second attempt, which its id tells apart.
        guard url.has(.id), !url.has(.reference) else {
            throw .option(
                name: "poll-path",
                allowed: "a path with the place {id}, which is our reference where the answer has no id, "
                    + "and without {reference}"
            )
        }
    }

    func filled(_ values: [Template.Place: String]) -> HTTPRequest {
        HTTPRequest(
            method,
            url.filled(values),
            headers: headers.mapValues { $0.filled(values) }.merging(fixedHeaders) { told, _ in told },
            body: Array((body?.filled(values) ?? "").utf8)
        )
    }

    /// A list, or a brace that no place begins with.
    private static func looksLikeJSON(_ text: String) -> Bool {
        text.hasPrefix("[") || text.hasPrefix("{") && text.dropFirst().first { !$0.isWhitespace } == "\""
    }

    private static func address(
        _ path: String,
        _ base: String,
        option: String
    ) throws(ProviderProblem) -> Template {
        guard path.isEmpty || path.hasPrefix("/") || path.hasPrefix("?"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw .option(name: option, allowed: "a path that begins with / or ?, percent-encoded where need be")
        }
        return try Template(base + path, option: option, context: .url)
    }

    private static func credentials(
        _ account: GatewayAccount,
        _ options: CustomGateway.Options
    ) throws(ProviderProblem) -> [String: String] {
        switch try options.single.word("auth", else: Authorization.none) {
        case .none: [:]
        case .basic: ["Authorization": BasicAuthorization.value(account.provider.user, account.secret)]
        case .bearer: ["Authorization": "Bearer " + account.secret]
        }
    }

    private static func headers(_ options: CustomGateway.Options) throws(ProviderProblem) -> [String: Template] {
        var headers: [String: Template] = [:]
        for (name, value) in options.tables["header."] ?? [:] {
            headers[name] = try Template(value, option: "header." + name, context: .plain)
        }
        return headers
    }
}
