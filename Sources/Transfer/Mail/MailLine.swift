import CCurl
import Foundation

/// One connection to a mail server, as libcurl holds it: it finds the server, sets up TLS and signs in; from then on
/// bytes are ours.
// Made on the thread of its connection and touched by that one alone.
final class MailLine: @unchecked Sendable {
    enum Receipt {
        case bytes([UInt8])
        case nothingYet
        case end
    }

    enum Wake {
        case ready, bell, late
    }

    private static let longestLine = 500
    /// Lines of a greeting that are kept at most.
    private static let mostLines = 200

    let server: MailServer
    private let handle: UnsafeMutableRawPointer
    private let gate: AddressGate
    private let bell: Bell
    /// Of what is being done.
    var stop = StopFlag()
    private var lines: [String] = []
    private var isOpen = false
    private var wasChallenged = false
    private var connectBy = ContinuousClock.now
    private var isTooSlow = false

    /// nil where libcurl has no handle to give.
    init?(_ server: MailServer, bell: Bell) {
        guard CurlLoop.isStarted, let handle = curl_easy_init() else { return nil }
        self.server = server
        self.handle = handle
        self.bell = bell
        gate = AddressGate([server.reach] + (server.mayBePlain ? [.loopbackOnly] : []))
    }

    // A connection that stands is closed without a word: libcurl counts one that it only opened as dead.
    deinit { curl_easy_cleanup(handle) }

    /// Connects and signs in. Blocks.
    func open(_ credentials: MailCredentials?) -> Result<MailGreeting, MailFailure> {
        guard setUp(), setUp(credentials) else { return .failure(MailFailure(.invalid)) }
        var result = connect()
        if result == CURLE_LOGIN_DENIED, let credentials, knowsOnlyLogin(credentials) {
            // Only where any way would do, libcurl says LOGIN; it has to begin anew for that.
            guard vortag_curl_set_text(handle, CURLOPT_LOGIN_OPTIONS, "AUTH=*") == CURLE_OK else {
                return .failure(MailFailure(.invalid))
            }
            lines = []
            result = connect()
        }
        guard result == CURLE_OK else { return .failure(failure(result)) }
        // Where a server offers no way that fits, libcurl goes on without having signed in (SMTP).
        let isSignedIn = !server.scheme.speaksSMTP || lines.contains { $0.hasPrefix("235") }
        // On this machine, one that wants no sign-in from anybody takes mail all the same.
        let wantsNone = server.mayBePlain && !lines.contains { $0.uppercased().dropFirst(4).hasPrefix("AUTH") }
        guard credentials == nil || isSignedIn || wantsNone else {
            return .failure(MailFailure(.authenticationMissing, stage: .signIn, line: lines.last ?? ""))
        }
        isOpen = true
        let isSecure = vortag_curl_large_number(handle, CURLINFO_APPCONNECT_TIME_T) > 0
        return .success(MailGreeting(lines: lines, isSecure: isSecure))
    }

    private func connect() -> CURLcode {
        connectBy = .now.advanced(by: server.connectTimeout)
        return curl_easy_perform(handle)
    }

    /// Whether the server announces no way of SASL at all and takes the command LOGIN (RFC 9051 §6.2.3).
    private func knowsOnlyLogin(_ credentials: MailCredentials) -> Bool {
        guard !server.scheme.speaksSMTP, credentials.authentication == .auto || credentials.authentication == .login,
            !wasChallenged, let last = lines.map({ $0.uppercased() }).last(where: { $0.hasPrefix("* CAPABILITY ") })
        else { return false }
        return !last.contains(" AUTH=") && !last.contains(" LOGINDISABLED")
    }

