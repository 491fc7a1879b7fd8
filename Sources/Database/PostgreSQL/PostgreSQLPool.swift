import Dispatch
import Foundation
import Synchronization

/// The jobs that wait, and the threads that serve them. A thread, with a connection of its own, is started when a job
/// comes and none is idle, up to the limit.
final class PostgreSQLPool: Sendable {
    private struct State {
        var waiting: [PostgreSQLJob] = []
        var idle: [DispatchSemaphore] = []
        var threads = 0
        var next = 0
        var isClosed = false
        var isWatched = false
        /// Why the last attempt to connect failed; nil after one that did not.
        var trouble: SQLError?
    }

    /// More waiting jobs than this are a sign that something is wrong; the next is refused at once.
    private static let longestQueue = 10_000
    private static let closed = SQLError.failed("the database is closed")

    private let limit: Int
    private let patience: Duration
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)
    /// Makes what a thread serves jobs with, on that thread.
    private let makeWorker: @Sendable (PostgreSQLPool) -> PostgreSQLWorker

    /// - Parameters:
    ///   - limit: threads and connections at most.
    ///   - patience: how long a job waits for its turn.
    init(limit: Int, patience: Duration, makeWorker: @escaping @Sendable (PostgreSQLPool) -> PostgreSQLWorker) {
        self.limit = limit
        self.patience = patience
        self.makeWorker = makeWorker
    }

    /// A number for a job, by which it can be withdrawn.
    func number() -> Int {
        state.withLock { state in
            state.next += 1
            return state.next
        }
    }

    var deadline: ContinuousClock.Instant { .now + patience }

    func add(_ job: PostgreSQLJob) {
        enum Next { case wake(DispatchSemaphore), start, wait, refuse(SQLError) }
        let (next, isWatchNeeded) = state.withLock { state -> (Next, Bool) in
            if state.isClosed { return (.refuse(Self.closed), false) }
            if state.waiting.count >= Self.longestQueue { return (.refuse(.busy), false) }
            state.waiting.append(job)
            if let idle = state.idle.popLast() { return (.wake(idle), false) }
            if state.threads < limit {
                state.threads += 1
                return (.start, false)
            }
            defer { state.isWatched = true }
            return (.wait, !state.isWatched)
        }
        switch next {
        case .wake(let idle): idle.signal()
        case .start: start()
        case .wait: if isWatchNeeded { watch() }
        case .refuse(let error): job.fail(error)
        }
    }

    /// Takes a job back that has not begun; nothing happens where it has.
    func withdraw(_ number: Int) {
        let job = state.withLock { state -> PostgreSQLJob? in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting.remove(at: index)
        }
        job?.fail(CancellationError())
    }

    func note(trouble: SQLError?) { state.withLock { $0.trouble = trouble } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Refuses what waits and ends the threads; a job that has begun comes to its end.
    ///
    /// - Parameter waiting: until the last thread has ended; not where one of them calls.
    func close(waiting: Bool) {
        let (refused, threads) = state.withLock { state in
            let wasClosed = state.isClosed
            state.isClosed = true
            state.idle.forEach { $0.signal() }
            defer { (state.waiting, state.idle) = ([], []) }
            return (state.waiting, wasClosed ? 0 : state.threads)
        }
        refused.forEach { $0.fail(Self.closed) }
        if waiting, Thread.current.name != Self.threadName {
            for _ in 0..<threads { ended.wait() }
        }
    }

    private static let threadName = "postgresql"

    private func start() {
        let thread = Thread { [self] in
            let worker = makeWorker(self)
            while let job = take() { worker.serve(job) }
            worker.close()
            ended.signal()
        }
        thread.name = Self.threadName
        thread.start()
    }

    /// The next job; waits for one, and gives nil once all is to end.
    private func take() -> PostgreSQLJob? {
        let bell = DispatchSemaphore(value: 0)
        while true {
            enum Next { case job(PostgreSQLJob), wait, end }
            let next = state.withLock { state -> Next in
                if !state.waiting.isEmpty { return .job(state.waiting.removeFirst()) }
                if state.isClosed { return .end }
                state.idle.append(bell)
                return .wait
            }
            switch next {
            case .job(let job): return job
            case .end: return nil
            case .wait: bell.wait()
            }
        }
    }

    /// Refuses jobs whose time to begin is over, as long as any wait.
    private func watch() {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(250)) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        let now = ContinuousClock.now
        let (late, error) = state.withLock { state -> ([PostgreSQLJob], SQLError) in
            // They wait in the order in which they came, with the same patience.
            let count = state.waiting.prefix { $0.deadline < now }.count
            let late = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            state.isWatched = !state.waiting.isEmpty
            return (late, state.trouble ?? .busy)
        }
        late.forEach { $0.fail(error) }
        if state.withLock({ $0.isWatched }) { watch() }
    }
}
