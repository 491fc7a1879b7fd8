// What lives here: the client: one account of one SMSC, its sessions bound again whenever they are lost.
// What must not: what a message says, whether it is sent again, and what an answer means to a practice.

import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An SMPP 3.4 client (ESME) for one account of one SMSC. Run it in a `ServiceGroup`; submit from anywhere.
///
/// Over TCP, or TLS where the configuration says so, with one session or several. Graceful shutdown takes nothing new,
/// waits for open answers, unbinds and closes; cancellation closes at once, and what was in flight is reported as
/// unknown.
public final class SMPPClient: Service {
    /// Whether each of some inbound messages is stored: true is acknowledged with ESME_ROK, false with ESME_RX_T_APPN.
    /// Those that were read together come together.
    public typealias DeliverHandler = @Sendable ([InboundMessage]) async -> [Bool]
    public typealias EventHandler = @Sendable (SMPPClientEvent) async -> Void

    private let onDeliver: DeliverHandler
    private let onEvent: EventHandler
    private let queue: SubmitQueue
    private let links: [SMPPLink]
    private let standings: NIOLockedValueBox<LinkStandings>
    private let nextTicket = NIOLockedValueBox<UInt64>(0)
    private let news: AsyncStream<ClientNews>
    private let newsIn: AsyncStream<ClientNews>.Continuation

    /// - Parameters:
    ///   - clock: for the waits between two attempts to connect.
    ///   - random: 0 ..< 1, for their spread.
    ///   - onEvent: called for several events at once.
    ///   - onDeliver: called again while it works; at most `inboundWindow` messages of a session are with it at a time.
    public init(
        configuration: SMPPClientConfiguration,
        logger: Logger,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double,
        onEvent: @escaping EventHandler = { _ in },
        onDeliver: @escaping DeliverHandler
    ) {
        self.onDeliver = onDeliver
        self.onEvent = onEvent
        // One for all sessions: what they share needs no lock then, and one is far faster than any SMSC.
        let eventLoop = eventLoopGroup.next()
        let patience = configuration.patience ?? configuration.responseTimeout * 2
        queue = SubmitQueue(
            eventLoop: eventLoop,
            limit: configuration.queueLimit,
            patience: SubmitPatience(
                unbound: TimeAmount(clamping: configuration.connectTimeout),
                bound: TimeAmount(clamping: patience)
            )
        )
        // Bounded by the sessions: no more than inboundWindow are open at a time, and no more late answers can come than
        // requests are remembered.
        (news, newsIn) = AsyncStream.makeStream()
        standings = NIOLockedValueBox(LinkStandings(configuration.binds))
        let surroundings = LinkSurroundings(
            configuration: configuration,
            logger: logger,
            eventLoop: eventLoop,
            clock: clock,
            random: random,
            queue: queue,
            ring: .makeBoxSendingValue(SubmitRing(queue: queue), eventLoop: eventLoop),
            standings: standings,
            newsIn: newsIn
        )
        links = configuration.binds.enumerated().map { index, mode in
            SMPPLink(index: index, mode: mode, surroundings: surroundings)
        }
    }

    public var state: SMPPClientState { standings.withLockedValue { $0.overall } }

    /// How many sessions are bound at this moment.
    public var boundSessions: Int { standings.withLockedValue { $0.bound } }

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
        nextTicket.withLockedValue { next in
            defer { next += UInt64(count) }
            return next..<next + UInt64(count)
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

    /// Keeps the sessions bound until shutdown or cancellation. May be called once.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.handOverNews() }
                await withDiscardingTaskGroup { group in
                    for link in self.links { group.addTask { await link.keepBound() } }
                }
                self.newsIn.finish()
            }
        } onGracefulShutdown: {
            self.shutDown()
        }
        queue.refuse(.shuttingDown)
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

    /// Takes nothing new, waits for open answers, unbinds and closes; `run()` returns then. An attempt to connect goes on
    /// until its time-out; cancelling the task of `run()` ends that.
    public func shutDown() {
        queue.refuse(.shuttingDown)
        for link in links { link.shutDown() }
    }
}
