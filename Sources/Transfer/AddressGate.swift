import CCurl
import Foundation

/// Keeps connections from addresses that are out of reach: whoever may not be talked to gets no handshake either.
// Asked by libcurl on the thread that owns the handle, and by nobody else.
final class AddressGate: @unchecked Sendable {
    /// All of them must allow an address.
    private let reaches: [Reach]
    private(set) var keptAnybodyOut = false

    init(_ reaches: [Reach]) { self.reaches = reaches }

    func allows(_ address: String) -> Bool { reaches.allSatisfy { $0.allows(address) } }

    /// From now on libcurl asks before it begins a connection. The gate must live as long as the handle.
    func watch(_ handle: UnsafeMutableRawPointer) -> Bool {
        vortag_curl_set_opener(handle, openSocket, Unmanaged.passUnretained(self).toOpaque()) == CURLE_OK
    }

    fileprivate func mayConnect(to address: String) -> Bool {
        if allows(address) { return true }
        keptAnybodyOut = true
        return false
    }
}

private let openSocket: curl_opensocket_callback = { context, _, place in
    guard let context, let place else { return CURL_SOCKET_BAD }
    let gate = Unmanaged<AddressGate>.fromOpaque(context).takeUnretainedValue()
    // Empty where it cannot be read, which no reach but the widest allows.
    let address = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
        guard let start = text.baseAddress, vortag_curl_address_text(place, start, text.count) else { return "" }
        return String(cString: start)
    }
    guard gate.mayConnect(to: address) else { return CURL_SOCKET_BAD }
    return socket(place.pointee.family, place.pointee.socktype, place.pointee.protocol)
}

extension Duration {
    var milliseconds: Int {
        Int(clamping: components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
