import NIOCore
import NIOSSL

/// TLS 1.2 or later towards an SMSC. Its certificate must be valid, issued under one of the authorities, and name the
/// host that was asked for: by SNI and as a DNS name, or by its address where the host is an IP address. Revocation is
/// not looked up.
public struct SMPPClientTLS: Sendable {
    /// Who may have issued the SMSC's certificate.
    public enum Authorities: Sendable, Equatable {
        /// Whoever the system trusts.
        case system
        /// These alone: the octets of a PEM file.
        case pem([UInt8])
    }

    public var authorities: Authorities
    /// Seconds since 1970, to tell an expired certificate from one of an unknown authority.
    let unixTime: @Sendable () -> Int64

    public init(authorities: Authorities = .system, unixTime: @escaping @Sendable () -> Int64) {
        self.authorities = authorities
        self.unixTime = unixTime
    }

    /// Whether the octets are a PEM file with at least one certificate.
    public static func isReadable(pem: [UInt8]) -> Bool {
        ((try? NIOSSLCertificate.fromPEMBytes(pem)) ?? []).isEmpty == false
    }

    /// A handler that begins with the handshake as soon as the connection stands.
    func makeHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        // An IP address is compared with the certificate's own, and must not stand in SNI (RFC 6066 §3).
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
    }

    /// Reads the authorities anew, so that a renewed system's list counts from the next connection on.
    func makeContext() throws(TLSProblem) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.shutdownTimeout = .seconds(2)
            if case .pem(let octets) = authorities {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(octets))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .authoritiesUnreadable
        }
    }
}

/// Why there is no TLS with an SMSC. Nothing has left then but the handshake.
public enum TLSProblem: Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case certificateExpired
    case certificateNotYetValid
    /// Issued by nobody who is trusted here, or signed by itself.
    case certificateUntrusted
    case certificateForAnotherName
    /// What answers there speaks no TLS, or ends the connection when it hears it.
    case noTLS
    /// No version or cipher in common, or a certificate wanted from this side.
    case handshakeFailed
    case authoritiesUnreadable

    /// A sentence without secrets, for the operator.
    public var description: String {
        switch self {
        case .certificateExpired: "TLS: the certificate of the SMSC has expired"
        case .certificateNotYetValid: "TLS: the certificate of the SMSC is not valid yet"
        case .certificateUntrusted: "TLS: the certificate of the SMSC comes from no authority that is trusted here"
        case .certificateForAnotherName: "TLS: the certificate of the SMSC is for another host name"
        case .noTLS: "TLS: what answers at this port does not speak TLS"
        case .handshakeFailed: "TLS: the SMSC and this side did not agree on a handshake"
        case .authoritiesUnreadable: "TLS: the certificates of the authorities cannot be read"
        }
    }

    /// nil where the error is not of TLS, as when the connection itself broke.
    ///
    /// - Parameters:
    ///   - error: that the connection ended with before it was bound.
    ///   - certificate: of the SMSC, where it showed one.
    init?(_ error: any Error, certificate: NIOSSLCertificate?, unixTime: Int64) {
        if let error = error as? NIOSSLExtraError {
            let isNameWrong = error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
            self = isNameWrong ? .certificateForAnotherName : .handshakeFailed
            return
        }
        guard let error = error as? NIOSSLError else {
            guard error is BoringSSLError else { return nil }
            self = .handshakeFailed
            return
        }
        guard case .handshakeFailed(.sslError(let stack)) = error else {
            self = .handshakeFailed
            return
        }
        // BoringSSL's reasons have names, but NIOSSL passes them on in the description alone.
        let reasons = stack.map(\.description)
        if reasons.contains(where: { $0.contains("CERTIFICATE_VERIFY_FAILED") }) {
            self = Self.fault(of: certificate, unixTime: unixTime)
        } else if stack.contains(.eofDuringHandshake)
            || reasons.contains(where: { $0.contains("WRONG_VERSION_NUMBER") || $0.contains("HTTP_REQUEST") })
        {
            self = .noTLS
        } else {
            self = .handshakeFailed
        }
    }

    private static func fault(of certificate: NIOSSLCertificate?, unixTime: Int64) -> TLSProblem {
        guard let certificate else { return .certificateUntrusted }
        if Int64(certificate.notValidAfter) < unixTime { return .certificateExpired }
        if Int64(certificate.notValidBefore) > unixTime { return .certificateNotYetValid }
        return .certificateUntrusted
    }
}
