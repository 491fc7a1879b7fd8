import Foundation
import Hummingbird

/// Where a form comes from that carries no token: nobody is signed in yet.
enum FormOrigin {
    /// Browsers tell it (Fetch Metadata §2.2). Those that do not, since they are old or speak plain HTTP, name the form's
    /// origin (Fetch Standard §3.2); what names neither is no browser, and has no one's cookies.
    static func isForeign(_ request: Request, publicURL: String?) -> Bool {
        if let name = HeaderName("Sec-Fetch-Site"), let site = request.headers[name] {
            return site != "same-origin" && site != "none"
        }
        guard let origin = request.headers[.origin] else { return false }
        guard let from = authority(origin) else { return true }
        // Under which name people come here is not ours to know: by the address that was said, or by the one that was asked.
        return from != publicURL.flatMap(authority) && from != request.head.authority?.lowercased()
    }

    /// Host and port, the port only where it is not the scheme's own.
    private static func authority(_ address: String) -> String? {
        guard let parts = URLComponents(string: address), let host = parts.host?.lowercased(), !host.isEmpty else {
            return nil
        }
        let standard = parts.scheme?.lowercased() == "https" ? 443 : 80
        return parts.port.map { $0 == standard ? host : "\(host):\($0)" } ?? host
    }
}
