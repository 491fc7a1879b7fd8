import Foundation

/// Under which address patients reach their own pages, and what a link there costs of an SMS.
public struct PatientLinkAddress: Hashable, Sendable {
    public static let path = "/t/"

    /// What stands before a code.
    public let base: String
    /// Of a whole link.
    public let septets: Int

    /// - Parameter publicURL: the installation's address from outside, without a slash at its end.
    /// - Returns: nil where there is none, where the way there is not encrypted (but on this machine), and where an SMS
    ///   has no room for it or no letters.
    public init?(publicURL: String?) {
        guard let publicURL, let parts = URLComponents(string: publicURL), let host = parts.host,
            parts.scheme == "https" || parts.scheme == "http" && Self.isLoopback(host)
        else { return nil }
        let base = publicURL + Self.path
        let isPlain = base.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, let septets = GSM0338.septets(of: base),
            septets + PatientLinkCode.length < ClosingText.maximumSeptets
        else { return nil }
        self.base = base
        self.septets = septets + PatientLinkCode.length
    }

    public func link(_ code: PatientLinkCode) -> String { base + code.text }

    /// As a preview shows it.
    public var example: String { base + PatientLinkCode.example }

    /// So many septets a location's text may have where the link stands behind it.
    public var closingTextMaximum: Int { ClosingText.maximumSeptets - septets - 1 }

    /// RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3
    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    }
}
