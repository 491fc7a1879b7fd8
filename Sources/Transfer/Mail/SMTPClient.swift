import Synchronization

/// Hands messages over to one mail server, on a few connections that are kept for a while and used again.
public final class SMTPClient: Sendable {
    public struct Configuration: Hashable, Sendable {
        public var server: MailServer
        /// At the same time.
        public var connections = 2
        public var longestIdle = Duration.seconds(30)
        /// For each answer before the final dot.
        public var replyTimeout = Duration.seconds(15)
        /// For all that comes before the final dot, connecting included; what takes longer is not sent.
        public var patience = Duration.seconds(25)
        /// For the answer to the final dot (RFC 5321 §4.5.3.2.6 would wait for ten minutes).
        public var endTimeout = Duration.seconds(60)

        public init(server: MailServer) { self.server = server }
    }

    public typealias Credentials = @Sendable () async throws(CredentialProblem) -> MailCredentials?

    private struct Pool: Sendable {
        var idle: [MailConnection] = []
        var isClosed = false
    }

    private let configuration: Configuration
    private let credentials: Credentials
    private let seats: Seats
    private let pool = Mutex(Pool())

    /// - Parameter credentials: asked before each connection; nil where the server wants none.
    public init(_ configuration: Configuration, credentials: @escaping Credentials) {
        self.configuration = configuration
        self.credentials = credentials
        seats = Seats(configuration.connections)
    }

    /// Opens a connection of its own, signs in, and takes leave again.
    public func signIn() async throws(SignInProblem) {
        let connection = try await open()
        await connection.close()
    }

    public enum SignInProblem: Error, Hashable, Sendable {
        case connection(MailFailure)
        case credentials(CredentialProblem)
    }

    /// Hands a message over. A kept connection that turns out to be closed, or on which the server wants to hear no more
    /// (421), is replaced once; by then the final dot has surely not left.
    public func send(_ message: SMTPMessage) async -> SMTPResult {
        guard await seats.take() else { return .notSent(.ended(.cancelled)) }
        defer { seats.giveBack() }
        let limit = ContinuousClock.now.advanced(by: configuration.patience)
        if let kept = takeIdle() {
            let result = await send(message, on: kept, until: limit)
            if !result.asksForAnotherConnection || Task.isCancelled { return result }
        }
        do throws(SignInProblem) {
            return await send(message, on: try await open(), until: limit)
        } catch {
            switch error {
            case .connection(let failure): return .noConnection(failure)
            case .credentials(let problem): return .noCredentials(problem)
            }
        }
    }

    /// Takes leave of the server on all connections that nobody uses at the moment; the others are closed after use.
    public func close() async {
        let connections = pool.withLock { pool in
            pool.isClosed = true
            defer { pool.idle = [] }
            return pool.idle
        }
        for connection in connections { await connection.close() }
    }

    private func send(
        _ message: SMTPMessage,
        on connection: MailConnection,
        until limit: ContinuousClock.Instant
    ) async -> SMTPResult {
        let dialogue = SMTPDialogue(
            message,
            replyTime: configuration.replyTimeout,
            endTime: configuration.endTimeout
        )
        let result = await connection.perform(dialogue, until: limit)
        if connection.isUsable {
            let isKept = pool.withLock { pool in
                if !pool.isClosed { pool.idle.append(connection) }
                return !pool.isClosed
            }
            if !isKept { await connection.close() }
        }
        return result
    }

    /// The one that was used last: the others may rest and be closed.
    private func takeIdle() -> MailConnection? {
        pool.withLock { pool in
            pool.idle.removeAll { !$0.isUsable }
            return pool.idle.popLast()
        }
    }

    private func open() async throws(SignInProblem) -> MailConnection {
        let word: MailCredentials?
        do throws(CredentialProblem) { word = try await credentials() } catch { throw .credentials(error) }
        let connection = MailConnection(configuration.server, longestIdle: configuration.longestIdle)
        do throws(MailFailure) { try await connection.open(word) } catch { throw .connection(error) }
        return connection
    }
}

extension SMTPResult {
    /// On one that was kept: it was closed meanwhile, or the server wants to hear no more on this one.
    fileprivate var asksForAnotherConnection: Bool {
        switch self {
        case .notSent(.ended(.closed)), .notSent(.ended(.lost)): true
        case .refused(let verb, let reply): reply.closes && verb != .end
        default: false
        }
    }
}
