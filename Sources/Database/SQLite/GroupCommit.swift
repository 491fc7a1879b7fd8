import GRDB
import Synchronization

/// Collects write closures and commits those that came together at once.
final class GroupCommit: Sendable {
    /// One caller's closure with the way back to it. The closure returns what is to happen once the commit is durable.
    private struct Job: Sendable {
        let run: @Sendable (Transaction) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct Queue {
        var waiting: [Job] = []
        var isBusy = false
    }

    /// How many closures share one commit at most, so that the first does not wait for long.
    private static let largestGroup = 256

    private let pool: DatabasePool
    private let bells: Bells
    private let queue = Mutex(Queue())

    init(pool: DatabasePool, bells: Bells) {
        self.pool = pool
        self.bells = bells
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Value, any Error>) in
            let job = Job(
                run: { transaction in
                    let value = try body(transaction)
                    return { caller.resume(returning: value) }
                },
                fail: { caller.resume(throwing: $0) }
            )
            let isFirst = queue.withLock { queue in
                queue.waiting.append(job)
                defer { queue.isBusy = true }
                return !queue.isBusy
            }
            if isFirst { commitNext() }
        }
    }

    /// Runs the next group on the writer's thread, and goes on until nobody waits.
    private func commitNext() {
        pool.asyncWriteWithoutTransaction { database in
            while true {
                let group = self.queue.withLock { queue -> [Job] in
                    let group = Array(queue.waiting.prefix(Self.largestGroup))
                    queue.waiting.removeFirst(group.count)
                    queue.isBusy = !group.isEmpty
                    return group
                }
                if group.isEmpty { return }
                self.commit(group, on: database)
            }
        }
    }

    private func commit(_ group: [Job], on database: GRDB.Database) {
        let connection = SQLiteConnection(database: database)
        var done: [(job: Job, finish: @Sendable () -> Void)] = []
        var failed: [(job: Job, error: any Error)] = []
        var topics: Set<Topic> = []
        do {
            try database.inTransaction(.immediate) {
                for job in group {
                    var announced: Set<Topic> = []
                    let transaction = Transaction(connection) { announced.insert($0) }
                    do {
                        done.append((job, try connection.inSavepoint { try job.run(transaction) }))
                        topics.formUnion(announced)
                    } catch {
                        failed.append((job, error))
                        // A full disk or an I/O error may have ended the whole transaction.
                        if !database.isInsideTransaction { throw error }
                    }
                }
                return .commit
            }
            done.forEach { $0.finish() }
            bells.ring(topics)
        } catch {
            let reason = (error as? DatabaseError).map { SQLError($0) } ?? error
            done.forEach { $0.job.fail(reason) }
            let answered = done.count + failed.count
            group.dropFirst(answered).forEach { $0.fail(reason) }
        }
        for (job, error) in failed {
            job.fail((error as? DatabaseError).map { SQLError($0) } ?? error)
        }
    }
}

extension SQLiteConnection {
    /// Undoes what the body did when it throws, and nothing else of the transaction.
    fileprivate func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
        _ = try run("SAVEPOINT one", each: [[]])
        do {
            let value = try body()
            _ = try run("RELEASE one", each: [[]])
            return value
        } catch {
            if database.isInsideTransaction {
                _ = try run("ROLLBACK TO one", each: [[]])
                _ = try run("RELEASE one", each: [[]])
            }
            throw error
        }
    }
}
