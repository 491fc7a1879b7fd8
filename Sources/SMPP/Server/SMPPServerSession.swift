import NIOCore

/// A bound client, as the server sees it. Every call may come from anywhere and returns at once.
public final class SMPPServerSession: Sendable, Identifiable {
    /// Counted up from 1 by each server.
    public struct ID: RawRepresentable, Sendable, Hashable {
        public var rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
    }

    public let id: ID
    public let systemID: String
    public let mode: BindMode
    private let handler: NIOLoopBound<SMPPServerHandler>
    private let eventLoop: any EventLoop

    init(
        id: ID,
        systemID: String,
        mode: BindMode,
        handler: NIOLoopBound<SMPPServerHandler>,
        eventLoop: any EventLoop
    ) {
        self.id = id
        self.systemID = systemID
        self.mode = mode
        self.handler = handler
        self.eventLoop = eventLoop
    }

    /// Sends a deliver_sm as soon as the window lets it.
    ///
    /// - Parameter completion: the client's answer; nil where none came. Called on the event loop.
    public func deliver(_ message: DeliverSM, completion: (@Sendable (CommandStatus?) -> Void)? = nil) {
        onLoop { $0.deliver(ServerDelivery(message: message, completion: completion)) }
    }

    /// Sends a deliver_sm and waits for the client's answer; nil where none came.
    public func deliver(_ message: DeliverSM) async -> CommandStatus? {
        await withCheckedContinuation { continuation in
            deliver(message) { continuation.resume(returning: $0) }
        }
    }

    public func enquireLink() { onLoop { $0.enquireLink() } }

    /// Asks the client to end the session.
    public func unbind() { onLoop { $0.unbind() } }

    /// Ends the connection without a word.
    public func cut() { onLoop { $0.cut() } }

    func respond(_ answer: SubmitAnswer, to sequence: SequenceNumber) {
        onLoop { $0.respond(answer, to: sequence) }
    }

    private func onLoop(_ work: @escaping @Sendable (SMPPServerHandler) -> Void) {
        if eventLoop.inEventLoop {
            work(handler.value)
        } else {
            eventLoop.execute { [handler] in work(handler.value) }
        }
    }
}

/// A submit_sm that waits for an answer, now, later, out of order or never.
public struct ReceivedSubmit: Sendable {
    public let message: SubmitSM
    public let sequence: SequenceNumber
    public let session: SMPPServerSession

    public func answer(_ answer: SubmitAnswer) { session.respond(answer, to: sequence) }
}

/// The two answers to a submit_sm (SMPP 3.4 §4.4.2); saying nothing is the third.
public enum SubmitAnswer: Sendable, Equatable {
    case accept(messageID: String)
    case refuse(CommandStatus)
}
