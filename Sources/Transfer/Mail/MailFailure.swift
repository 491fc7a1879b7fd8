import CCurl

/// Why there is no connection to a mail server on which we are signed in. Its description says what to do and names no
/// address and no secret.
public struct MailFailure: Error, Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// Host, certificate file or user make no sense.
        case invalid
        /// The host's name leads nowhere.
        case name
        case connect
        /// The server's address lies outside the ``Reach``.
        case refusedAddress
        case certificateExpired
        case certificateNotYetValid
        case certificateUntrusted
        case certificateForAnotherName
        /// The file with certificates to believe cannot be read.
        case authoritiesUnreadable
        /// No TLS connection for another reason.
        case tls
        /// STARTTLS is demanded and the server does not offer it, or refuses it.
        case startTLSMissing
        /// The server did not begin as a mail server does, or does not want us.
        case greeting
        /// The server offers no way to sign in that we know.
        case authenticationMissing
        case authenticationRefused
        /// The server could not check user and password at present.
        case authenticationTemporary
        case timeOut
        case connectionLost
        case cancelled
        case other
    }

    public let cause: Cause
    /// How far it got.
    public let stage: Stage
    /// The last line that the server said, at most 500 characters; empty where it said nothing. May name our own user.
    public let line: String
    /// libcurl's own number (CURLE_…, libcurl-errors(3)); 0 where none applies.
    public let code: Int

    public enum Stage: Int, Hashable, Comparable, Sendable {
        case name, connect, tls, greeting, signIn

        public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    public init(_ cause: Cause, stage: Stage = .name, line: String = "", code: Int = 0) {
        self.cause = cause
        self.stage = stage
        self.line = line
        self.code = code
    }
}

extension MailFailure: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }

    /// A sentence without the server's words.
    public var description: String {
        switch cause {
        case .invalid: "the server's address or the user cannot be used as they stand; check them"
        case .name: "the server's name was not found; check its spelling"
        case .connect: "the server does not take the connection; check name and port"
        case .refusedAddress: "the server's address is not allowed on this installation"
        case .certificateExpired: "the server's certificate has expired; its operator has to renew it"
        case .certificateNotYetValid: "the server's certificate is not valid yet; check the clocks"
        case .certificateUntrusted:
            "the server's certificate comes from no authority that is trusted here; check the name or give ca-file"
        case .certificateForAnotherName: "the server's certificate is for another name; check the server's name"
        case .authoritiesUnreadable: "the file of certificates cannot be read; check ca-file"
        case .tls:
            "no protected connection; check the port and whether smtps:// or smtp://, imaps:// or imap://, fits it"
        case .startTLSMissing: "the server offers no STARTTLS on this port; try smtps:// on 465 or imaps:// on 993"
        case .greeting: "the server does not want to speak to us"
        case .authenticationMissing:
            "the server offers no sign-in that fits; check the port, and whether it wants a token (auth=xoauth2)"
        case .authenticationRefused: "the server refuses user and password; check both, or make an app password"
        case .authenticationTemporary: "the server cannot check user and password at present"
        case .timeOut: Self.timeOut(stage)
        case .connectionLost: "the server closed the connection before we were signed in"
        case .cancelled: "stopped"
        case .other: "no connection (curl \(code))"
        }
    }

    private static func timeOut(_ stage: Stage) -> String {
        switch stage {
        case .name: "the server's name was not found in time"
        case .connect: "the server does not answer; check name and port"
        case .tls, .greeting:
            "the server says nothing; check the port and whether smtps:// or smtp://, imaps:// or imap://, fits it"
        case .signIn: "the server did not finish the sign-in in time"
        }
    }
}

extension MailFailure.Cause {
    /// What a result of libcurl means where the stage alone does not say it.
    ///
    /// - Parameter verification: OpenSSL's result of the certificate's check (X509_V_ERR_…, openssl-verification-options(1)).
    init(_ result: CURLcode, verification: Int, stage: MailFailure.Stage) {
        self =
            switch result {
            case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNSUPPORTED_PROTOCOL: .invalid
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .name
            case CURLE_COULDNT_CONNECT: .connect
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: Self.certificate(verification)
            case CURLE_SSL_CACERT_BADFILE: .authoritiesUnreadable
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND: .tls
            case CURLE_USE_SSL_FAILED: .startTLSMissing
            case CURLE_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED: .greeting
            case CURLE_LOGIN_DENIED: .authenticationRefused
            case CURLE_OPERATION_TIMEDOUT: .timeOut
            case CURLE_ABORTED_BY_CALLBACK: .cancelled
            case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR: .connectionLost
            default: .other
            }
    }

    private static func certificate(_ verification: Int) -> Self {
        switch verification {
        // libcurl compares the name by itself, after OpenSSL found nothing wrong.
        case 0, 62, 63, 64: .certificateForAnotherName
        case 9: .certificateNotYetValid
        case 10: .certificateExpired
        default: .certificateUntrusted
        }
    }
}
