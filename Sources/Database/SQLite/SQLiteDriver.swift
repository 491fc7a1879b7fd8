import Foundation
import GRDB

/// SQLite in one file: WAL, synchronous=FULL, foreign keys on.
///
/// A durable commit costs the disk a sync, whatever its size. Closures that arrive while one commit is under way are
/// therefore run together in the next, each in a savepoint of its own, so that one failing does not touch the others.
public final class SQLiteDriver: SQLDriver {
    public let dialect = Dialect.sqlite
    private let pool: DatabasePool
    private let commits: GroupCommit
    private let bells = Bells()

    /// Opens the file, creating it where `creating` says so.
    ///
    /// - Parameter busySeconds: how long to wait for another process's transaction.
    /// - Throws: ``SQLError/cannotOpen(_:)``, ``SQLError/notADatabase``, ``SQLError/busy``, ``SQLError/full``.
    public init(path: String, creating: Bool = true, busySeconds: Double = 5) throws {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            if !creating {
                // A pool opens for writing and creates; a look first keeps a mistyped path from making a file.
                var readonly = GRDB.Configuration()
                readonly.readonly = true
                // Another process holds the file alone for a moment when it is the last to close it.
                readonly.busyMode = .timeout(busySeconds)
                try DatabaseQueue(path: path, configuration: readonly).close()
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            // The pool lowers this to NORMAL when it turns WAL on, and NORMAL forgets commits in a power cut.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            // Pages that many commits touch are copied into the file less often: 16 MB of log instead of 4.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 4000") }
        } catch {
            throw SQLError(opening: error)
        }
        commits = GroupCommit(pool: pool, bells: bells)
    }

    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read { try body(Transaction(SQLiteConnection(database: $0)) { _ in }) }
        } catch let error as DatabaseError {
            throw SQLError(error)
        }
    }

    public func write<Value: Sendable>(
        _ isolation: Isolation,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await commits.run(body)
    }

    /// Rings within this process only: another process on the same file sees what is due when it looks next.
    public func announcements(of topic: Topic) -> AsyncStream<Void> { bells.stream(of: topic) }

    public func clockMilliseconds() async throws -> Int64? { nil }

    public func close() throws {
        bells.close()
        try pool.close()
    }
}

extension Transaction {
    init(_ connection: SQLiteConnection, announce: @escaping (Topic) throws -> Void) {
        self.init(
            dialect: .sqlite,
            steps: TransactionSteps(
                run: { try connection.run($0, each: $1) },
                runGiven: { try connection.run($0, given: $1) },
                script: { try connection.script($0) },
                announce: announce
            )
        )
    }
}