    private func setUp() -> Bool {
        let host = server.host.contains(":") ? "[" + server.host + "]" : server.host
        let allowed = CharacterSet(charactersIn: "a"..."z").union(CharacterSet(charactersIn: "A"..."Z"))
            .union(CharacterSet(charactersIn: "0"..."9")).union(CharacterSet(charactersIn: ".-"))
        let name = server.ownName.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        // libcurl takes its name from the path (RFC 5321 §4.1.1.1); with IMAP that would be a folder.
        let path = server.scheme.speaksSMTP ? name : ""
        let protection = server.mayBePlain ? CURLUSESSL_TRY : CURLUSESSL_ALL
        let time = server.connectTimeout.milliseconds + server.signInTimeout.milliseconds
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECT_ONLY, 1), (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_SSL_VERIFYPEER, server.checksCertificate ? 1 : 0),
            (CURLOPT_SSL_VERIFYHOST, server.checksCertificate ? 2 : 0),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_USE_SSL, Int(protection.rawValue)),
            // With libcurl all until we are signed in belongs to the connecting.
            (CURLOPT_CONNECTTIMEOUT_MS, time), (CURLOPT_TIMEOUT_MS, time),
            (CURLOPT_TCP_KEEPALIVE, 1), (CURLOPT_TCP_NODELAY, 1),
        ]
        let texts: [(CURLoption, String?)] = [
            (CURLOPT_URL, "\(server.scheme.rawValue)://\(host):\(server.port)/\(path)"),
            (CURLOPT_PROTOCOLS_STR, server.scheme.rawValue), (CURLOPT_PROXY, ""), (CURLOPT_CAINFO, server.certificates),
        ]
        let context = Unmanaged.passUnretained(self).toOpaque()
        return numbers.allSatisfy { vortag_curl_set_number(handle, $0, $1) == CURLE_OK }
            && texts.allSatisfy { option, text in
                text.map { vortag_curl_set_text(handle, option, $0) == CURLE_OK } ?? true
            }
            && (server.certificates == nil || CurlTransfer.forgetSystemAuthorities(handle))
            && gate.watch(handle)
            && vortag_curl_set_receivers(handle, takeLine, takeLine, passLine, context) == CURLE_OK
            && vortag_curl_set_watch(handle, watchLine, context) == CURLE_OK
    }

    private func setUp(_ credentials: MailCredentials?) -> Bool {
        guard let credentials else { return true }
        let texts = [(CURLOPT_USERNAME, credentials.user), (CURLOPT_LOGIN_OPTIONS, credentials.options(server.scheme))]
        let secret = credentials.authentication == .xoauth2 ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD
        return (texts + [(secret, credentials.secret)]).allSatisfy { option, text in
            !text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
                && vortag_curl_set_text(handle, option, text) == CURLE_OK
        }
    }

    private var stage: MailFailure.Stage {
        if let last = lines.last {
            let isGreeting = lines.count == 1 && !last.hasPrefix("235")
            return isGreeting ? .greeting : .signIn
        }
        if vortag_curl_large_number(handle, CURLINFO_CONNECT_TIME_T) > 0 {
            return server.scheme.isImplicitlySecure && vortag_curl_large_number(handle, CURLINFO_APPCONNECT_TIME_T) == 0
                ? .tls : .greeting
        }
        return vortag_curl_large_number(handle, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? .connect : .name
    }

    private func failure(_ result: CURLcode) -> MailFailure {
        let stage = stage
        let line = lines.last ?? ""
        var cause = MailFailure.Cause(
            result,
            verification: vortag_curl_number(handle, CURLINFO_SSL_VERIFYRESULT),
            stage: stage
        )
        switch cause {
        case .connect, .other: if gate.keptAnybodyOut { cause = .refusedAddress }
        case .cancelled: if isTooSlow { cause = .timeOut }
        case .authenticationRefused: cause = refusal(line)
        default: break
        }
        return MailFailure(cause, stage: stage, line: line, code: Int(result.rawValue))
    }

    /// Why the sign-in failed, by the server's last line.
    private func refusal(_ line: String) -> MailFailure.Cause {
        if server.scheme.speaksSMTP {
            if line.hasPrefix("4") { return .authenticationTemporary }
            // A token that is refused is answered by a challenge (XOAUTH2), after which libcurl waits for nothing more.
            return line.hasPrefix("5") || wasChallenged ? .authenticationRefused : .authenticationMissing
        }
        // RFC 9051 §7.1: where our own command was not answered, none was sent.
        let words = line.split(separator: " ").prefix(2).map { $0.uppercased() }
        guard wasChallenged || words.last == "NO" || words.last == "BAD" else { return .authenticationMissing }
        let isTemporary = ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"].contains { line.contains($0) }
        return isTemporary ? .authenticationTemporary : .authenticationRefused
    }

    // The connection stands from here on.

    /// Hands bytes over to the socket, as many as it takes. nil where the connection is broken.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard isOpen else { return nil }
        var count = 0
        switch curl_easy_send(handle, bytes.baseAddress, bytes.count, &count) {
        case CURLE_OK: return count
        case CURLE_AGAIN: return 0
        default: return nil
        }
    }

    func receive() -> Receipt {
        guard isOpen else { return .end }
        var count = 0
        var result = CURLE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { room, filled in
            result = curl_easy_recv(handle, room.baseAddress, room.count, &count)
            filled = result == CURLE_OK ? count : 0
        }
        if result == CURLE_AGAIN { return .nothingYet }
        return result == CURLE_OK && count > 0 ? .bytes(bytes) : .end
    }

    /// Waits for the socket, for the bell, or for the time to come.
    func wait(toSend: Bool = false, until deadline: ContinuousClock.Instant) -> Wake {
        let socket = vortag_curl_socket(handle)
        guard socket >= 0 else { return .ready }
        return bell.wait(beside: socket, events: Int16(toSend ? POLLOUT | POLLIN : POLLIN), until: deadline)
    }

    // Called by libcurl.

    fileprivate func take(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line.prefix(Self.longestLine), as: UTF8.self).filter { !$0.isNewline }
        // Challenges of the sign-in; what stands in them is nobody's business.
        if text.hasPrefix("334") || text.hasPrefix("+") {
            wasChallenged = true
            return
        }
        if lines.count < Self.mostLines { lines.append(text) }
    }

    fileprivate var shouldStop: Bool {
        if vortag_curl_large_number(handle, CURLINFO_CONNECT_TIME_T) == 0, ContinuousClock.now > connectBy {
            isTooSlow = true
        }
        return isTooSlow || stop.isSet
    }
}

extension MailCredentials {
    /// As libcurl wants it (CURLOPT_LOGIN_OPTIONS(3)). Left to itself it would prefer Kerberos wherever the user is
    /// written with an at sign.
    fileprivate func options(_ scheme: MailServer.Scheme) -> String {
        switch authentication {
        case .auto: "AUTH=PLAIN;AUTH=LOGIN"
        case .plain: "AUTH=PLAIN"
        case .login: "AUTH=LOGIN"
        case .xoauth2: "AUTH=XOAUTH2"
        }
    }
}

private let takeLine: vortag_curl_receiver = { bytes, size, count, context in
    guard let context else { return 0 }
    let line = Unmanaged<MailLine>.fromOpaque(context).takeUnretainedValue()
    line.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private let passLine: vortag_curl_gate = { _, _, _, _, _ in CURL_PREREQFUNC_OK }

private let watchLine: curl_xferinfo_callback = { context, _, _, _, _ in
    guard let context else { return 1 }
    return Unmanaged<MailLine>.fromOpaque(context).takeUnretainedValue().shouldStop ? 1 : 0
}
