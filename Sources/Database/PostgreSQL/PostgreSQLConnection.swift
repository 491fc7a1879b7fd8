import CLibPQ

/// One connection with its transaction: BEGIN goes out together with the first statement, statements are prepared once,
/// and the rows of values of one statement go through the server without waiting for each other. It belongs to one
/// thread.
final class PostgreSQLConnection {
    /// Rows of values that are on their way at once.
    private static let largestPipeline = 1024

    private let socket: PostgreSQLSocket
    private var statements = PreparedStatements(limit: 256)
    private var parameters = PostgreSQLParameters()
    private var begin: String?
    private var hasBegun = false
    private var topics: Set<Topic> = []
    /// What went wrong first in the transaction under way: PostgreSQL does nothing more in it from then on.
    private(set) var failure: PostgreSQLFailure?
    /// Whether COMMIT was sent: from then on a lost connection leaves open whether it took place.
    private(set) var isCommitting = false

    /// Connects and looks whether the server is one that we can use.
    ///
    /// - Throws: ``PostgreSQLFailure``.
    init(_ address: PostgreSQLAddress) throws {
        socket = try PostgreSQLSocket(address)
        guard PQserverVersion(socket.handle) >= 150_000 else {
            throw Self.unusable("PostgreSQL 15 or later is needed, this is \(PQserverVersion(socket.handle) / 10_000)")
        }
        guard let encoding = PQparameterStatus(socket.handle, "server_encoding"), String(cString: encoding) == "UTF8"
        else { throw Self.unusable("the encoding of the server's database must be UTF8") }
        socket.patience = address.connectSeconds
        let milliseconds = try raw("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'") { result in
            try PostgreSQLResult.read(result).rows.first?.text(0)
        }
        // The server ends a statement by itself; a server that stands still does not even do that.
        let seconds = milliseconds.flatMap(Double.init).map { $0 / 1000 } ?? 0
        socket.patience = seconds > 0 ? seconds + 10 : nil
    }

    private static func unusable(_ reason: String) -> PostgreSQLFailure {
        PostgreSQLFailure(remedy: .none, error: .cannotOpen(reason))
    }

    /// The number of the server's session.
    var session: CInt { PQbackendPID(socket.handle) }

    var isBroken: Bool { socket.isBroken || failure?.remedy == .replaceConnection }

    /// Nothing is sent before the first statement.
    func begin(_ sql: String) {
        begin = sql
        hasBegun = false
        isCommitting = false
        failure = nil
        topics = []
    }

    /// Rings for it once the transaction is committed.
    func announce(_ topic: Topic) { topics.insert(topic) }

    /// - Returns: what was announced.
    /// - Throws: ``SQLError``; the transaction is undone, or ``isCommitting`` says that nobody knows.
    func commit() throws -> Set<Topic> {
        guard hasBegun || !topics.isEmpty else { return [] }
        // A body that went on after a failed statement has written nothing: PostgreSQL would answer with ROLLBACK.
        if let failure { throw failure.error }
        try noting {
            var commands = begin.take().map { [$0] } ?? []
            commands += topics.map { "NOTIFY \($0.rawValue)" }
            // A connection that is known to be broken breaks here, where the body can still run again.
            try socket.look()
            try commands.forEach(send)
            isCommitting = true
            try send("COMMIT")
            try socket.synchronize()
            try finish(commands.count + 1)
            isCommitting = false
        }
        hasBegun = false
        return topics
    }

    /// Undoes what was done. Where that fails the connection is broken.
    func rollback() {
        guard hasBegun, !isBroken else { return }
        hasBegun = false
        do {
            try send("ROLLBACK")
            try socket.synchronize()
            try finish(1)
        } catch {
            failure = .lost
        }
    }

    /// Runs one statement for each row of values.
    func run(_ sql: String, each rows: [[SQLValue]]) throws -> [SQLResult] {
        try noting {
            var results: [SQLResult] = []
            results.reserveCapacity(rows.count)
            for start in stride(from: 0, to: rows.count, by: Self.largestPipeline) {
                let part = rows[start..<min(start + Self.largestPipeline, rows.count)]
                try run(sql, part, into: &results) { $0.fill($1) }
            }
            return results
        }
    }

