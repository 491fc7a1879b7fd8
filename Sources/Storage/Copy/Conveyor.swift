import Database
import Dispatch
import Synchronization

/// Hands things from a transaction on one database to a transaction on another, each on its driver's own thread. It
/// holds few of them: whoever is quicker waits.
final class Conveyor<Item: Sendable>: Sendable {
    enum End: Hashable { case sending, storing }

    private struct State {
        var items: [Item] = []
        var isFinished = false
        var begun: Set<End> = []
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore
    private let ready = DispatchSemaphore(value: 0)

    init(capacity: Int) { room = DispatchSemaphore(value: capacity) }

    /// What went wrong first, at either end.
    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Marks that one end begins. What has gone by cannot be had again, so that a driver that runs a body anew, after a
    /// lost connection, must not.
    func begin(_ end: End) throws {
        let isFirst = state.withLock { $0.begun.insert(end).inserted }
        guard isFirst else { throw SQLError.connectionLost }
    }

    func put(_ item: Item) throws {
        room.wait()
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.items.append(item)
        }
        ready.signal()
    }

    /// Nothing comes any more.
    func finish() {
        state.withLock { $0.isFinished = true }
        ready.signal()
    }

    /// The next one, or nil after the last.
    func take() throws -> Item? {
        ready.wait()
        let item = try state.withLock { state -> Item? in
            if let failure = state.failure { throw failure }
            return state.items.isEmpty ? nil : state.items.removeFirst()
        }
        room.signal()
        return item
    }

    /// Does the work of one end; where it fails the other end is not left waiting.
    func joining<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        do { return try await work() } catch {
            state.withLock { $0.failure = $0.failure ?? error }
            room.signal()
            ready.signal()
            throw error
        }
    }
}
