import Logging
import NIOCore
import NIOSSL

/// Messages that a session read together, to be acknowledged once they are stored.
struct ClientDeliveries: Sendable {
    var messages: [InboundMessage]
    /// Acknowledges each on the session that brought it; does nothing where that has ended.
    var acknowledge: @Sendable (_ stored: [Bool]) -> Void
}

/// What a session reports to its client.
enum ClientNews: Sendable {
    case deliveries(ClientDeliveries)
    case event(SMPPClientEvent)
}

/// The thin handler between one channel and the session's state machine; all of it on the channel's event loop.
final class SMPPClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Machine = SMPPSessionStateMachine<SubmitWaiter>

    private var machine: Machine
    private var pipe: PDUPipe
    private var context: ChannelHandlerContext?
    private var ticker: RepeatedTask?
    private let tickInterval: TimeAmount
    private let mayTransmit: Bool
    private let tls: SMPPClientTLS?
    private let queue: SubmitQueue
    private let ring: NIOLoopBoundBox<SubmitRing>
    private let onBound: (String) -> Void
    private let onNews: (ClientNews) -> Void
    private let logger: Logger
    private var boundAt: NIODeadline?
    /// Read, and not handed over yet.
    private var arrived: [(message: InboundMessage, token: Machine.InboundToken)] = []
    private(set) var end: SessionEnd?

    init(
        settings: Machine.Settings,
        maximumPDUSize: Int,
        tls: SMPPClientTLS?,
        queue: SubmitQueue,
        ring: NIOLoopBoundBox<SubmitRing>,
        logger: Logger,
        onBound: @escaping (String) -> Void,
        onNews: @escaping (ClientNews) -> Void
    ) {
        machine = Machine(settings: settings)
        pipe = PDUPipe(maximumPDUSize: maximumPDUSize)
        self.mayTransmit = settings.bindMode.mayTransmit
        self.tls = tls
        self.queue = queue
        self.ring = ring
        self.logger = logger
        self.onBound = onBound
        self.onNews = onNews
        let shortest = min(settings.responseTimeout, settings.enquireLinkInterval)
        tickInterval = .nanoseconds(min(max(shortest.nanoseconds / 8, 5_000_000), 500_000_000))
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: tickInterval, delay: tickInterval) { _ in
            bound.value.tick()
        }
        perform(machine.connected(now: context.eventLoop.now))
        flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = context.eventLoop.now
        do {
            try pipe.frames.process(buffer: unwrapInboundIn(data)) { result in
                switch result {
                case .success(let pdu): self.perform(self.machine.received(pdu, now: now))
                case .failure(let error): self.answer(error, now: now)
                }
            }
        } catch let error as PDUDecodingError {
            error.answer.map { perform([.write($0)]) }
            perform(machine.streamBroken())
        } catch {
            perform(machine.streamBroken())
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        handOverArrived(context.eventLoop)
        submitWaiting()
        flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticker?.cancel()
        // What was read before the end has no channelReadComplete; it can be stored still, though not acknowledged.
        handOverArrived(context.eventLoop)
        perform(machine.connectionLost())
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug("SMPP connection failed", metadata: ["error": "\(error)"])
        if error is AddressGate.Refusal {
            perform(machine.addressRefused())
        } else if let tls, boundAt == nil, end == nil {
            let secure = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            let problem = TLSProblem(error, certificate: secure?.peerCertificate, unixTime: tls.unixTime())
            if let problem { perform(machine.securingFailed(problem)) }
        }
        context.close(promise: nil)
    }

    /// Takes nothing new; the channel closes when the open answers are in, or at the time-out.
    func drain(within timeout: TimeAmount) {
        guard let context else { return }
        let now = context.eventLoop.now
        perform(machine.drain(deadline: now + timeout, now: now))
        flushSoon()
    }

    /// Whether the session did what it was for: a message was answered or brought, or it stood for a minute.
    func wasGood(now: NIODeadline) -> Bool {
        machine.isProven || boundAt.map { now - $0 >= .minutes(1) } == true
    }

    private func tick() {
        guard let context else { return }
        perform(machine.tick(now: context.eventLoop.now))
        submitWaiting()
        flush()
    }

    /// Fills the window from the queue, and lets it leave.
    ///
    /// - Parameter share: the most messages to take.
    func fillWindow(atMost share: Int = .max) {
        submitWaiting(atMost: share)
        flush()
    }

    private func submitWaiting(atMost share: Int = .max) {
        guard let context else { return }
        var left = share
        while left > 0, machine.freeSlots > 0 {
            let waiting = queue.take(upTo: min(left, machine.freeSlots))
            if waiting.isEmpty { return }
            left -= waiting.count
            for submit in waiting { write(submit, now: context.eventLoop.now) }
        }
    }

    private func write(_ submit: PendingSubmit, now: NIODeadline) {
        guard let sequence = machine.open(submit.waiter, tag: submit.tag, now: now) else {
            submit.waiter.resume(.notSent(.notBound))
            return
        }
        do {
            try pipe.append(PDU(.submit(submit.message), sequence: sequence))
        } catch {
            machine.withdraw(sequence)?.resume(.notSent(.invalidMessage(error)))
        }
    }

    private func perform(_ actions: [Machine.Action]) {
        for action in actions {
            switch action {
            case .write(let pdu): write(pdu)
            case .bound(let smscID): becomeBound(smscID)
            case .complete(let waiter, let result): waiter.resume(result)
            case .late(let tag, let result): onNews(.event(.lateAnswer(tag, result)))
            case .deliver(let message, let token): arrived.append((message, token))
            case .close(let reason): close(reason)
            }
        }
    }

    private func write(_ pdu: PDU) {
        do {
            try pipe.append(pdu)
        } catch {
            // Only the bind can be wrong: the other PDUs written here have no text of ours.
            logger.error("SMPP request cannot be encoded", metadata: ["error": "\(error)"])
            context?.close(promise: nil)
        }
    }

    private func answer(_ error: PDUDecodingError, now: NIODeadline) {
        logger.warning("SMPP PDU cannot be read", metadata: ["error": "\(error)"])
        error.answer.map { write($0) }
        if case .malformedBody(.submitSMResponse, let sequence, _) = error {
            perform(machine.receivedUnreadableResponse(sequence, now: now))
        }
    }

    private func becomeBound(_ smscID: String) {
        guard let context else { return }
        boundAt = context.eventLoop.now
        onBound(smscID)
        guard mayTransmit else { return }
        ring.value.join(self) { [eventLoop = context.eventLoop, ring] in
            eventLoop.execute { ring.value.share() }
        }
    }

    /// What was read together is stored and acknowledged together.
    private func handOverArrived(_ eventLoop: any EventLoop) {
        guard !arrived.isEmpty else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let tokens = arrived.map(\.token)
        let deliveries = ClientDeliveries(messages: arrived.map(\.message)) { stored in
            eventLoop.execute { bound.value.acknowledge(zip(tokens, stored), now: eventLoop.now) }
        }
        arrived.removeAll(keepingCapacity: true)
        onNews(.deliveries(deliveries))
    }

    private func acknowledge(_ stored: Zip2Sequence<[Machine.InboundToken], [Bool]>, now: NIODeadline) {
        guard context != nil else { return }
        for (token, stored) in stored { perform(machine.acknowledge(token, stored: stored, now: now)) }
        flushSoon()
    }

    private func flush() {
        guard let context, let ready = pipe.take(context.channel.allocator) else { return }
        context.writeAndFlush(NIOAny(ready), promise: nil)
    }

    /// One flush for all that is written in this tick of the event loop.
    private func flushSoon() {
        guard let context, pipe.needsFlushScheduled() else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.flush() }
    }

    private func close(_ reason: SessionEnd) {
        end = reason
        if mayTransmit { ring.value.leave(self, reason, now: context?.eventLoop.now ?? .now()) }
        guard let context else { return }
        flush()
        context.close(promise: nil)
    }
}
