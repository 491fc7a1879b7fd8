import Channels
import Foundation

/// Whether something listens at an address.
enum Reach {
    /// Connects and hangs up again; waits two seconds at most for each address that the name has.
    static func isOpen(_ endpoint: ProviderEndpoint) -> Bool {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(endpoint.host, String(endpoint.port), &hints, &found) == 0 else { return false }
        defer { freeaddrinfo(found) }
        return sequence(first: found, next: { $0?.pointee.ai_next }).contains { place in
            place.map { answers($0.pointee) } ?? false
        }
    }

    private static func answers(_ place: addrinfo) -> Bool {
        let socket = socket(place.ai_family, place.ai_socktype, 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return connect(socket, place.ai_addr, place.ai_addrlen) == 0
    }
}
