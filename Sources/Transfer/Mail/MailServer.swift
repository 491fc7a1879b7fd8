import Foundation

/// A mail server as it is reached: where it listens, and how the connection to it must be protected. No secret is in it.
public struct MailServer: Hashable, Sendable {
    public enum Scheme: String, CaseIterable, Sendable {
        case smtp, smtps, imap, imaps

        /// RFC 6409 §3.1, RFC 8314 §7.
        public var standardPort: Int {
            switch self {
            case .smtp: 587
            case .smtps: 465
            case .imap: 143
            case .imaps: 993
            }
        }

        public var speaksSMTP: Bool { self == .smtp || self == .smtps }
        /// TLS from the first byte on (RFC 8314 §3).
        public var isImplicitlySecure: Bool { self == .smtps || self == .imaps }
    }

    public let scheme: Scheme
    /// A name or an address, an IPv6 one without brackets.
    public let host: String
    public let port: Int
    /// Certificates to believe in place of the system's, a PEM file.
    public var certificates: String?
    public var reach = Reach.anywhere
    /// Until the TCP connection stands.
    public var connectTimeout = Duration.seconds(5)
    /// From there until we are signed in, TLS included.
    public var signInTimeout = Duration.seconds(15)
    /// What we call ourselves (RFC 5321 §4.1.1.1): a domain, or an address in brackets.
    public var ownName = "[127.0.0.1]"

    /// - Parameter port: nil for the scheme's own.
    public init(_ scheme: Scheme, host: String, port: Int? = nil) {
        self.scheme = scheme
        self.host = Reach.bare(host)
        self.port = port ?? scheme.standardPort
    }

    /// Reads `smtp://host`, `smtps://host:465`, `imap://…` or `imaps://…`; nil for anything else.
    public init?(url: String) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: url),
            let scheme = parts.scheme.flatMap({ Scheme(rawValue: $0.lowercased()) }), let host = parts.host,
            !host.isEmpty, !host.contains("%"), parts.user == nil, parts.password == nil, parts.query == nil,
            parts.fragment == nil, parts.path.isEmpty || parts.path == "/",
            (1...65_535).contains(parts.port ?? scheme.standardPort)
        else { return nil }
        self.init(scheme, host: host, port: parts.port)
    }

    public var isLoopback: Bool { HTTPClient.isLoopback(host: host) }

    /// On this machine TLS may be left out, so that there a certificate proves nothing either, unless one is expected.
    var mayBePlain: Bool { isLoopback && !scheme.isImplicitlySecure }
    var checksCertificate: Bool { !mayBePlain || certificates != nil }
}

/// With what we sign in.
public struct MailCredentials: Hashable, Sendable {
    public enum Authentication: String, CaseIterable, Sendable {
        /// PLAIN, else LOGIN.
        case auto
        case plain, login
        /// The secret is an access token.
        case xoauth2
    }

    public let user: String
    /// The password or, with XOAUTH2, the access token.
    public let secret: String
    public let authentication: Authentication

    public init(user: String, secret: String, authentication: Authentication = .auto) {
        self.user = user
        self.secret = secret
        self.authentication = authentication
    }
}

extension MailCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "credentials" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
