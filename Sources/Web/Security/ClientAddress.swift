import Foundation
import Hummingbird

/// The network address that somebody comes from.
enum ClientAddress {
    /// Behind a proxy on this machine it is what the proxy saw: the last entry of `X-Forwarded-For`, which it appends
    /// itself; whatever stands before it anybody may have written. nil where only this machine itself is known.
    static func of(_ request: Request, _ context: WebContext) -> String? {
        guard context.isFromLoopback else { return context.remoteAddress }
        guard let name = HeaderName("X-Forwarded-For"), let forwarded = request.headers[values: name].last,
            let last = forwarded.split(separator: ",").last
        else { return nil }
        let address = String(last.filter { !$0.isWhitespace })
        return isAddress(address) ? address : nil
    }

    /// What tries are counted by: of IPv6 the network, since one machine has as many addresses as it likes (RFC 4291
    /// §2.5.4).
    static func network(_ address: String) -> String {
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: bytes) { raw in
            if raw.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) { return address }
            return raw.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return text.count <= 45 && (inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1)
    }
}

/// What opened a session, in two words: enough to know one's own again, and nothing to tell people apart by.
enum BrowserName {
    static func of(_ request: Request) -> String { of(request.headers[.userAgent] ?? "") }

    static func of(_ agent: String) -> String {
        [first(of: browsers, in: agent), first(of: systems, in: agent)].compactMap(\.self).joined(separator: " · ")
    }

    /// Those that call themselves by others' names, too, stand first.
    private static let browsers = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ]
    private static let systems = [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]

    private static func first(of table: [(mark: String, name: String)], in agent: String) -> String? {
        table.first { agent.contains($0.mark) }?.name
    }
}
