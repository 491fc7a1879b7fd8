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
                try DatabaseQueue(path: path, configuration: readonly).close()
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            // The pool lowers this to NORMAL when it turns WAL on, and NORMAL forgets commits in a power cut.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            throw SQLError(opening: error)
        }
        commits = GroupCommit(pool: pool)
    }

    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read { try body(Transaction($0)) }
        } catch let error as DatabaseError {
            throw SQLError(error)
        }
    }

    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await commits.run(body)
    }

    public func close() throws {
        try pool.close()
    }
}

extension Transaction {
    init(_ database: GRDB.Database) {
        self.init(
            dialect: .sqlite,
            steps: TransactionSteps(
                query: { try database.rows($0, $1) },
                execute: { try database.change($0, $1) },
                executeEach: { try database.change($0, each: $1) },
                script: { sql in try database.run { try database.execute(sql: sql) } }
            )
        )
    }
}

extension GRDB.Database {
    fileprivate func run<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError { throw SQLError(error) }
    }

    fileprivate func rows(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        try run {
            let statement = try cachedStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(values.map { $0.databaseValue }))
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(row.databaseValues.map(SQLValue.init)))
            }
            return rows
        }
    }

    fileprivate func change(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try run {
            let statement = try cachedStatement(sql: sql)
            try statement.execute(arguments: StatementArguments(values.map { $0.databaseValue }))
            return changesCount
        }
    }

    fileprivate func change(_ sql: String, each rows: [[SQLValue]]) throws -> [Int] {
        try run {
            let statement = try cachedStatement(sql: sql)
            return try rows.map { values in
                try statement.execute(arguments: StatementArguments(values.map { $0.databaseValue }))
                return changesCount
            }
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .string(let string): self = .text(string)
        case .blob(let data): self = .bytes([UInt8](data))
        case .double(let double): self = .integer(Int64(double))
        }
    }

    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .bytes(let value): Data(value).databaseValue
        }
    }
}
