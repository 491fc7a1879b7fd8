import Domain
import Foundation
import SMPP

/// The account at an SMSC, read from a provider's URL and options. Times in seconds.
struct SMPPSettings: Sendable {
    static let knownOptions = [
        "window", "rate", "bind", "message-id", "validity", "enquire-link", "response-timeout", "system-type",
        "service-type", "long",
    ]

    enum Bind: String, CaseIterable {
        case transceiver
    }

    /// How a text of more than one SM travels.
    enum LongText: String, CaseIterable {
        /// In one submit_sm, over 254 octets as message_payload; the SMSC cuts it, and owes one receipt.
        case payload
        /// In a submit_sm for each part, with the header that numbers them; each has an id and a receipt of its own.
        case parts
    }

    /// How the provider spells ids in receipts, beside how it spelled them in its answers.
    enum MessageID: String, CaseIterable {
        case auto, decimal, hex

        var base: ReceiptID.Base {
            switch self {
            case .auto: .auto
            case .decimal: .decimal
            case .hex: .hexadecimal
            }
        }
    }

    var client: SMPPClientConfiguration
    let rate: Double?
    let messageID: MessageID
    /// The longest validity that the provider takes.
    let longestValidity: Int
    let serviceType: String
    let longText: LongText
    /// Before parts are offered again that the SMSC did not take while it took others.
    var partPause = Duration.seconds(1)
    /// So long after the first offer no part is offered again.
    var partPatience = Duration.seconds(5)

    init(provider: Provider, secret: String) throws(ProviderProblem) {
        let options = try ProviderOptions(provider.options, known: Self.knownOptions)
        let (host, port) = try Self.address(provider.url)
        _ = try options.word("bind", else: Bind.transceiver)
        var client = SMPPClientConfiguration(host: host, port: port, systemID: provider.user, password: secret)
        client.systemType = options.text("system-type") ?? ""
        client.window = try options.integer("window", in: 1...1000, else: 64)
        client.enquireLinkInterval = .seconds(try options.integer("enquire-link", in: 1...3600, else: 30))
        // So that an attempt has its outcome before it counts as lost, after 30 seconds.
        client.responseTimeout = .seconds(try options.integer("response-timeout", in: 1...20, else: 10))
        self.client = client
        rate = try options.number("rate", in: 0.1...100_000)
        messageID = try options.word("message-id", else: MessageID.auto)
        longestValidity = try options.integer("validity", in: 60...2_592_000, else: 2_592_000)
        serviceType = options.text("service-type") ?? ""
        longText = try options.word("long", else: LongText.payload)
    }

    var isLoopback: Bool {
        client.host == "localhost" || client.host == "::1" || client.host.hasPrefix("127.")
    }

    private static func address(_ url: String) throws(ProviderProblem) -> (String, Int) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty
        else { throw .url("smpp://smsc.example:2775") }
        if scheme == "smpps" { throw .tlsNotBuilt }
        guard scheme == "smpp", parts.path.isEmpty || parts.path == "/" else { throw .url("smpp://smsc.example:2775") }
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let port = parts.port ?? 2775
        // A larger number would trap where it is made into a port.
        guard (1...65_535).contains(port) else { throw .url("smpp://smsc.example:2775") }
        return (bare, port)
    }
}
