import Domain
import Foundation
import Transfer

/// seven.io (formerly sms77), its SMS API of 2026: docs.seven.io/en/rest-api, and github.com/seven-io/api-schemes.
///
/// Answers are judged by their body first: they come with HTTP 200 also where a message was refused.
enum Seven {
    static let standardURL = "https://gateway.seven.io/api"
    static let knownOptions = GatewaySettings.knownOptions + ["label"]
    /// Minutes: at least one, and at most what the API takes by itself where nothing is said, 48 hours.
    private static let validity = 1...2880

    static func gateway(_ account: GatewayAccount) throws(ProviderProblem) -> (GatewaySettings, GatewaySpec) {
        let options = try ProviderOptions(account.provider.options, known: knownOptions)
        // Ten a second an account; more is queued there (help.seven.io, article 12974526).
        let settings = try account.settings(options, standardURL: standardURL, rate: 10)
        guard let key = account.secretWords.first, account.secretWords.count <= 2 else {
            throw .secret("the API key, or the API key, a blank and the signing key")
        }
        let label = try label(options)
        let headers = ["X-Api-Key": key, "Accept": "application/json"]
        let send = settings.address("/sms", under: "/api")
        let journal = settings.address("/journal/outbound", under: "/api")
        let spec = GatewaySpec(
            submission: { submission($0, send, headers, label: label) },
            outcome: outcome,
            inquiry: GatewaySpec.Inquiry(
                request: { message in
                    message.providerMessageID.map { id in
                        HTTPRequest(.get, journal + "?id=" + FormFields.encoded(id), headers: headers)
                    }
                },
                news: news
            ),
            search: GatewaySpec.Search(
                request: { page(of: $0, at: journal, headers, page: 1) },
                step: { response, message, number in
                    step(response, message) { page(of: message, at: journal, headers, page: number + 1) }
                }
            ),
            events: events
        )
        return (settings, spec)
    }

    /// A label's form: at most 100 letters, digits and `.-_@`.
    private static func label(_ options: ProviderOptions) throws(ProviderProblem) -> String? {
        guard let label = options.text("label") else { return nil }
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_@")
        guard (1...100).contains(label.count), label.allSatisfy(allowed.contains) else {
            throw .option(name: "label", allowed: "at most 100 letters, digits and . - _ @")
        }
        return label
    }

    private static func submission(
        _ message: OutgoingSMS,
        _ url: String,
        _ headers: [String: String],
        label: String?
    ) -> HTTPRequest {
        let minutes = min(max(message.validitySeconds / 60, validity.lowerBound), validity.upperBound)
        var fields = FormFields([
            "to": message.recipient, "from": message.sender.bare, "text": message.text, "ttl": String(minutes),
            "foreign_id": AttemptReference.of(message),
        ]).fields
        if let label { fields.append(FormFields.Field(name: "label", value: label)) }
        return HTTPRequest(
            .post,
            url,
            headers: headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 },
            body: Array(FormFields(fields).encoded.utf8)
        )
    }

    static func outcome(_ response: HTTPResponse, _ message: OutgoingSMS) -> SendOutcome {
        guard let answer = JSON(response.body) else { return .unread(status: response.status) }
        guard let messages = answer["messages"]?.items else {
            // A fault of the whole request comes as the bare code, or as an object with it.
            let code = answer.code ?? answer["success"]?.code ?? answer["code"]?.code ?? answer["error_code"]?.code
            return code.map { outcome(code: $0, message, response) } ?? .unread(status: response.status)
        }
        // One recipient is asked for, so one message is answered for.
        guard messages.count == 1 else {
            let code = answer["success"]?.code
            return code.map { outcome(code: $0, message, response) } ?? .unread(status: response.status)
        }
        let entry = messages[0]
        guard entry["success"]?.isTrue == true else {
            guard let code = entry["error"]?.code ?? answer["success"]?.code else {
                return .unread(status: response.status)
            }
            return outcome(code: code, message, response)
        }
        guard response.isSuccess, answer["success"]?.code == 100, let id = GatewayID.read(entry["id"]) else {
            return .unknown(detail: "taken, but not as documented")
        }
        return .accepted(ProviderReference(raw: id), price: price(entry["price"]))
    }

    /// Prices are in euros.
    static func price(_ value: JSON?) -> Price? { value?.text.flatMap { Price(decimal: $0, currency: "EUR") } }

    private static func outcome(code: Int, _ message: OutgoingSMS, _ response: HTTPResponse) -> SendOutcome {
        // "The same within three minutes": for a further attempt that may be the one before.
        if code == 402, message.attempt > 1 { return .unknown(detail: "402 reload lock") }
        return SevenTables.outcome(code) ?? .unread(status: response.status)
    }
}
