import Foundation
import Synchronization

/// Hears what other nodes announce, on a thread and a connection of its own, and rings the bells of this process.
final class PostgreSQLListener: Sendable {
    private struct State {
        var isStarted = false
        var isClosed = false
    }

    private let address: PostgreSQLAddress
    private let bells: Bells
    private let sessions: PostgreSQLSessions
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)
    /// A byte in this pipe ends the thread.
    private let wake: (reading: CInt, writing: CInt)

    init(address: PostgreSQLAddress, bells: Bells, sessions: PostgreSQLSessions) throws {
        self.address = address
        self.bells = bells
        self.sessions = sessions
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SQLError.cannotOpen("this process may not open another file") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wake = (ends[0], ends[1])
    }

    deinit {
        _ = Glibc.close(wake.reading)
        _ = Glibc.close(wake.writing)
    }

    /// Starts to listen, once.
    func start() {
        let isFirst = state.withLock { state in
            guard !state.isStarted, !state.isClosed else { return false }
            state.isStarted = true
            return true
        }
        guard isFirst else { return }
        let thread = Thread { [self] in
            listen()
            ended.signal()
        }
        thread.name = "postgresql-listener"
        thread.start()
    }

    func close(waiting: Bool) {
        let isRunning = state.withLock { state in
            defer { state.isClosed = true }
            return state.isStarted && !state.isClosed
        }
        guard isRunning else { return }
        var byte: UInt8 = 0
        _ = write(wake.writing, &byte, 1)
        if waiting { ended.wait() }
    }

    private func listen() {
        var pause = 0.05
        repeat {
            if let connection = try? PostgreSQLConnection(address), (try? connection.listen()) != nil {
                pause = 0.05
                // What was announced while nobody listened is not told again.
                bells.ring(Set(Topic.allCases))
                if !hear(connection) { return }
            }
            pause = min(pause * 2, 2)
        } while !isWoken(within: pause)
    }

    /// Rings until the connection breaks: true; or until all is to end: false.
    private func hear(_ connection: PostgreSQLConnection) -> Bool {
        while true {
            var sources = [
                pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sources, 2, -1) >= 0 || errno == EINTR else { return true }
            if sources[1].revents != 0 { return false }
            guard sources[0].revents != 0 else { continue }
            guard let heard = try? connection.notifications(), !connection.isBroken else { return true }
            // Our own sessions rang when they committed.
            bells.ring(Set(heard.filter { !sessions.contains($0.session) }.compactMap { Topic(rawValue: $0.channel) }))
        }
    }

    private func isWoken(within seconds: Double) -> Bool {
        var source = pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0)
        return poll(&source, 1, CInt(seconds * 1000)) > 0
    }
}

/// The numbers of this driver's own sessions on the server.
final class PostgreSQLSessions: Sendable {
    private let numbers = Mutex<Set<CInt>>([])

    func add(_ number: CInt) { numbers.withLock { _ = $0.insert(number) } }
    func remove(_ number: CInt) { numbers.withLock { _ = $0.remove(number) } }
    func contains(_ number: CInt) -> Bool { numbers.withLock { $0.contains(number) } }
}
