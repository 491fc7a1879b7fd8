import Foundation

/// A mail server as the form has it: host with or without a port, and how the line is encrypted. The address that is
/// kept (`smtps://smtp.example.org:465`) is put together of both.
struct MailServerText: Hashable, Sendable {
    /// How the line is encrypted.
    enum Security: String, CaseIterable, Sendable {
        /// From the first byte on (RFC 8314 §3).
        case tls
        /// By a command on a line in the clear (RFC 3207, RFC 9051 §6.2.1).
        case startTLS = "starttls"
    }

    /// What kind of server it is, by the scheme of its address.
    enum Kind: String, Sendable {
        case smtp, imap

        func port(_ security: Security) -> Int {
            switch (self, security) {
            case (.smtp, .tls): 465
            case (.smtp, .startTLS): 587
            case (.imap, .tls): 993
            case (.imap, .startTLS): 143
            }
        }
    }

    var host: String
    var security: Security

    init(host: String, security: Security) {
        self.host = host
        self.security = security
    }

    /// Takes an address apart; what is no address stands as it is.
    init(_ url: String, _ kind: Kind) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host else {
            (self.host, security) = (url, .tls)
            return
        }
        let security: Security = scheme == kind.rawValue ? .startTLS : .tls
        self.security = security
        self.host = parts.port.map { $0 == kind.port(security) ? host : "\(host):\($0)" } ?? host
    }

    /// The address, with the usual port where none stands; empty where nothing stands.
    func url(_ kind: Kind) -> String {
        let text = host.trimmingCharacters(in: .whitespaces)
        if text.isEmpty || text.contains("://") { return text }
        let scheme = security == .tls ? kind.rawValue + "s" : kind.rawValue
        let hasPort = text.split(separator: "]").last?.contains(":") ?? false
        return "\(scheme)://\(text)" + (hasPort ? "" : ":\(kind.port(security))")
    }
}
