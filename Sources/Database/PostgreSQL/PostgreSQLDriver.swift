import Synchronization

/// How the driver finds its server and paces itself.
struct PostgreSQLOptions: Sendable {
    let address: PostgreSQLAddress
    /// Seconds for which a job waits for a server that is away.
    let awaySeconds: Double
    /// 0..<1, for the pauses of those who got into each other's way.
    let random: @Sendable () -> Double
}

/// PostgreSQL 15 and later, by libpq. Closures run on threads of the driver's own, each with a connection.
///
/// A transaction that got into another's way is run again from its start, as is one whose connection broke before its
/// COMMIT was sent. After a statement has failed PostgreSQL does nothing more in that transaction, so a body must not go
/// on after an error. U+0000, which PostgreSQL's text cannot hold, is stored as U+2400.
public final class PostgreSQLDriver: SQLDriver {
    public let dialect = Dialect.postgreSQL
    private let pool: PostgreSQLPool
    private let listener: PostgreSQLListener
    private let bells = Bells()

    /// Connects to nothing yet: that happens with the first transaction.
    ///
    /// - Parameters:
    ///   - uri: as libpq reads it: `postgresql://user@host:port/database?sslmode=verify-full`.
    ///   - connections: at most, besides the one that listens.
    ///   - patience: seconds that a transaction waits for its turn.
    ///   - awaySeconds: seconds that it waits for a server that does not answer.
    ///   - random: 0..<1.
    /// - Throws: ``SQLError/cannotOpen(_:)`` for what is no connection URI.
    public init(
        uri: String,
        connections: Int = 8,
        patience: Double = 10,
        awaySeconds: Double = 5,
        random: @escaping @Sendable () -> Double
    ) throws {
        let options = PostgreSQLOptions(
            address: try PostgreSQLAddress(uri),
            awaySeconds: awaySeconds,
            random: random
        )
        let sessions = PostgreSQLSessions()
        listener = try PostgreSQLListener(address: options.address, bells: bells, sessions: sessions)
        pool = PostgreSQLPool(limit: max(1, connections), patience: .seconds(patience)) { [bells] pool in
            PostgreSQLWorker(options: options, bells: bells, sessions: sessions, pool: pool)
        }
    }

    deinit {
        pool.close(waiting: false)
        listener.close(waiting: false)
    }

    /// Where the caller is cancelled before its turn it is not run.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let number = pool.number()
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await run(number, .read, body)
        } onCancel: {
            pool.withdraw(number)
        }
    }

    /// Also for a caller that was cancelled: what happened has to be written down.
    public func write<Value: Sendable>(
        _ isolation: Isolation,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await run(pool.number(), .write(isolation), body)
    }

    public func announcements(of topic: Topic) -> AsyncStream<Void> {
        let stream = bells.stream(of: topic)
        listener.start()
        return stream
    }

    public func clockMilliseconds() async throws -> Int64? {
        try await read { transaction in
            try transaction.first("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)")?.integer(0)
        }
    }

    /// Waits for what has begun; what has not is refused.
    public func close() throws {
        bells.close()
        listener.close(waiting: true)
        pool.close(waiting: true)
    }

    private func run<Value: Sendable>(
        _ number: Int,
        _ access: PostgreSQLJob.Access,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Value, any Error>) in
            pool.add(
                PostgreSQLJob(
                    number: number,
                    access: access,
                    deadline: pool.deadline,
                    run: { transaction in
                        let value = try body(transaction)
                        return { caller.resume(returning: value) }
                    },
                    fail: { caller.resume(throwing: $0) }
                )
            )
            // Cancelled before it was added: nobody else would withdraw it.
            if access.isRead, Task.isCancelled { pool.withdraw(number) }
        }
    }
}
