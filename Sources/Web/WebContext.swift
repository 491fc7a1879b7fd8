import Hummingbird
import Storage

/// What is known of a request while it is answered.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The peer's IP address; nil where the request came by no network.
    public let remoteAddress: String?
    /// Who is signed in to the pages; nil until the cookie was checked.
    public var session: Session?
    /// What marks this answer's own style elements (Content Security Policy Level 3 §2.3.1); empty until it was drawn.
    var styleNonce = ""

    /// Whether an open page asks by itself: nobody does anything.
    var isUnattended = false

    public init(source: Source) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress
    }

    /// Whether the peer is this machine: 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3).
    public var isFromLoopback: Bool {
        guard let remoteAddress else { return false }
        return remoteAddress.hasPrefix("127.") || remoteAddress == "::1" || remoteAddress.hasPrefix("::ffff:127.")
    }
}
