import Foundation

/// Serves one job after the other on one thread, over a connection that it replaces where it breaks.
final class PostgreSQLWorker {
    /// How often a body is run again because of other transactions, at most.
    private static let mostConflicts = 20

    private enum Verdict {
        case done
        /// Once more, after so many seconds.
        case again(Double)
    }

    /// What happened to one job so far.
    private struct Course {
        var conflicts = 0
        var hasPreparedAgain = false
        /// Seconds of the next pause while the server is away.
        var pause = 0.02
        let giveUpAt: ContinuousClock.Instant
    }

    private let options: PostgreSQLOptions
    private let bells: Bells
    private let sessions: PostgreSQLSessions
    private unowned let pool: PostgreSQLPool
    private var connection: PostgreSQLConnection?

    init(options: PostgreSQLOptions, bells: Bells, sessions: PostgreSQLSessions, pool: PostgreSQLPool) {
        self.options = options
        self.bells = bells
        self.sessions = sessions
        self.pool = pool
    }

    func close() { drop() }

    func serve(_ job: PostgreSQLJob) {
        var course = Course(giveUpAt: .now + .seconds(options.awaySeconds))
        while case .again(let seconds) = attempt(job, &course) {
            Thread.sleep(forTimeInterval: seconds)
        }
    }

    private func attempt(_ job: PostgreSQLJob, _ course: inout Course) -> Verdict {
        let connection: PostgreSQLConnection
        do { connection = try connected() } catch {
            return afterFailedConnect(job, error, &course)
        }
        connection.begin(job.access.begin)
        do {
            let finish = try job.run(Transaction(connection))
            // What was read is consistent already; its caller need not wait for the end of the transaction.
            if job.access.isRead, connection.failure == nil { finish() }
            let topics = try commit(connection, job)
            bells.ring(topics)
            if !job.access.isRead { finish() }
            return .done
        } catch {
            return afterFailure(job, error, connection, &course)
        }
    }

    /// A failed COMMIT of a read that was answered is nobody's concern.
    private func commit(_ connection: PostgreSQLConnection, _ job: PostgreSQLJob) throws -> Set<Topic> {
        guard job.access.isRead, connection.failure == nil else { return try connection.commit() }
        do { return try connection.commit() } catch {
            drop()
            return []
        }
    }

    private func afterFailure(
        _ job: PostgreSQLJob,
        _ error: any Error,
        _ connection: PostgreSQLConnection,
        _ course: inout Course
    ) -> Verdict {
        let failure = connection.failure
        connection.rollback()
        if connection.isBroken || failure?.remedy == .prepareAgain { drop() }
        switch failure?.remedy {
        case .runAgain where course.conflicts < Self.mostConflicts:
            course.conflicts += 1
            // From a millisecond to a tenth of a second, so that two that collided do not collide again.
            return .again(min(0.1, 0.001 * Double(1 << min(course.conflicts, 7))) * (0.1 + 0.9 * options.random()))
        case .prepareAgain where !course.hasPreparedAgain:
            course.hasPreparedAgain = true
            return .again(0)
        case .replaceConnection where !connection.isCommitting && ContinuousClock.now < course.giveUpAt:
            return .again(0)
        case .runAgain, .replaceConnection: job.fail(failure?.error ?? error)
        case .prepareAgain, .none?, nil: job.fail(error)
        }
        return .done
    }

    private func afterFailedConnect(_ job: PostgreSQLJob, _ error: any Error, _ course: inout Course) -> Verdict {
        guard let failure = error as? PostgreSQLFailure else {
            job.fail(error)
            return .done
        }
        // While the server starts its answer is that it takes nobody yet.
        let reason = failure.error == .connectionLost ? .unreachable("it is starting or stopping") : failure.error
        pool.note(trouble: reason)
        if case .unreachable = reason, !pool.isClosed, ContinuousClock.now < course.giveUpAt {
            defer { course.pause = min(course.pause * 2, 0.5) }
            return .again(course.pause * (0.5 + 0.5 * options.random()))
        }
        job.fail(reason)
        return .done
    }

    private func connected() throws -> PostgreSQLConnection {
        if let connection, !connection.isBroken { return connection }
        drop()
        let new = try PostgreSQLConnection(options.address)
        sessions.add(new.session)
        pool.note(trouble: nil)
        connection = new
        return new
    }

    private func drop() {
        if let connection { sessions.remove(connection.session) }
        connection = nil
    }
}

extension Transaction {
    init(_ connection: PostgreSQLConnection) {
        self.init(
            dialect: .postgreSQL,
            steps: TransactionSteps(
                run: { try connection.run($0, each: $1) },
                runGiven: { try connection.run($0, given: $1) },
                script: { try connection.script($0) },
                announce: { connection.announce($0) }
            )
        )
    }
}
