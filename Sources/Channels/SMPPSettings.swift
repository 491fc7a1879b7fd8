import Domain
import Foundation
import SMPP
import Transfer

/// The account at an SMSC, read from a provider's URL and options. Times in seconds.
struct SMPPSettings: Sendable {
    static let knownOptions =
        [
            "window", "rate", "bind", "binds", "message-id", "enquire-link", "response-timeout", "system-type",
            "ca-file",
        ] + SMPPForm.knownOptions

    enum Bind: String, CaseIterable {
        case transceiver
        /// A transmitter and a receiver, on two connections.
        case pair

        func modes(_ count: Int) -> [BindMode] {
            let one: [BindMode] = self == .pair ? [.transmitter, .receiver] : [.transceiver]
            return Array(repeating: one, count: count).flatMap(\.self)
        }
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
    let form: SMPPForm
    /// Seconds since 1970.
    let unixTime: @Sendable () -> Int64
    /// Before parts are offered again that the SMSC did not take while it took others.
    var partPause = Duration.seconds(1)
    /// So long after the first offer no part is offered again.
    var partPatience = Duration.seconds(5)

    init(
        provider: Provider,
        secret: String,
        reach: Reach = .anywhere,
        unixTime: @escaping @Sendable () -> Int64
    ) throws(ProviderProblem) {
        let options = try ProviderOptions(provider.options, known: Self.knownOptions)
        let address = try SMPPAddress(provider.url)
        try reach.check(host: address.host)
        // SMPP 3.4 §4.1: 16 and 9 octets, the NUL at the end counted.
        for (field, text, limit) in [("user", provider.user, 15), ("secret-file", secret, 8)] {
            guard text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
                throw .tooLong(field: field, limit: limit)
            }
        }
        var client = SMPPClientConfiguration(
            host: address.host,
            port: address.port,
            systemID: provider.user,
            password: secret,
            tls: try Self.tls(address, options, unixTime)
        )
        if reach != .anywhere { client.allowsAddress = { reach.allows($0) } }
        client.binds = try options.word("bind", else: Bind.transceiver)
            .modes(try options.integer("binds", in: 1...10, else: 1))
        client.systemType = try options.text("system-type", upTo: 12)
        client.window = try options.integer("window", in: 1...1000, else: 64)
        client.enquireLinkInterval = .seconds(try options.integer("enquire-link", in: 1...3600, else: 30))
        // An attempt counts as lost after 30 seconds. It has its outcome before, the wait for the window included.
        let timeout = try options.integer("response-timeout", in: 1...20, else: 10)
        client.responseTimeout = .seconds(timeout)
        client.patience = .seconds(min(2 * timeout, 28 - timeout))
        self.client = client
        self.unixTime = unixTime
        rate = try options.number("rate", in: 0.1...100_000)
        messageID = try options.word("message-id", else: MessageID.auto)
        form = try SMPPForm(options)
    }

    /// Messages that may be on their way at once, over all sessions.
    var window: Int { client.window * client.binds.count(where: \.mayTransmit) }

    private static func tls(
        _ address: SMPPAddress,
        _ options: ProviderOptions,
        _ unixTime: @escaping @Sendable () -> Int64
    ) throws(ProviderProblem) -> SMPPClientTLS? {
        guard let path = options.text("ca-file") else {
            return address.isSecure ? SMPPClientTLS(unixTime: unixTime) : nil
        }
        guard address.isSecure else {
            throw .option(name: "ca-file", allowed: "left out, unless --url begins with smpps://")
        }
        guard let pem = pem(at: path), SMPPClientTLS.isReadable(pem: pem) else {
            throw .option(
                name: "ca-file",
                allowed: "the absolute path of a PEM file with certificates that can be read"
            )
        }
        return SMPPClientTLS(authorities: .pem(pem), unixTime: unixTime)
    }

    /// A device or a pipe would be read for ever, and no list of authorities is larger than a megabyte.
    private static func pem(at path: String) -> [UInt8]? {
        guard path.hasPrefix("/"),
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            ),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let size = attributes[.size] as? NSNumber, size.intValue <= 1_048_576,
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        return Array(data)
    }
}

/// `smpp://host`, or `smpps://host` for TLS, with a port where it is not 2775.
struct SMPPAddress: Hashable, Sendable {
    let host: String
    let port: Int
    let isSecure: Bool

    init(_ url: String) throws(ProviderProblem) {
        let example = ProviderProblem.url("smpp://smsc.example:2775 or smpps://smsc.example:3550")
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty,
            scheme == "smpp" || scheme == "smpps", parts.path.isEmpty || parts.path == "/"
        else { throw example }
        isSecure = scheme == "smpps"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        // No port is registered for SMPP over TLS; many providers use 3550.
        port = parts.port ?? 2775
        // A larger number would trap where it is made into a port.
        guard (1...65_535).contains(port) else { throw example }
    }
}
