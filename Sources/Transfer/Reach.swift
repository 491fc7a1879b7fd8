import Foundation

/// Which servers a client may talk to, by the address that a connection really has: a name may lead anywhere, and
/// elsewhere the next time it is asked for.
public enum Reach: Hashable, Sendable {
    case anywhere
    /// This machine.
    case loopbackOnly
    /// Neither this machine nor any of the networks that are not part of the Internet.
    case publicOnly

    /// Whether a connection to an address may be used. One that cannot be read may not, unless all may.
    public func allows(_ address: String) -> Bool {
        switch self {
        case .anywhere: true
        case .loopbackOnly: NetworkAddress(address)?.isLoopback ?? false
        case .publicOnly: NetworkAddress(address)?.isPublic ?? false
        }
    }

    /// Whether a URL's host is out of reach as it is written. Where a name leads shows in the connection alone.
    public func excludes(host: String) -> Bool {
        switch self {
        case .anywhere: false
        case .loopbackOnly: !HTTPClient.isLoopback(host: host)
        case .publicOnly:
            HTTPClient.isLoopback(host: host) || NetworkAddress(Self.bare(host)).map { !$0.isPublic } ?? false
        }
    }

    /// Without the brackets of an IPv6 address.
    public static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}

/// An IPv4 or IPv6 address.
struct NetworkAddress: Hashable, Sendable {
    /// Four octets or sixteen.
    let octets: [UInt8]

    /// `192.0.2.1`, `2001:db8::1`; a zone behind `%` is passed over. nil for anything else.
    init?(_ text: String) {
        let bare = String(text.prefix { $0 != "%" })
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, bare, &four) == 1 {
            octets = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, bare, &six) == 1 {
            octets = Self.embedded(withUnsafeBytes(of: six) { Array($0) })
        } else {
            return nil
        }
    }

    /// The IPv4 address within an IPv6 one that only carries it: mapped (RFC 4291 §2.5.5.2), translated
    /// (`64:ff9b::/96`, RFC 6052 §2.1) or 6to4 (RFC 3056 §2).
    private static func embedded(_ six: [UInt8]) -> [UInt8] {
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8)
        if six.starts(with: mapped) || six.starts(with: translated) { return Array(six[12...]) }
        if six.starts(with: [0x20, 0x02]) { return Array(six[2..<6]) }
        return six
    }

    var isLoopback: Bool {
        octets.count == 4 ? octets[0] == 127 : octets == Array(repeating: 0, count: 15) + [1]
    }

    /// Not one of the special networks of RFC 6890 (and of RFC 6598, RFC 5771 and RFC 4291 for those that it does not
    /// name).
    var isPublic: Bool {
        !Self.special.contains { network in
            network.octets.count == octets.count && Self.matches(octets, network.octets, bits: network.bits)
        }
    }

    private static func matches(_ left: [UInt8], _ right: [UInt8], bits: Int) -> Bool {
        (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return left[bit / 8] & mask == right[bit / 8] & mask
        }
    }

    private static let special: [(octets: [UInt8], bits: Int)] = [
        ([0, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([100, 64, 0, 0], 10), ([127, 0, 0, 0], 8), ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12), ([192, 0, 0, 0], 24), ([192, 0, 2, 0], 24), ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15), ([198, 51, 100, 0], 24), ([203, 0, 113, 0], 24), ([224, 0, 0, 0], 3),
        // ::/8 with the unspecified and loopback addresses, fc00::/7, fe80::/9 with the old site-local ones, ff00::/8.
        (six(0x00), 8), (six(0xFC), 7), (six(0xFE, 0x80), 9), (six(0xFF), 8),
        // Discard-only 100::/64, documentation 2001:db8::/32, Teredo and benchmarking in 2001::/23.
        (six(0x01), 64), (six(0x20, 0x01, 0x0D, 0xB8), 32), (six(0x20, 0x01), 23),
    ]

    private static func six(_ head: UInt8...) -> [UInt8] { head + Array(repeating: 0, count: 16 - head.count) }
}
