import Domain
import Foundation
import Transfer

/// What the accounts at all gateways have in common, read from a provider's URL and options. Times in seconds.
struct GatewaySettings: Sendable {
    static let knownOptions = ["window", "rate", "timeout", "ca-file", "price", "currency"]

    /// Without a slash at its end.
    let base: String
    let user: String
    /// Where the gateway shall report, from outside; nil where that is set up in the account, or not at all.
    let callback: String?
    let window: Int
    let rate: Double?
    /// Of one segment, where the gateway tells none.
    let price: Price?
    let client: HTTPClient.Configuration

    /// - Parameters:
    ///   - standardURL: taken where the account names none; nil where it must.
    ///   - rate: messages a second where the account names none.
    init(
        _ provider: Provider,
        _ options: ProviderOptions,
        standardURL: String?,
        rate standardRate: Double? = nil,
        callback: String?,
        reach: Reach
    ) throws(ProviderProblem) {
        base = try Self.base(provider.url.isEmpty ? standardURL ?? "" : provider.url, reach)
        user = provider.user
        self.callback = callback
        window = try options.integer("window", in: 1...64, else: 8)
        rate = try options.number("rate", in: 0.1...1_000) ?? standardRate
        price = try Self.price(options)
        var client = HTTPClient.Configuration()
        // An attempt has its outcome before it counts as lost, after 30 seconds.
        let timeout = try options.integer("timeout", in: 1...20, else: 15)
        client.timeout = .seconds(timeout)
        client.connectTimeout = .seconds(min(timeout, 5))
        client.certificates = try Self.certificates(options)
        client.reach = reach
        self.client = client
    }

    private static func base(_ url: String, _ reach: Reach) throws(ProviderProblem) -> String {
        let example = ProviderProblem.url("https://gateway.example/api")
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.query == nil, parts.fragment == nil, (1...65_535).contains(parts.port ?? 443),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw example }
        try reach.check(host: host)
        guard parts.scheme == "https" || parts.scheme == "http" else { throw example }
        guard parts.scheme == "https" || HTTPClient.isLoopback(host: host) else { throw .tlsNeeded }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private static func price(_ options: ProviderOptions) throws(ProviderProblem) -> Price? {
        let currency = options.text("currency") ?? "EUR"
        guard Price(decimal: "1", currency: currency) != nil else {
            throw .option(name: "currency", allowed: "three letters, such as EUR")
        }
        guard let text = options.text("price") else { return nil }
        guard !text.hasPrefix("-"), let price = Price(decimal: text, currency: currency) else {
            throw .option(name: "price", allowed: "a decimal number with a point, such as 0.075, for one segment")
        }
        return price
    }

    private static func certificates(_ options: ProviderOptions) throws(ProviderProblem) -> String? {
        guard let path = options.text("ca-file") else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw .option(name: "ca-file", allowed: "the path of a PEM file that this process can read")
        }
        return path
    }

    /// The base with a path behind it, and one more in between where the base does not end with that already: whoever
    /// sets a gateway up may give its host alone.
    func address(_ path: String, under folder: String) -> String {
        base.hasSuffix(folder) ? base + path : base + folder + path
    }
}
