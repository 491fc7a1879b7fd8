import CCurl

/// Why there is no whole answer. Its description names no address, header or text.
public struct HTTPFailure: Error, Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// Address, method, header or certificate file make no sense.
        case invalidRequest
        /// The host's name leads nowhere.
        case name
        case connect
        /// No common language, or a certificate that is not trusted.
        case tls
        /// The server's address lies outside the client's ``Reach``.
        case refusedAddress
        case timeOut
        case connectionLost
        /// The answer is larger than the client takes.
        case tooLarge
        /// What came is no HTTP.
        case notHTTP
        case cancelled
        case other
    }

    /// How far the request got; decides whether it may be repeated.
    public enum Progress: Hashable, Sendable {
        /// No byte of the request left.
        case notSent
        /// Bytes left, and it is not known what became of them.
        case unknown
        /// The answer's head came, but not all of its body.
        case answered(status: Int)
    }

    public let cause: Cause
    public let progress: Progress
    /// libcurl's own number (CURLE_…, libcurl-errors(3)); 0 where none applies.
    public let code: Int

    public init(_ cause: Cause, _ progress: Progress, code: Int = 0) {
        self.cause = cause
        self.progress = progress
        self.code = code
    }
}

extension HTTPFailure: CustomStringConvertible {
    public var description: String {
        let words =
            switch cause {
            case .invalidRequest: "the request makes no sense"
            case .name: "name not found"
            case .connect: "no connection"
            case .tls: "no TLS connection, or a certificate that is not trusted"
            case .refusedAddress: "an address that is not allowed"
            case .timeOut: "no answer in time"
            case .connectionLost: "connection lost"
            case .tooLarge: "the answer is too large"
            case .notHTTP: "the answer is no HTTP"
            case .cancelled: "stopped"
            case .other: "transfer failed"
            }
        return code == 0 ? words : "\(words) (curl \(code))"
    }
}

extension HTTPFailure.Cause {
    /// What a result of libcurl means.
    ///
    /// - Parameter gotThrough: whether a connection stood and the request was let out on it; some results mean another
    ///   thing from then on.
    init(_ result: CURLcode, gotThrough: Bool) {
        self =
            switch result {
            case CURLE_URL_MALFORMAT, CURLE_SSL_CACERT_BADFILE, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
            // Also what libcurl gives for an answer that does not begin like HTTP.
            case CURLE_UNSUPPORTED_PROTOCOL: gotThrough ? .notHTTP : .invalidRequest
            case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .notHTTP
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .name
            case CURLE_COULDNT_CONNECT: .connect
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND:
                .tls
            case CURLE_OPERATION_TIMEDOUT: .timeOut
            case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
                .connectionLost
            default: .other
            }
    }
}
