import Domain
import Foundation
import Transfer

/// A gateway that is described by options: what to send, how to read the answer, what calls of it look like.
/// docs/providers/http.md explains each option.
enum CustomGateway {
    static let knownOptions =
        GatewaySettings.knownOptions + [
            "method", "path", "body", "content-type", "auth", "ok", "ok-body", "id-path", "id-regex", "id-header",
            "price-path", "error-path", "poll-path", "poll-status-path", "poll-price-path", "receipt-list-path",
            "receipt-id-path", "receipt-status-path", "receipt-detail-path", "inbound-from-path", "inbound-to-path",
            "inbound-text-path", "inbound-id-path", "reply", "reply-type",
        ]
    /// Options of which there may be many: the rest of the name is a header, an outcome, a code, a word.
    static let tables = ["header.", "match.", "error.", "status."]

    struct Options: Sendable {
        let single: ProviderOptions
        /// By table, `status.`, and in it by the rest of the name.
        let tables: [String: [String: String]]

        init(_ provider: Provider) throws(ProviderProblem) {
            var single = provider.options
            var tables: [String: [String: String]] = [:]
            for (name, value) in provider.options {
                guard let table = CustomGateway.tables.first(where: { name.hasPrefix($0) && name != $0 }) else {
                    continue
                }
                single[name] = nil
                tables[table, default: [:]][String(name.dropFirst(table.count))] = value
            }
            let known = knownOptions + CustomGateway.tables.map { $0 + "…" }
            self.single = try ProviderOptions(single, known: known)
            self.tables = tables
        }
    }

    static func gateway(_ account: GatewayAccount) throws(ProviderProblem) -> (GatewaySettings, GatewaySpec) {
        let options = try Options(account.provider)
        let settings = try account.settings(options.single, standardURL: nil)
        let request = try CustomRequest(account, settings, options)
        let reader = try CustomAnswer(options)
        let calls = try CustomCalls(options, isKnownByOurs: reader.isKnownByOurs)
        var spec = GatewaySpec(
            submission: { message in
                request.filled(
                    [Template.Place: String](
                        message,
                        user: settings.user,
                        secret: account.secret,
                        callback: settings.callback
                    )
                )
            },
            outcome: reader.outcome
        )
        spec.events = { (hook) throws(HookProblem) in try calls.events(hook) }
        spec.inquiry = try inquiry(account, settings, options, calls.words)
        return (settings, spec)
    }

    /// What a call is answered with.
    static func reply(_ options: [String: String]) -> HookReply {
        let standard = HookReply()
        return HookReply(
            contentType: options["reply-type"] ?? standard.contentType,
            body: options["reply"] ?? standard.body
        )
    }

    private static func inquiry(
        _ account: GatewayAccount,
        _ settings: GatewaySettings,
        _ options: Options,
        _ words: StatusWords
    ) throws(ProviderProblem) -> GatewaySpec.Inquiry? {
        guard let path = options.single.text("poll-path") else { return nil }
        guard let statusPath = options.single.text("poll-status-path") else {
            throw .option(name: "poll-status-path", allowed: "given where poll-path is")
        }
        let request = try CustomRequest(asking: path, account, settings, options)
        let pricePath = options.single.text("poll-price-path")
        let currency = options.single.text("currency") ?? "EUR"
        return GatewaySpec.Inquiry(
            request: { message in
                message.providerMessageID.map { id in
                    request.filled([.id: id, .user: settings.user, .secret: account.secret])
                }
            },
            news: { response, message in
                guard let id = message.providerMessageID,
                    let word = CustomBody(response)?.text(at: statusPath), !word.isEmpty
                else { return nil }
                let price = pricePath.flatMap { CustomBody(response)?.text(at: $0) }
                return DeliveryReceipt(
                    reference: ProviderReference(raw: id),
                    status: words.status(word),
                    detail: GatewayID.word(word),
                    raw: "asked id:\(id) status:\(GatewayID.word(word))",
                    price: price.flatMap { Price(decimal: $0, currency: currency) }
                )
            }
        )
    }
}

/// A body in which a value is found by its path in JSON, or by its name in a form.
enum CustomBody: Sendable {
    case json(JSON)
    case form(FormFields)

    init?(_ response: HTTPResponse) {
        guard let json = JSON(response.body) else { return nil }
        self = .json(json)
    }

    init?(_ hook: StoredHook) {
        if let json = JSON(hook.body) {
            self = .json(json)
        } else {
            guard !hook.isJSON, let form = FormFields(hook.body), !form.fields.isEmpty else { return nil }
            self = .form(form)
        }
    }

    func text(at path: String) -> String? {
        switch self {
        case .json(let json): json.at(path)?.text
        case .form(let form): form[path]
        }
    }
}
