// What lives here: an SMSC for demonstrations, tests and measurements, whose messages meet the fate in their number.
// What must not: anything that a client could rely on in earnest; foreign SMSCs judge the client, not this one.

import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

public struct SimulatedSMSCConfiguration: Sendable {
    public var server: SMPPServerConfiguration
    /// From the response to the receipt.
    public var receiptDelay: Duration
    /// Ids are counted up from here, in decimal; take one that no earlier run has used.
    public var firstMessageID: UInt64
    /// The most receipts owed at a time; what comes on top gets none.
    public var receiptLimit: Int

    public init(
        server: SMPPServerConfiguration = SMPPServerConfiguration(),
        receiptDelay: Duration = .seconds(2),
        firstMessageID: UInt64 = 1,
        receiptLimit: Int = 200_000
    ) {
        self.server = server
        self.receiptDelay = receiptDelay
        self.firstMessageID = firstMessageID
        self.receiptLimit = receiptLimit
    }
}

/// A message that reached the simulator.
public struct SimulatedSubmit: Sendable {
    /// nil where it was not accepted.
    public var messageID: String?
    public var fate: SimulatedFate
    public var systemID: String
    public var message: SubmitSM
}

/// An `SMPPServer` with fates: it answers, and sends receipts, by the last two digits of the number.
public final class SimulatedSMSC: Service {
    private let server: SMPPServer
    private let desk: ReceiptDesk
    private let eventLoop: any EventLoop

    /// - Parameters:
    ///   - unixTime: seconds since 1970, for the dates in receipts.
    ///   - record: told of each message. Called on the event loop; must not block.
    public init(
        configuration: SimulatedSMSCConfiguration,
        logger: Logger,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        unixTime: @escaping @Sendable () -> Int64,
        record: (@Sendable (SimulatedSubmit) -> Void)? = nil
    ) {
        let eventLoop = eventLoopGroup.next()
        let desk = ReceiptDesk(
            delay: TimeAmount(clamping: configuration.receiptDelay),
            limit: configuration.receiptLimit,
            unixTime: unixTime
        )
        let counter = SimulatedMessageIDs(next: configuration.firstMessageID)
        self.eventLoop = eventLoop
        self.desk = desk
        // One event loop for all sessions: the desk's lock is never fought over.
        server = SMPPServer(
            configuration: configuration.server,
            logger: logger,
            eventLoopGroup: eventLoop,
            onBound: { desk.bound($0) },
            onEnded: { desk.ended($0) },
            onSubmit: { submit in
                let fate = SimulatedFate(destination: submit.message.destination.value)
                let messageID = fate.response == .ok ? counter.take() : nil
                record?(
                    SimulatedSubmit(
                        messageID: messageID,
                        fate: fate,
                        systemID: submit.session.systemID,
                        message: submit.message
                    )
                )
                Self.meet(fate, submit, messageID: messageID, desk: desk, unixTime: unixTime)
            }
        )
    }

    /// The port that it listens on, once it does.
    public var boundPort: Int? { server.boundPort }

    /// The bound sessions, the oldest first.
    public var sessions: [SMPPServerSession] { server.sessions }

    /// Receipts that no client has taken yet.
    public var receiptsOwed: Int { desk.owed }

    /// Begins to listen and tells the port. `run()` does it where it has not been done.
    @discardableResult
    public func listen() async throws -> Int { try await server.listen() }

    /// Serves until shutdown or cancellation.
    public func run() async throws {
        let ticker = eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(10), delay: .milliseconds(10)) {
            [desk, eventLoop] _ in desk.tick(now: eventLoop.now)
        }
        defer { ticker.cancel() }
        try await server.run()
    }

    private static func meet(
        _ fate: SimulatedFate,
        _ submit: ReceivedSubmit,
        messageID: String?,
        desk: ReceiptDesk,
        unixTime: () -> Int64
    ) {
        guard let status = fate.response else { return }
        guard let messageID else {
            submit.answer(.refuse(status))
            return
        }
        let receiptFirst = fate == .receiptBeforeResponse
        if !receiptFirst { submit.answer(.accept(messageID: messageID)) }
        if let state = fate.receipt, isReceiptWanted(submit.message.registeredDelivery, state) {
            let receipt = SimulatedReceipt(
                messageID: messageID,
                state: state,
                source: submit.message.source,
                destination: submit.message.destination,
                submittedAt: unixTime(),
                systemID: submit.session.systemID,
                session: submit.session.id
            )
            _ = desk.take(receipt, atOnce: receiptFirst, now: .now())
        }
        if receiptFirst { submit.answer(.accept(messageID: messageID)) }
    }

    /// registered_delivery, bits 1–0 (SMPP 3.4 §5.2.17): never, always, only on failure.
    private static func isReceiptWanted(_ registeredDelivery: UInt8, _ state: MessageState) -> Bool {
        switch registeredDelivery & 0x03 {
        case 1: true
        case 2: state != .delivered
        default: false
        }
    }
}
