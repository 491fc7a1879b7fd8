import Logging
import NIOCore

/// A deliver_sm on its way, and who wants to know what became of it.
struct ServerDelivery: Sendable {
    var message: DeliverSM
    var completion: (@Sendable (CommandStatus?) -> Void)?
}

/// The thin handler between one accepted connection and its state machine; all of it on the channel's event loop.
final class SMPPServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Completion = @Sendable (CommandStatus?) -> Void
    typealias Machine = SMPPServerStateMachine<Completion?>

    private let server: SMPPServer
    private let id: SMPPServerSession.ID
    private var machine: Machine
    private var pipe: PDUPipe
    private var waiting = CircularBuffer<ServerDelivery>()
    private var context: ChannelHandlerContext?
    private var session: SMPPServerSession?
    private var ticker: RepeatedTask?

    init(server: SMPPServer, id: SMPPServerSession.ID) {
        self.server = server
        self.id = id
        machine = Machine(
            window: server.configuration.deliverWindow,
            responseTimeout: TimeAmount(clamping: server.configuration.responseTimeout)
        )
        pipe = PDUPipe(maximumPDUSize: server.configuration.maximumPDUSize)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.perform(bound.value.machine.tick(now: bound.value.context?.eventLoop.now ?? .now()))
            bound.value.deliverWaiting()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try pipe.frames.process(buffer: unwrapInboundIn(data)) { result in
                switch result {
                case .success(let pdu): self.perform(self.machine.received(pdu))
                case .failure(let error): error.answer.map { self.write($0) }
                }
            }
        } catch {
            ((error as? PDUDecodingError)?.answer).map { write($0) }
            perform(machine.connectionLost())
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliverWaiting()
        flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticker?.cancel()
        perform(machine.connectionLost())
        for delivery in waiting { delivery.completion?(nil) }
        waiting.removeAll()
        self.context = nil
        if let session { server.ended(session) }
        // The session holds this handler: the circle ends here.
        session = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: What the session's owner asks for

    func respond(_ answer: SubmitAnswer, to sequence: SequenceNumber) {
        switch answer {
        case .accept(let messageID): write(PDU(.submitResponse(messageID: messageID), sequence: sequence))
        case .refuse(let status):
            write(PDU(.submitResponse(messageID: ""), status: status, sequence: sequence))
        }
        flushSoon()
    }

    func deliver(_ delivery: ServerDelivery) {
        guard context != nil else {
            delivery.completion?(nil)
            return
        }
        waiting.append(delivery)
        deliverWaiting()
    }

    func enquireLink() {
        perform(machine.enquireLink())
        flushSoon()
    }

    func unbind() {
        perform(machine.unbind())
        flushSoon()
    }

    func cut() { context?.close(promise: nil) }

    // MARK: Inside

    private func deliverWaiting() {
        guard let context else { return }
        while machine.freeSlots > 0, let next = waiting.popFirst() {
            guard let sequence = machine.deliver(next.completion, now: context.eventLoop.now) else { break }
            write(PDU(.deliver(next.message), sequence: sequence))
        }
        flushSoon()
    }

    private func perform(_ actions: [Machine.Action]) {
        for action in actions {
            switch action {
            case .write(let pdu): write(pdu)
            case .bind(let mode, let request, let sequence): decideBind(mode, request, sequence)
            case .submit(let message, let sequence):
                if let session {
                    server.onSubmit(ReceivedSubmit(message: message, sequence: sequence, session: session))
                }
            case .delivered(let completion, let status): completion?(status)
            case .close: close()
            }
        }
    }

    private func decideBind(_ mode: BindMode, _ request: BindRequest, _ sequence: SequenceNumber) {
        guard let context else { return }
        let status = server.status(of: request)
        perform(machine.bindDecided(mode, sequence, status: status, systemID: server.configuration.systemID))
        guard status == .ok else { return }
        let session = SMPPServerSession(
            id: id,
            systemID: request.systemID,
            mode: mode,
            handler: NIOLoopBound(self, eventLoop: context.eventLoop),
            eventLoop: context.eventLoop
        )
        self.session = session
        flush()
        server.bound(session)
    }

    private func write(_ pdu: PDU) {
        do {
            try pipe.append(pdu)
        } catch {
            server.logger.error("SMPP PDU cannot be encoded", metadata: ["error": "\(error)"])
            cut()
        }
    }

    private func flush() {
        guard let context, let ready = pipe.take(context.channel.allocator) else { return }
        context.writeAndFlush(NIOAny(ready), promise: nil)
    }

    private func flushSoon() {
        guard let context, pipe.needsFlushScheduled() else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.flush() }
    }

    private func close() {
        guard let context else { return }
        flush()
        context.close(promise: nil)
    }
}
