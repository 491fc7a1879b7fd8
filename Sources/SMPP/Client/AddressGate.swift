import NIOCore

/// The first on a connection, before TLS too: to a server at an address that is not allowed nothing is ever written.
/// What counts is the address that the connection has, since a name may lead anywhere.
final class AddressGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// The connection stands, and must not be used.
    struct Refusal: Error {}

    private let isAllowed: @Sendable (String) -> Bool

    init(_ isAllowed: @escaping @Sendable (String) -> Bool) { self.isAllowed = isAllowed }

    func channelActive(context: ChannelHandlerContext) {
        if let address = context.remoteAddress?.ipAddress, isAllowed(address) {
            context.fireChannelActive()
        } else {
            context.fireErrorCaught(Refusal())
        }
    }
}
