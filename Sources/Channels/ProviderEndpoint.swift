import Domain
import Foundation
import Transfer

/// Where a provider's server listens: as its account names it, and else as its kind has it.
public struct ProviderEndpoint: Hashable, Sendable {
    /// A name or an address, an IPv6 one without brackets.
    public let host: String
    public let port: Int

    /// nil for the simulator, which has none, and for an address that cannot be read.
    public init?(_ provider: Provider) {
        let standard: String
        switch provider.kind {
        case .simulator, .mailbox: return nil
        case .smpp:
            guard let address = try? SMPPAddress(provider.url) else { return nil }
            (host, port) = (address.host, address.port)
            return
        case .seven: standard = Seven.standardURL
        case .websms: standard = Websms.standardURL
        case .twilio: standard = Twilio.standardURL
        case .http: standard = ""
        }
        guard let parts = URLComponents(string: provider.url.isEmpty ? standard : provider.url),
            let host = parts.host, !host.isEmpty
        else { return nil }
        self.host = Reach.bare(host)
        port = parts.port ?? (parts.scheme == "http" ? 80 : 443)
    }

    /// - Parameter mailServer: as a mailbox has it, `smtps://smtp.example.org:465`; nil where it cannot be read.
    public init?(mailServer: String) {
        guard let parts = URLComponents(string: mailServer), let host = parts.host, !host.isEmpty else { return nil }
        // RFC 8314 §3 and RFC 6409 §3.1: the ports of each protocol, with TLS from the start and without.
        let standard = ["smtps": 465, "smtp": 587, "imaps": 993, "imap": 143]
        guard let port = parts.port ?? parts.scheme.flatMap({ standard[$0.lowercased()] }) else { return nil }
        self.host = Reach.bare(host)
        self.port = port
    }
}
