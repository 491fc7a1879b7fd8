import Foundation
import Transfer

/// Where providers may lie that belong to a practice. Whoever administers the practice names their address, and need not
/// be trusted with the network that the server stands in.
public enum PracticeProviders: String, CaseIterable, Sendable {
    case anywhere
    /// Neither on this machine nor in any network that is not part of the Internet.
    case publicOnly = "public"

    /// What holds where the operator says nothing. Where others reach the installation, practices may share it that the
    /// operator does not know.
    ///
    /// - Parameter publicURL: the address under which people reach it; nil where there is none.
    public static func standard(publicURL: String?) -> PracticeProviders {
        guard let host = publicURL.flatMap({ URLComponents(string: $0)?.host }) else { return .anywhere }
        return HTTPClient.isLoopback(host: host) ? .anywhere : .publicOnly
    }
}

extension Reach {
    /// - Throws: ``ProviderProblem`` where a host is out of reach as it is written.
    func check(host: String) throws(ProviderProblem) {
        if excludes(host: host) { throw self == .loopbackOnly ? .loopbackOnly : .publicOnly }
    }
}
