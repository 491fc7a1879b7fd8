import Domain
import Foundation
import Transfer

/// Twilio Programmable Messaging, API version 2010-04-01: github.com/twilio/twilio-oai (`twilio_api_v2010.json`) and
/// twilio.com/docs/messaging.
enum Twilio {
    static let standardURL = "https://api.twilio.com"
    static let knownOptions = GatewaySettings.knownOptions + ["api-key", "messaging-service"]
    static let version = "/2010-04-01"
    /// Seconds in Twilio's queue. The interface takes one, and advises against five and less.
    private static let validity = 10...36_000

    static func gateway(_ account: GatewayAccount) throws(ProviderProblem) -> (GatewaySettings, GatewaySpec) {
        let options = try ProviderOptions(account.provider.options, known: knownOptions)
        let settings = try account.settings(options, standardURL: standardURL)
        guard let sid = GatewayID.read(settings.user) else { throw .user("the account SID, which begins with AC") }
        let headers = [
            "Authorization": try credentials(account, options), "Accept": "application/json",
        ]
        let service = options.text("messaging-service")
        let callback = settings.callback
        let messages = settings.address("/Accounts/\(FormFields.encoded(sid))/Messages", under: version)
        let root = settings.address("", under: version).dropLast(version.count)
        let spec = GatewaySpec(
            submission: { submission($0, messages + ".json", headers, service: service, callback: callback) },
            outcome: outcome,
            inquiry: GatewaySpec.Inquiry(
                request: { message in
                    message.providerMessageID.map { id in
                        HTTPRequest(.get, messages + "/" + FormFields.encoded(id) + ".json", headers: headers)
                    }
                },
                news: news
            ),
            search: GatewaySpec.Search(
                request: { message in
                    let query = FormFields(["To": message.recipient, "PageSize": "100"]).encoded
                    return HTTPRequest(.get, messages + ".json?" + query, headers: headers)
                },
                step: { response, message, _ in
                    step(response, message) { HTTPRequest(.get, root + $0, headers: headers) }
                }
            ),
            events: events
        )
        return (settings, spec)
    }

    /// The account's AuthToken signs what Twilio sends, also where another key is used for what we send.
    private static func credentials(
        _ account: GatewayAccount,
        _ options: ProviderOptions
    ) throws(ProviderProblem) -> String {
        let words = account.secretWords
        guard let key = options.text("api-key") else {
            guard words.count == 1 else { throw .secret("the AuthToken") }
            return BasicAuthorization.value(account.provider.user, words[0])
        }
        guard words.count == 2 else { throw .secret("the AuthToken, a blank and the secret of the API key") }
        return BasicAuthorization.value(key, words[1])
    }

    private static func submission(
        _ message: OutgoingSMS,
        _ url: String,
        _ headers: [String: String],
        service: String?,
        callback: String?
    ) -> HTTPRequest {
        let validity = min(max(message.validitySeconds, validity.lowerBound), validity.upperBound)
        var fields = FormFields([
            "To": message.recipient, "Body": message.text, "ValidityPeriod": String(validity),
        ]).fields
        // The service chooses among its own senders.
        fields.append(
            service.map { FormFields.Field(name: "MessagingServiceSid", value: $0) }
                ?? FormFields.Field(name: "From", value: message.sender.plussed)
        )
        if let callback { fields.append(FormFields.Field(name: "StatusCallback", value: callback)) }
        return HTTPRequest(
            .post,
            url,
            headers: headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 },
            body: Array(FormFields(fields).encoded.utf8)
        )
    }

    static func outcome(_ response: HTTPResponse, _: OutgoingSMS) -> SendOutcome {
        guard let answer = JSON(response.body) else { return .unread(status: response.status) }
        guard response.isSuccess else {
            let code = answer["code"]?.code
            return code.flatMap(TwilioTables.outcome) ?? .unread(status: response.status)
        }
        guard let id = GatewayID.read(answer["sid"]), let word = answer["status"]?.string else {
            return .unread(status: response.status)
        }
        let status = TwilioTables.status(word, error: answer["error_code"]?.code)
        if word == "failed" || word == "undelivered" { return .refused(status, detail: detail(answer)) }
        return .accepted(ProviderReference(raw: id), price: price(answer))
    }

    /// State and error code, without the texts beside them.
    static func detail(_ answer: JSON) -> String {
        let code = answer["error_code"]?.code.map { " \($0)" } ?? ""
        return GatewayID.word(answer["status"]?.string) + code
    }

    /// Known some time after sending; what is charged comes with a minus.
    static func price(_ answer: JSON) -> Price? {
        guard let amount = answer["price"]?.text, let currency = answer["price_unit"]?.string else { return nil }
        return Price(decimal: amount, currency: currency)
    }
}