    /// Runs one statement for all rows of values together: an array for each column.
    func run(_ sql: String, given: GivenRows) throws -> SQLResult {
        let arrays = given.columns.enumerated().map { "$\($0 + 1)::\($1.kind.arrayType)" }
        let statement = "\(given.head)SELECT * FROM unnest(\(arrays.joined(separator: ", ")))) \(sql)"
        return try noting {
            var results: [SQLResult] = []
            try run(statement, [given][...], into: &results) { $0.fill($1) }
            return results.first ?? SQLResult()
        }
    }

    /// Runs several statements without values.
    func script(_ sql: String) throws {
        try noting {
            if let begin = begin.take() {
                hasBegun = true
                try raw(begin) { _ in }
            }
            try socket.script(sql)
        }
    }

    /// Listens for announcements, and from then on reads nothing else.
    func listen() throws {
        for topic in Topic.allCases { try raw("LISTEN \(topic.rawValue)") { _ in } }
    }

    /// The socket's descriptor, for poll.
    var descriptor: CInt { PQsocket(socket.handle) }

    func notifications() throws -> [(channel: String, session: CInt)] { try socket.notifications() }

    /// - Parameter fill: brings one set of values into the form that libpq takes.
    private func run<Values>(
        _ sql: String,
        _ sets: ArraySlice<Values>,
        into results: inout [SQLResult],
        _ fill: (inout PostgreSQLParameters, Values) -> Void
    ) throws {
        var before = 0
        if let begin = begin.take() {
            hasBegun = true
            try send(begin)
            before += 1
        }
        let known = statements.name(of: sql)
        let name = try known ?? prepare(sql, &before)
        for values in sets {
            fill(&parameters, values)
            let isSent = parameters.send { count, values, lengths, formats in
                PQsendQueryPrepared(socket.handle, name, count, values, lengths, formats, 0)
            }
            guard isSent == 1 else { throw PostgreSQLFailure.lost }
        }
        try socket.synchronize()
        do {
            try collect(before, sets.count, into: &results)
        } catch {
            if known == nil { statements.forget(sql) }
            throw error
        }
    }

    /// Queues the preparation, and that another statement is dropped where there are too many.
    private func prepare(_ sql: String, _ commands: inout Int) throws -> String {
        let (name, evicted) = statements.add(sql)
        if let evicted {
            try send("DEALLOCATE \(evicted)")
            commands += 1
        }
        guard PQsendPrepare(socket.handle, name, sql, 0, nil) == 1 else { throw PostgreSQLFailure.lost }
        commands += 1
        return name
    }

    /// Reads the answers of a pipeline to its end, and throws the first that is an error.
    private func collect(_ before: Int, _ rows: Int, into results: inout [SQLResult]) throws {
        var failure: (any Error)?
        for index in 0..<(before + rows) {
            do {
                let result = try socket.command { try Self.checked($0, PostgreSQLResult.read) }
                if index >= before { results.append(result) }
            } catch let error as PostgreSQLFailure where error.remedy != .replaceConnection {
                failure = failure ?? error
            }
        }
        try socket.synchronized()
        if let failure { throw failure }
    }

    private func finish(_ commands: Int) throws {
        var ignored: [SQLResult] = []
        try collect(commands, 0, into: &ignored)
    }

    private func send(_ command: String) throws {
        guard PQsendQueryParams(socket.handle, command, 0, nil, nil, nil, nil, 0) == 1 else {
            throw PostgreSQLFailure.lost
        }
    }

    /// One command by itself.
    @discardableResult
    private func raw<Value>(_ command: String, _ read: (OpaquePointer) throws -> Value) throws -> Value {
        try send(command)
        try socket.synchronize()
        let outcome = Result { try socket.command { try Self.checked($0, read) } }
        try socket.synchronized()
        return try outcome.get()
    }

    private static func checked<Value>(
        _ result: OpaquePointer,
        _ read: (OpaquePointer) throws -> Value
    ) throws -> Value {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return try read(result)
        // Something before it in the pipeline failed, and that is what is told.
        case PGRES_PIPELINE_ABORTED: throw PostgreSQLFailure(remedy: .none, error: .failed("not run"))
        default: throw PostgreSQLFailure(result)
        }
    }

    /// Keeps the first failure, and hands it on in terms that do not depend on the database.
    private func noting<Value>(_ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let error as PostgreSQLFailure {
            let noted = socket.isBroken ? PostgreSQLFailure.lost : error
            failure = failure ?? noted
            throw noted.error
        }
    }
}
