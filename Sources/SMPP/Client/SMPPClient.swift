// What lives here: the client: one SMSC, one session at a time, bound again whenever it is lost.
// What must not: what a message says, whether it is sent again, and what an answer means to a practice.

import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An SMPP 3.4 client (ESME) for one SMSC. Run it in a `ServiceGroup`; submit from anywhere.
///
/// Plain TCP. Graceful shutdown takes nothing new, waits for open answers, unbinds and closes; cancellation
/// closes at once, and what was in flight is reported as unknown.
public final class SMPPClient: Service {
    /// Whether each of some inbound messages is stored: true is acknowledged with ESME_ROK, false with ESME_RX_T_APPN.
    /// Those that were read together come together.
    public typealias DeliverHandler = @Sendable ([InboundMessage]) async -> [Bool]
    public typealias EventHandler = @Sendable (SMPPClientEvent) async -> Void

    private struct State {
        var phase = SMPPClientState.disconnected
        var isStopping = false
        var session: NIOLoopBound<SMPPClientHandler>?
        var nextTicket: UInt64 = 0
    }

    private let configuration: SMPPClientConfiguration
    private let logger: Logger
    private let eventLoop: any EventLoop
    private let clock: any Clock<Duration>
    private let random: @Sendable () -> Double
    private let onDeliver: DeliverHandler
    private let onEvent: EventHandler
    private let queue: SubmitQueue
    private let shared = NIOLockedValueBox(State())
    private let news: AsyncStream<ClientNews>
    private let newsIn: AsyncStream<ClientNews>.Continuation

    /// - Parameters:
    ///   - clock: for the waits between two attempts to connect.
    ///   - random: 0 ..< 1, for their spread.
    ///   - onEvent: called for several events at once.
    ///   - onDeliver: called again while it works; at most `inboundWindow` messages are with it at a time.
    public init(
        configuration: SMPPClientConfiguration,
        logger: Logger,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double,
        onEvent: @escaping EventHandler = { _ in },
        onDeliver: @escaping DeliverHandler
    ) {
        self.configuration = configuration
        self.logger = logger
        self.eventLoop = eventLoopGroup.next()
        self.clock = clock
        self.random = random
        self.onDeliver = onDeliver
        self.onEvent = onEvent
        queue = SubmitQueue(
            eventLoop: eventLoop,
            limit: configuration.queueLimit,
            patience: SubmitPatience(
                unbound: TimeAmount(clamping: configuration.connectTimeout),
                bound: TimeAmount(clamping: configuration.responseTimeout * 2)
            )
        )
        // Bounded by the session: no more than inboundWindow are open at a time, and no more late answers can come than
        // requests are remembered.
        (news, newsIn) = AsyncStream.makeStream()
    }

    public var state: SMPPClientState { shared.withLockedValue { $0.phase } }

