// What lives here: a small SMSC: it listens, lets clients bind, and hands their messages to a closure.
// What must not: fates, receipts and their texts (see Simulator), and networks beyond.

import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceLifecycle

public struct SMPPServerConfiguration: Sendable {
    public var host: String
    /// 0 takes any free port; `SMPPServer.boundPort` tells which.
    public var port: Int
    /// What the server calls itself in bind responses.
    public var systemID: String
    /// Password by system_id; nil lets everybody in.
    public var credentials: [String: String]?
    /// The most deliver_sm unanswered at a time, for each session.
    public var deliverWindow: Int
    /// How long a deliver_sm waits for its answer.
    public var responseTimeout: Duration
    /// Octets; a longer command_length ends the session.
    public var maximumPDUSize: Int

    public init(
        host: String = "127.0.0.1",
        port: Int = 2775,
        systemID: String = "SMSC",
        credentials: [String: String]? = nil,
        deliverWindow: Int = 256,
        responseTimeout: Duration = .seconds(10),
        maximumPDUSize: Int = 65_536
    ) {
        self.host = host
        self.port = port
        self.systemID = systemID
        self.credentials = credentials
        self.deliverWindow = deliverWindow
        self.responseTimeout = responseTimeout
        self.maximumPDUSize = max(PDUDecoder.headerLength, maximumPDUSize)
    }
}

/// An SMPP 3.4 server (SMSC) for many sessions; what it does with a message is its owner's closure.
public final class SMPPServer: Service {
    private struct State {
        var listener: (any Channel)?
        var connections: [ObjectIdentifier: any Channel] = [:]
        var sessions: [SMPPServerSession] = []
        var nextID = 1
        var isStopping = false
    }

    public let configuration: SMPPServerConfiguration
    let logger: Logger
    let onSubmit: @Sendable (ReceivedSubmit) -> Void
    private let onBound: @Sendable (SMPPServerSession) -> Void
    private let onEnded: @Sendable (SMPPServerSession) -> Void
    private let group: any EventLoopGroup
    private let shared = NIOLockedValueBox(State())

    /// - Parameters:
    ///   - onBound: a client has bound. Called on its event loop, as all of these; must not block.
    ///   - onEnded: a client that had bound is gone.
    ///   - onSubmit: a message has come; answer it whenever.
    public init(
        configuration: SMPPServerConfiguration,
        logger: Logger,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onBound: @escaping @Sendable (SMPPServerSession) -> Void = { _ in },
        onEnded: @escaping @Sendable (SMPPServerSession) -> Void = { _ in },
        onSubmit: @escaping @Sendable (ReceivedSubmit) -> Void
    ) {
        self.configuration = configuration
        self.logger = logger
        self.group = eventLoopGroup
        self.onBound = onBound
        self.onEnded = onEnded
        self.onSubmit = onSubmit
    }

    /// The bound sessions, the oldest first.
    public var sessions: [SMPPServerSession] { shared.withLockedValue { $0.sessions } }

    /// The port that it listens on, once it does.
    public var boundPort: Int? { shared.withLockedValue { $0.listener?.localAddress?.port } }

    /// Begins to listen and tells the port. `run()` does it where it has not been done.
    @discardableResult
    public func listen() async throws -> Int {
        if let port = boundPort { return port }
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.initialize(channel) }
            }
            .bind(host: configuration.host, port: configuration.port)
            .get()
        shared.withLockedValue { $0.listener = listener }
        return listener.localAddress?.port ?? configuration.port
    }

    /// Serves until shutdown or cancellation, then ends every session.
    public func run() async throws {
        try await listen()
        guard let listener = shared.withLockedValue({ $0.listener }) else { return }
        await withTaskCancellationOrGracefulShutdownHandler {
            // closeFuture never fails.
            try? await listener.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            listener.close(promise: nil)
        }
        let connections = shared.withLockedValue { state in
            state.isStopping = true
            return Array(state.connections.values)
        }
        for connection in connections { try? await connection.close() }
    }

    // MARK: What the connections report

    func status(of request: BindRequest) -> CommandStatus {
        guard let credentials = configuration.credentials else { return .ok }
        guard let password = credentials[request.systemID] else { return .invalidSystemID }
        return password == request.password ? .ok : .invalidPassword
    }

    func bound(_ session: SMPPServerSession) {
        shared.withLockedValue { $0.sessions.append(session) }
        logger.info("SMPP client bound", metadata: ["session": "\(session.id.rawValue)"])
        onBound(session)
    }

    func ended(_ session: SMPPServerSession) {
        shared.withLockedValue { $0.sessions.removeAll { $0.id == session.id } }
        logger.info("SMPP client gone", metadata: ["session": "\(session.id.rawValue)"])
        onEnded(session)
    }

    private func initialize(_ channel: any Channel) throws {
        let id: SMPPServerSession.ID? = shared.withLockedValue { state in
            if state.isStopping { return nil }
            state.connections[ObjectIdentifier(channel)] = channel
            defer { state.nextID += 1 }
            return SMPPServerSession.ID(rawValue: state.nextID)
        }
        guard let id else { throw ChannelError.ioOnClosedChannel }
        channel.closeFuture.whenComplete { [shared] _ in
            shared.withLockedValue { $0.connections[ObjectIdentifier(channel)] = nil }
        }
        try channel.pipeline.syncOperations.addHandlers([
            BackPressureHandler(), SMPPServerHandler(server: self, id: id),
        ])
    }
}
