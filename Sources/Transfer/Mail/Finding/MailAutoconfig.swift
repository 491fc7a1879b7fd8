/// The file in which a domain tells mail programs its settings (draft-ietf-mailmaint-autoconfig, version 1.1 of the
/// format that Thunderbird began). Only what leads to a protected connection is taken.
public struct MailAutoconfig: Hashable, Sendable {
    public struct Service: Hashable, Sendable {
        public let scheme: MailServer.Scheme
        public let host: String
        public let port: Int
        public let user: String
        /// Whether only OAuth 2 is offered.
        public let isTokenOnly: Bool

        /// As an account has it; the port is left out where it is the scheme's own.
        public var url: String { MailServer.url(scheme, host, port) }
    }

    public let outgoing: Service
    public let incoming: Service?

    /// Where a domain may have the file, the preferred place first. The address itself is not sent: nobody asked its
    /// owner, and the answer need not depend on it.
    public static func places(in domain: String) -> [String] {
        [
            "https://autoconfig.\(domain)/mail/config-v1.1.xml",
            "https://\(domain)/.well-known/autoconfig/mail/config-v1.1.xml",
        ]
    }

    /// nil where the document is none, or offers no way to send that is protected.
    ///
    /// - Parameter address: whose parts stand in for the placeholders.
    public init?(_ document: [UInt8], for address: String) {
        guard let root = XMLTree.read(document), root.name == "clientConfig",
            let provider = root.children("emailProvider").first
        else { return nil }
        let outgoing = Self.services(provider.children("outgoingServer"), "smtp", address)
        guard let first = outgoing.first else { return nil }
        self.outgoing = first
        incoming = Self.services(provider.children("incomingServer"), "imap", address).first
    }

    /// In the order of the document, those with TLS from the first byte on before all others (RFC 8314 §3).
    private static func services(_ elements: [XMLTree], _ kind: String, _ address: String) -> [Service] {
        let services = elements.filter { $0.attributes["type"] == kind }.compactMap { service($0, kind, address) }
        return services.filter(\.scheme.isImplicitlySecure) + services.filter { !$0.scheme.isImplicitlySecure }
    }

    private static func service(_ element: XMLTree, _ kind: String, _ address: String) -> Service? {
        let scheme: MailServer.Scheme
        switch (kind, element.text("socketType")?.uppercased()) {
        case ("smtp", "SSL"): scheme = .smtps
        case ("smtp", "STARTTLS"): scheme = .smtp
        case ("imap", "SSL"): scheme = .imaps
        case ("imap", "STARTTLS"): scheme = .imap
        default: return nil
        }
        let ways = element.children("authentication").map { $0.text.lowercased() }
        guard let host = element.text("hostname").map({ filled($0, address).lowercased() }),
            NameService.isHostName(host), let port = element.text("port").flatMap({ Int($0) }),
            (1...65_535).contains(port),
            ways.isEmpty || ways.contains("password-cleartext") || ways.contains("plain") || ways.contains("oauth2")
        else { return nil }
        let user = filled(element.text("username") ?? "%EMAILADDRESS%", address)
        guard !user.isEmpty, user.utf8.count <= 320, !user.contains(where: { $0.isNewline || $0.isWhitespace }) else {
            return nil
        }
        return Service(scheme: scheme, host: host, port: port, user: user, isTokenOnly: ways == ["oauth2"])
    }

    private static func filled(_ text: String, _ address: String) -> String {
        let at = address.lastIndex(of: "@") ?? address.endIndex
        return text.replacing("%EMAILADDRESS%", with: address).replacing("%EMAILLOCALPART%", with: address[..<at])
            .replacing("%EMAILDOMAIN%", with: address[at...].dropFirst())
    }
}

extension MailServer {
    /// The address of a server as an account has it; the port is left out where it is the scheme's own.
    public static func url(_ scheme: Scheme, _ host: String, _ port: Int) -> String {
        "\(scheme.rawValue)://\(host)\(port == scheme.standardPort ? "" : ":\(port)")"
    }
}
