import CLibPQ
import Foundation

/// One connection to the server as a stream of results; knows no transaction. It belongs to one thread.
///
/// libpq is kept in its non-blocking mode and its pipeline mode (PostgreSQL 15 manual, 34.5): what is sent goes out
/// together, and while the server does not take it what it answers is read, so that neither waits for the other.
final class PostgreSQLSocket {
    let handle: OpaquePointer
    /// Seconds that the server may be silent for; nil for no end.
    var patience: Double?

    /// - Throws: ``PostgreSQLFailure``.
    init(_ address: PostgreSQLAddress) throws {
        guard let handle = address.start() else { throw PostgreSQLFailure.lost }
        self.handle = handle
        // The server's words may be in any language; its code is not.
        PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE)
        try connect(within: address.connectSeconds)
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        // Notices would go to standard error.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        PQsetnonblocking(handle, 1)
        PQenterPipelineMode(handle)
    }

    deinit { PQfinish(handle) }

    var isBroken: Bool { PQstatus(handle) != CONNECTION_OK }

    /// Sends what was queued, and lets the server answer all that came before.
    func synchronize() throws {
        guard PQpipelineSync(handle) == 1 else { throw PostgreSQLFailure.lost }
        try flush()
    }

    /// The result of the next command of the pipeline; each is followed by an end that is read as well.
    func command<Value>(_ read: (OpaquePointer) throws -> Value) throws -> Value {
        guard let result = try next() else { throw PostgreSQLFailure.lost }
        defer { PQclear(result) }
        let outcome = Result { try read(result) }
        guard try next() == nil else { throw PostgreSQLFailure.lost }
        return try outcome.get()
    }

    /// The end of a pipeline.
    func synchronized() throws {
        guard let result = try next() else { throw PostgreSQLFailure.lost }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw PostgreSQLFailure.lost }
    }

    /// Runs several statements at once by the simple protocol; the first that fails ends them. Migrations do so, and
    /// take as long as they take.
    func script(_ sql: String) throws {
        guard PQexitPipelineMode(handle) == 1 else { throw PostgreSQLFailure.lost }
        let patience = patience.take()
        defer {
            self.patience = patience
            PQenterPipelineMode(handle)
        }
        guard PQsendQuery(handle, sql) == 1 else { throw PostgreSQLFailure.lost }
        try flush()
        var failure: PostgreSQLFailure?
        while let result = try next() {
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_FATAL_ERROR { failure = failure ?? PostgreSQLFailure(result) }
        }
        if let failure { throw failure }
    }

    /// Takes in what has come, such as the end of the connection, without waiting.
    func look() throws {
        var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        repeat {
            // The server's last words come first, the end of the connection behind them.
            guard PQconsumeInput(handle) == 1, !isBroken else { throw PostgreSQLFailure.lost }
        } while poll(&socket, 1, 0) > 0
    }

    /// What other sessions announced: the channel and the announcing session's number.
    func notifications() throws -> [(channel: String, session: CInt)] {
        try look()
        var found: [(String, CInt)] = []
        while let notification = PQnotifies(handle) {
            found.append((String(cString: notification.pointee.relname), notification.pointee.be_pid))
            PQfreemem(notification)
        }
        return found
    }

    private func flush() throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                try wait(for: POLLIN | POLLOUT, seconds: patience)
                guard PQconsumeInput(handle) == 1 else { throw PostgreSQLFailure.lost }
            default: throw PostgreSQLFailure.lost
            }
        }
    }

    private func next() throws -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            try wait(for: POLLIN, seconds: patience)
            guard PQconsumeInput(handle) == 1 else { throw PostgreSQLFailure.lost }
        }
        return PQgetResult(handle)
    }

    private func connect(within seconds: Double) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            guard step != PGRES_POLLING_FAILED, PQstatus(handle) != CONNECTION_BAD else {
                throw PostgreSQLFailure(connecting: String(cString: PQerrorMessage(handle)))
            }
            do {
                try wait(
                    for: step == PGRES_POLLING_READING ? POLLIN : POLLOUT,
                    seconds: (end - .now) / .seconds(1)
                )
            } catch {
                let server = [PQhost(handle), PQport(handle)].compactMap { $0.map { String(cString: $0) } }
                throw PostgreSQLFailure(
                    remedy: .replaceConnection,
                    error: .unreachable("no answer from \(server.joined(separator: " port ")) in time")
                )
            }
            step = PQconnectPoll(handle)
        }
    }

    /// - Throws: ``PostgreSQLFailure/lost`` where nothing happens on the socket in time.
    private func wait(for events: CInt, seconds: Double?) throws {
        var socket = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        let milliseconds = seconds.map { CInt(max(0, min($0 * 1000, 1e9)).rounded(.up)) } ?? -1
        var ready: CInt
        repeat { ready = poll(&socket, 1, milliseconds) } while ready < 0 && errno == EINTR
        if ready <= 0 { throw PostgreSQLFailure.lost }
    }
}
