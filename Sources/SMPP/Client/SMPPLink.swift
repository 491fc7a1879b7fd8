import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// What the connections of one client share.
struct LinkSurroundings: Sendable {
    let configuration: SMPPClientConfiguration
    let logger: Logger
    let eventLoop: any EventLoop
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    let queue: SubmitQueue
    let ring: NIOLoopBoundBox<SubmitRing>
    let standings: NIOLockedValueBox<LinkStandings>
    let newsIn: AsyncStream<ClientNews>.Continuation
}

/// One of a client's connections, kept bound: it connects, binds, waits for the end, and begins anew, at its own pace.
final class SMPPLink: Sendable {
    private struct State {
        var isStopping = false
        /// Between two attempts to connect.
        var wait: Task<Void, Never>?
        var session: NIOLoopBound<SMPPClientHandler>?
    }

    private let index: Int
    private let mode: BindMode
    private let surroundings: LinkSurroundings
    private let logger: Logger
    private let shared = NIOLockedValueBox(State())

    init(index: Int, mode: BindMode, surroundings: LinkSurroundings) {
        self.index = index
        self.mode = mode
        self.surroundings = surroundings
        var logger = surroundings.logger
        if surroundings.configuration.binds.count > 1 {
            logger[metadataKey: "bind"] = "\(index + 1) \(mode.rawValue)"
        }
        self.logger = logger
    }

    /// Takes nothing new, waits for open answers, unbinds and closes; waits no longer to connect again.
    func shutDown() {
        let (session, wait) = shared.withLockedValue { state in
            state.isStopping = true
            return (state.session, state.wait)
        }
        if let session { drain(session) }
        wait?.cancel()
    }

    /// Returns at shutdown or cancellation.
    func keepBound() async {
        var failures = 0
        while !isStopping {
            let wasGood = await holdOneSession(afterTrouble: failures > 0)
            failures = wasGood ? 0 : failures + 1
            if isStopping { break }
            await wait(surroundings.configuration.backoff.delay(failures: failures, random: surroundings.random()))
        }
        stand(.stopped)
    }

    private func wait(_ delay: Duration) async {
        // Throws only when there is no need to wait any longer: stopping, which the loop sees.
        let wait = Task<Void, Never> { [clock = surroundings.clock] in
            try? await clock.sleep(for: delay, tolerance: nil)
        }
        let isStopping = shared.withLockedValue { state in
            state.wait = wait
            return state.isStopping
        }
        if isStopping { wait.cancel() }
        await withTaskCancellationHandler {
            await wait.value
        } onCancel: {
            wait.cancel()
        }
        shared.withLockedValue { $0.wait = nil }
    }

    private var isStopping: Bool { Task.isCancelled || shared.withLockedValue { $0.isStopping } }

    private func stand(_ phase: SMPPClientState) {
        surroundings.standings.withLockedValue { $0[index] = phase }
    }

    private func drain(_ session: NIOLoopBound<SMPPClientHandler>) {
        let timeout = TimeAmount(clamping: surroundings.configuration.drainTimeout)
        surroundings.eventLoop.execute { session.value.drain(within: timeout) }
    }

    /// Connects, binds, and stays until the session ends. Whether it was of any use.
    private func holdOneSession(afterTrouble: Bool) async -> Bool {
        surroundings.standings.withLockedValue { standings in
            if case .bindRefused = standings[index] { return }
            standings[index] = .connecting
        }
        let connection: (channel: any Channel, session: NIOLoopBound<SMPPClientHandler>)
        do {
            connection = try await connect(carefully: afterTrouble)
        } catch {
            logger.warning("SMPP connection failed", metadata: ["error": "\(error)"])
            missed((error as? TLSProblem).map(NotSentReason.tlsFailed) ?? .connectFailed)
            return false
        }
        let mustDrain = shared.withLockedValue { state in
            state.session = connection.session
            return state.isStopping
        }
        if mustDrain { drain(connection.session) }
        await closure(of: connection.channel)
        return await noteEnd(of: connection.session)
    }

    private func missed(_ reason: NotSentReason) {
        guard mode.mayTransmit else { return }
        surroundings.eventLoop.execute { [ring = surroundings.ring] in ring.value.missed(reason, now: .now()) }
    }

    private func closure(of channel: any Channel) async {
        await withTaskCancellationHandler {
            // closeFuture never fails.
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func noteEnd(of session: NIOLoopBound<SMPPClientHandler>) async -> Bool {
        let outcome = try? await surroundings.eventLoop.submit { [eventLoop = surroundings.eventLoop] in
            (session.value.wasGood(now: eventLoop.now), session.value.end)
        }.get()
        let end = outcome?.1 ?? .connectionLost
        shared.withLockedValue { $0.session = nil }
        if case .bindRefused(let status) = end { stand(.bindRefused(status)) } else { stand(.disconnected) }
        switch end {
        case .tlsFailed(let problem): logger.warning("SMPP connection failed", metadata: ["error": "\(problem)"])
        case .addressRefused: logger.warning("SMPP connection failed", metadata: ["error": "\(end)"])
        default: logger.info("SMPP session ended", metadata: ["reason": "\(end)"])
        }
        return outcome?.0 ?? false
    }

    private func connect(carefully: Bool) async throws -> (any Channel, NIOLoopBound<SMPPClientHandler>) {
        let configuration = surroundings.configuration
        let secured = try configuration.tls.map { ($0, try $0.makeContext()) }
        return try await ClientBootstrap(group: surroundings.eventLoop)
            .connectTimeout(TimeAmount(clamping: configuration.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = self.makeHandler(carefully: carefully)
                    if let isAllowed = configuration.allowsAddress {
                        try channel.pipeline.syncOperations.addHandler(AddressGate(isAllowed))
                    }
                    if let (tls, context) = secured {
                        let secure = try tls.makeHandler(context, host: configuration.host)
                        try channel.pipeline.syncOperations.addHandler(secure)
                    }
                    try channel.pipeline.syncOperations.addHandlers([BackPressureHandler(), handler])
                    return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
    }

    /// On the event loop.
    private func makeHandler(carefully: Bool) -> SMPPClientHandler {
        let configuration = surroundings.configuration
        return SMPPClientHandler(
            settings: SMPPClientHandler.Machine.Settings(
                bindMode: mode,
                bind: BindRequest(
                    systemID: configuration.systemID,
                    password: configuration.password,
                    systemType: configuration.systemType
                ),
                window: configuration.window,
                beginsWithOne: carefully,
                inboundWindow: configuration.inboundWindow,
                responseTimeout: TimeAmount(clamping: configuration.responseTimeout),
                enquireLinkInterval: TimeAmount(clamping: configuration.enquireLinkInterval)
            ),
            maximumPDUSize: configuration.maximumPDUSize,
            tls: configuration.tls,
            queue: surroundings.queue,
            ring: surroundings.ring,
            logger: logger,
            onBound: { [self] in bound(smscID: $0) },
            onNews: { [newsIn = surroundings.newsIn] in newsIn.yield($0) }
        )
    }

    private func bound(smscID: String) {
        logger.info("SMPP session bound")
        let isClientBound = surroundings.standings.withLockedValue { standings in
            standings[index] = .bound(smscID: smscID)
            if case .bound = standings.overall { return true }
            return false
        }
        if isClientBound { surroundings.newsIn.yield(.event(.bound)) }
    }
}
