import Logging
import NIOConcurrencyHelpers
import SMPP
import ServiceLifecycle

/// Events that a test waits for, in the order in which they came.
final class Events<Element: Sendable>: Sendable {
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func add(_ element: Element) { continuation.yield(element) }

    /// Nothing more will come.
    func finish() { continuation.finish() }

    func next() async -> Element? {
        for await element in stream { return element }
        return nil
    }

    func next(_ count: Int) async -> [Element] {
        var elements: [Element] = []
        while elements.count < count, let element = await next() { elements.append(element) }
        return elements
    }
}

/// A handler of several messages that takes one after the other.
func each(_ handle: @escaping @Sendable (InboundMessage) async -> Bool) -> SMPPClient.DeliverHandler {
    { messages in
        var stored: [Bool] = []
        for message in messages { stored.append(await handle(message)) }
        return stored
    }
}

/// A client and a scripted server of its own for one test.
struct LoopbackWorld: Sendable {
    let client: SMPPClient
    let server: SMPPServer
    let clientGroup: ServiceGroup
    let serverGroup: ServiceGroup
    /// Sessions in the order in which they were bound.
    let sessions: Events<SMPPServerSession>
    /// Submits in the order in which they came.
    let submits: Events<ReceivedSubmit>

    static let logger: Logger = {
        var logger = Logger(label: "smpp-tests")
        logger.logLevel = .critical
        return logger
    }()

    /// Runs both, then the body, then ends both.
    ///
    /// - Parameter script: what the server does with each message; nil leaves it to the test, by `submits`.
    static func run(
        credentials: [String: String]? = nil,
        configure: (inout SMPPClientConfiguration) -> Void = { _ in },
        clock: any Clock<Duration> = ContinuousClock(),
        script: (@Sendable (ReceivedSubmit) -> Void)? = nil,
        onEvent: @escaping SMPPClient.EventHandler = { _ in },
        onDeliver: @escaping @Sendable (InboundMessage) async -> Bool = { _ in true },
        body: (LoopbackWorld) async throws -> Void
    ) async throws {
        let sessions = Events<SMPPServerSession>()
        let submits = Events<ReceivedSubmit>()
        let server = SMPPServer(
            configuration: SMPPServerConfiguration(port: 0, credentials: credentials),
            logger: logger,
            onBound: { sessions.add($0) },
            onSubmit: { if let script { script($0) } else { submits.add($0) } }
        )
        let port = try await server.listen()
        let client = SMPPClient(
            configuration: configuration(port, configure),
            logger: logger,
            clock: clock,
            random: { 0.5 },
            onEvent: onEvent,
            onDeliver: each(onDeliver)
        )
        let world = LoopbackWorld(
            client: client,
            server: server,
            clientGroup: ServiceGroup(configuration: .init(services: [client], logger: logger)),
            serverGroup: ServiceGroup(configuration: .init(services: [server], logger: logger)),
            sessions: sessions,
            submits: submits
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await world.serverGroup.run() }
            group.addTask { try? await world.clientGroup.run() }
            try await body(world)
            group.cancelAll()
        }
    }

    private static func configuration(
        _ port: Int,
        _ configure: (inout SMPPClientConfiguration) -> Void
    ) -> SMPPClientConfiguration {
        var configuration = SMPPClientConfiguration(
            host: "127.0.0.1",
            port: port,
            systemID: "practice",
            password: "secret",
            // A busy machine may take its time; a test that is about a time-out sets its own.
            responseTimeout: .seconds(60),
            connectTimeout: .seconds(60),
            backoff: ReconnectBackoff(initial: .milliseconds(5), maximum: .milliseconds(20))
        )
        configure(&configuration)
        return configuration
    }

    static func message(_ destination: String = "00436641234500") -> SubmitSM {
        SubmitSM(
            from: .alphanumeric("Praxis"),
            to: destination,
            content: .gsm(Array("Terminerinnerung 12.03.2027, 10:30. ".utf8)),
            validity: .relative(seconds: 3_600)
        )
    }
}
