import CCurl
import Foundation

/// One request on its way. Made by whoever asks, and from then on touched by the loop's thread alone.
// The handle and what it collects are handed from one thread to another with the loop's lock between them, and each is
// used by one thread at a time.
final class CurlTransfer: @unchecked Sendable {
    /// Of all header lines together.
    private static let largestHead = 64 * 1024

    /// What the gate found.
    private enum Gate {
        case notReached
        case passed
        case refusedAddress
        /// libcurl wanted to send the request once more.
        case refusedRepeat
    }

    let handle: UnsafeMutableRawPointer
    private var headerLines: UnsafeMutablePointer<curl_slist>?
    private let addresses: AddressGate
    private let largestBody: Int
    private var gate = Gate.notReached
    private var headers: [String: String] = [:]
    private var headSize = 0
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// nil where libcurl refuses an option.
    init?(_ request: HTTPRequest, _ configuration: HTTPClient.Configuration) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        // Without TLS only this machine will do, whatever a name leads to.
        addresses = AddressGate([configuration.reach] + (request.url.hasPrefix("http:") ? [.loopbackOnly] : []))
        largestBody = configuration.largestBody
        guard setUp(configuration), fill(with: request) else { return nil }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerLines)
    }

    private func setUp(_ configuration: HTTPClient.Configuration) -> Bool {
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_MAXAGE_CONN, configuration.longestIdle),
            (CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds),
            (CURLOPT_TIMEOUT_MS, configuration.timeout.milliseconds),
            // A name server that does not answer would hold the loop for longer than any time-out.
            (CURLOPT_QUICK_EXIT, 1),
        ]
        let texts: [(CURLoption, String?)] = [
            (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_PROXY, ""), (CURLOPT_USERAGENT, configuration.userAgent),
            (CURLOPT_CAINFO, configuration.certificates),
        ]
        let context = Unmanaged.passUnretained(self).toOpaque()
        return numbers.allSatisfy { vortag_curl_set_number(handle, $0, $1) == CURLE_OK }
            && texts.allSatisfy { option, text in
                text.map { vortag_curl_set_text(handle, option, $0) == CURLE_OK } ?? true
            }
            && (configuration.certificates == nil || CurlTransfer.forgetSystemAuthorities(handle))
            && vortag_curl_set_receivers(handle, takeHeader, takeBody, passGate, context) == CURLE_OK
            && addresses.watch(handle)
    }

    /// The file alone does not replace them: a folder of them, where libcurl was built with one, is believed as well.
    static func forgetSystemAuthorities(_ handle: UnsafeMutableRawPointer) -> Bool {
        let result = vortag_curl_set_text(handle, CURLOPT_CAPATH, nil)
        // What knows no such folder believes none.
        return result == CURLE_OK || result == CURLE_NOT_BUILT_IN || result == CURLE_UNKNOWN_OPTION
    }

    private func fill(with request: HTTPRequest) -> Bool {
        // An empty one keeps libcurl from asking first whether it may send a large body.
        var lines = ["Expect:"]
        for (name, value) in request.headers { lines.append(value.isEmpty ? name + ";" : name + ": " + value) }
        for line in lines {
            guard let longer = curl_slist_append(headerLines, line) else { return false }
            headerLines = longer
        }
        guard vortag_curl_set_text(handle, CURLOPT_URL, request.url) == CURLE_OK,
            vortag_curl_set_headers(handle, headerLines) == CURLE_OK
        else { return false }
        if request.method != .get || !request.body.isEmpty {
            guard vortag_curl_set_body(handle, request.body, request.body.count) == CURLE_OK else { return false }
        }
        return vortag_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue) == CURLE_OK
    }

    /// What came of it, by libcurl's result.
    func outcome(_ result: CURLcode) -> Result<HTTPResponse, HTTPFailure> {
        if result == CURLE_OK, let status {
            return .success(HTTPResponse(status: status, headers: headers, body: body))
        }
        let cause: HTTPFailure.Cause =
            switch gate {
            case .refusedAddress: .refusedAddress
            case .refusedRepeat: .connectionLost
            case .notReached where addresses.keptAnybodyOut: .refusedAddress
            case .notReached, .passed:
                isTooLarge ? .tooLarge : HTTPFailure.Cause(result, gotThrough: gate == .passed)
            }
        return .failure(HTTPFailure(cause, progress, code: Int(result.rawValue)))
    }

    /// Given up by us before libcurl was done.
    func stopped() -> HTTPFailure { HTTPFailure(.cancelled, progress) }

    private var status: Int? {
        let code = vortag_curl_number(handle, CURLINFO_RESPONSE_CODE)
        return code >= 200 ? code : nil
    }

    private var progress: HTTPFailure.Progress {
        if let status { return .answered(status: status) }
        switch gate {
        case .notReached, .refusedAddress: return .notSent
        case .refusedRepeat: return .unknown
        case .passed: return vortag_curl_number(handle, CURLINFO_REQUEST_SIZE) > 0 ? .unknown : .notSent
        }
    }

    // Called by libcurl.

    fileprivate func header(_ line: UnsafeRawBufferPointer) -> Bool {
        headSize += line.count
        guard headSize <= Self.largestHead else {
            isTooLarge = true
            return false
        }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("HTTP/") {
            // Another answer begins: the one before was an interim one (RFC 9110 §15.2).
            headers = [:]
            return true
        }
        guard let colon = text.firstIndex(of: ":") else { return true }
        let name = text[..<colon].lowercased()
        let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        headers[name] = headers[name].map { $0 + ", " + value } ?? value
        return true
    }

    fileprivate func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= largestBody else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func pass(to address: String) -> Bool {
        guard gate == .notReached else {
            // A kept connection was closed as the request went out. Whether the server saw it is not known.
            gate = .refusedRepeat
            return false
        }
        gate = addresses.allows(address) ? .passed : .refusedAddress
        return gate == .passed
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private let takeHeader: vortag_curl_receiver = { bytes, size, count, context in
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.header(line) == true ? line.count : 0
}

private let takeBody: vortag_curl_receiver = { bytes, size, count, context in
    let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.take(part) == true ? part.count : 0
}

private let passGate: vortag_curl_gate = { context, remote, _, _, _ in
    guard let transfer = transfer(context), let remote else { return CURL_PREREQFUNC_ABORT }
    return transfer.pass(to: String(cString: remote)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
