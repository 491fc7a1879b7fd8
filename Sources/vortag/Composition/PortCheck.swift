import Foundation

/// Looks whether an address can be listened on, so that a port in use is one clear sentence before anything starts.
enum PortCheck {
    static func mustBeFree(_ host: String, _ port: Int) throws {
        guard port != 0 else { return }
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw CommandFailure(.configuration, "VORTAG_HTTP_HOST: \(host) is no address of this machine.")
        }
        defer { freeaddrinfo(found) }
        let socket = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var reuse: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let reason = errno == EADDRINUSE ? "is in use by another process" : "cannot be listened on"
            throw CommandFailure(.unavailable, "VORTAG_HTTP_PORT: port \(port) on \(host) \(reason).")
        }
    }
}
