// Outbound connections to servers of others, over libcurl: HTTP today, SMTP and IMAP to come.
// TLS is always verified, every wait has a deadline, every answer a largest size.
// No provider, no mailbox, no meaning of an answer: whoever calls decides that.
import CCurl
import Foundation

/// Speaks HTTP/1.1 with servers of others, on a thread of its own; connections are kept for some seconds and reused.
///
/// No redirect is followed, no proxy of the environment used, no cookie kept, and no request ever sent twice: libcurl
/// would repeat one by itself if a kept connection turns out to be closed, which is prevented here.
public final class HTTPClient: Sendable {
    public struct Configuration: Hashable, Sendable {
        /// Until the connection stands, TLS included.
        public var connectTimeout = Duration.seconds(5)
        /// For all of it.
        public var timeout = Duration.seconds(15)
        /// Bytes of an answer's body at most.
        public var largestBody = 1 << 20
        public var reach = Reach.anywhere
        /// Certificates to trust in place of the system's, a PEM file.
        public var certificates: String?
        public var userAgent = "Vortag"
        /// Seconds after which a kept connection is not used again. Servers close theirs after five at the earliest, as
        /// far as common ones go; a request that meets the closing has an unknown outcome.
        public var longestIdle = 3

        public init() {}
    }

    private let configuration: Configuration
    private let loop: CurlLoop?

    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        loop = CurlLoop()
    }

    deinit { loop?.stop() }

    /// Sends one request and waits for the whole answer. A cancelled task ends the transfer.
    public func answer(to request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        guard let loop else { throw HTTPFailure(.other, .notSent) }
        guard Self.isSound(request), let transfer = CurlTransfer(request, configuration) else {
            throw HTTPFailure(.invalidRequest, .notSent)
        }
        return try await loop.perform(transfer).get()
    }

    /// Control characters in the address or in a header would end a line and begin one of somebody else's. The address's
    /// form is libcurl's to judge, but where it leads without TLS is looked at here.
    private static func isSound(_ request: HTTPRequest) -> Bool {
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: request.url),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil
        else { return false }
        let isAllowed = parts.scheme == "https" || parts.scheme == "http" && isLoopback(host: host)
        return isAllowed
            && request.headers.allSatisfy { name, value in
                !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
                    && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            }
    }

    /// Whether a URL's host names this machine: `localhost`, `127.…` or `[::1]`.
    public static func isLoopback(host: String) -> Bool {
        let bare = Reach.bare(host)
        return bare.lowercased() == "localhost" || NetworkAddress(bare)?.isLoopback ?? false
    }
}