    /// Hands one message over and waits for what becomes of it.
    ///
    /// Waits for a slot of the window, and while no session is bound at most `connectTimeout` for one. A caller
    /// cancelled before the message's turn gets `.notSent(.cancelled)`; after it the true outcome, which is at
    /// most `responseTimeout` away.
    ///
    /// - Parameter tag: by which ``SMPPClientEvent/lateAnswer(_:_:)`` tells an answer that comes after `responseTimeout`,
    ///   in the same session and within ten minutes; without one such an answer is passed over.
    public func submit(_ message: SubmitSM, tag: SubmitTag? = nil) async -> SubmitResult {
        let ticket = takeTickets(1)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enqueue([message], tags: tag.map { [$0] } ?? [], tickets: ticket) { _ in .one(continuation) }
            }
        } onCancel: {
            queue.cancel(ticket)
        }
    }

    /// Hands many messages over, in order and with one wait; the results stand in the same order.
    ///
    /// - Parameters:
    ///   - tags: one for each message, or none at all.
    ///   - onResult: called with the place of a message and what became of it, as soon as that is known; on any
    ///     thread, so it must not wait for anything.
    public func submit(
        _ messages: [SubmitSM],
        tags: [SubmitTag] = [],
        onResult: @escaping @Sendable (Int, SubmitResult) -> Void = { _, _ in }
    ) async -> [SubmitResult] {
        if messages.isEmpty { return [] }
        let tickets = takeTickets(messages.count)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let batch = SubmitBatch(count: messages.count, onResult: onResult, continuation: continuation)
                enqueue(messages, tags: tags, tickets: tickets) { .member(batch, index: $0) }
            }
        } onCancel: {
            queue.cancel(tickets)
        }
    }

    private func takeTickets(_ count: Int) -> Range<UInt64> {
        shared.withLockedValue { state in
            defer { state.nextTicket += UInt64(count) }
            return state.nextTicket..<state.nextTicket + UInt64(count)
        }
    }

    private func enqueue(
        _ messages: [SubmitSM],
        tags: [SubmitTag],
        tickets: Range<UInt64>,
        waiter: (Int) -> SubmitWaiter
    ) {
        let now = NIODeadline.now()
        queue.enqueue(
            messages.enumerated().map { index, message in
                PendingSubmit(
                    ticket: tickets.lowerBound + UInt64(index),
                    message: message,
                    tag: tags.indices.contains(index) ? tags[index] : nil,
                    enqueuedAt: now,
                    waiter: waiter(index)
                )
            }
        )
        // The cancellation may have come before there was anything to take back.
        if Task.isCancelled { queue.cancel(tickets) }
    }

    // MARK: Running

    /// Keeps a session bound until shutdown or cancellation. May be called once.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.handOverNews() }
                await self.keepBound()
                self.newsIn.finish()
            }
        } onGracefulShutdown: {
            self.shutDown()
        }
        queue.refuse(.shuttingDown)
        shared.withLockedValue { $0.phase = .stopped }
    }

    private func handOverNews() async {
        await withDiscardingTaskGroup { group in
            for await news in news {
                group.addTask {
                    switch news {
                    case .deliveries(let deliveries):
                        deliveries.acknowledge(await self.onDeliver(deliveries.messages))
                    case .event(let event): await self.onEvent(event)
                    }
                }
            }
        }
    }

    /// Takes nothing new, waits for open answers, unbinds and closes; `run()` returns then. A wait between two attempts
    /// to connect goes on; cancelling the task of `run()` ends that.
    public func shutDown() {
        queue.refuse(.shuttingDown)
        let session = shared.withLockedValue { state in
            state.isStopping = true
            return state.session
        }
        if let session { drain(session) }
    }

    private func drain(_ session: NIOLoopBound<SMPPClientHandler>) {
        let timeout = TimeAmount(clamping: configuration.drainTimeout)
        eventLoop.execute { session.value.drain(within: timeout) }
    }

    private var isStopping: Bool { Task.isCancelled || shared.withLockedValue { $0.isStopping } }

    private func keepBound() async {
        var failures = 0
        while !isStopping {
            let wasGood = await holdOneSession(afterTrouble: failures > 0)
            failures = wasGood ? 0 : failures + 1
            if isStopping { return }
            let delay = configuration.backoff.delay(failures: failures, random: random())
            // Throws only when there is no need to wait any longer: stopping, which the loop sees.
            try? await cancelWhenGracefulShutdown { try await self.clock.sleep(for: delay, tolerance: nil) }
        }
    }

    /// Connects, binds, and stays until the session ends. Whether it was of any use.
    private func holdOneSession(afterTrouble: Bool) async -> Bool {
        shared.withLockedValue { if case .bindRefused = $0.phase {} else { $0.phase = .connecting } }
        let connection: (channel: any Channel, session: NIOLoopBound<SMPPClientHandler>)
        do {
            connection = try await connect(carefully: afterTrouble)
        } catch {
            logger.warning("SMPP connection failed", metadata: ["error": "\(error)"])
            queue.unbound(.connectFailed, now: .now())
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

    private func closure(of channel: any Channel) async {
        await withTaskCancellationHandler {
            // closeFuture never fails.
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func noteEnd(of session: NIOLoopBound<SMPPClientHandler>) async -> Bool {
        let outcome = try? await eventLoop.submit { [eventLoop] in
            (session.value.wasGood(now: eventLoop.now), session.value.end)
        }.get()
        let end = outcome?.1 ?? .connectionLost
        shared.withLockedValue { state in
            state.session = nil
            if case .bindRefused(let status) = end {
                state.phase = .bindRefused(status)
            } else {
                state.phase = .disconnected
            }
        }
        logger.info("SMPP session ended", metadata: ["reason": "\(end)"])
        return outcome?.0 ?? false
    }

    private func connect(carefully: Bool) async throws -> (any Channel, NIOLoopBound<SMPPClientHandler>) {
        try await ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(clamping: configuration.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = self.makeHandler(carefully: carefully)
                    try channel.pipeline.syncOperations.addHandlers([BackPressureHandler(), handler])
                    return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
    }

    private func makeHandler(carefully: Bool) -> SMPPClientHandler {
        SMPPClientHandler(
            settings: SMPPClientHandler.Machine.Settings(
                bindMode: configuration.bindMode,
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
            queue: queue,
            logger: logger,
            onBound: { [logger, shared] smscID in
                logger.info("SMPP session bound")
                shared.withLockedValue { $0.phase = .bound(smscID: smscID) }
            },
            onNews: { [newsIn] in newsIn.yield($0) }
        )
    }
}
