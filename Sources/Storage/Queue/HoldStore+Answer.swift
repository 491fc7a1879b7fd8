import Database
import Domain
import Foundation

extension HoldStore {
    /// A practice answers for itself. An answer to a question that stands no longer changes nothing.
    ///
    /// - Parameter asked: which question it answers.
    /// - Returns: whether the question still stood.
    @discardableResult
    public func answer(_ practice: Practice.ID, _ answer: HoldAnswer, asked: Date, now: Date) async throws -> Bool {
        try await driver.write { transaction in
            if let clock = try Self.clockHold(in: transaction), clock.isOnePractice,
                clock.askedAt.milliseconds == asked.milliseconds
            {
                try Marks.remove(Self.clock, in: transaction)
                try Self.confirm(practice, now: now, in: transaction)
                return true
            }
            let mark = try Marks.find(Self.overdue + practice.description, in: transaction)
            guard let mark, mark[0] == asked.milliseconds else { return false }
            if answer == .drop { try Self.drop(practice, dueUntil: mark[0], in: transaction) }
            try Self.release(practice, now: now, in: transaction)
            try Self.confirm(practice, now: now, in: transaction)
            return true
        }
    }

    /// The operator answers for everybody: what fell due until now may leave, and the clock is right.
    ///
    /// - Returns: what was held; empty where nothing was.
    public func resumeAll(now: Date) async throws -> HoldSummary {
        try await driver.write { transaction in
            let summary = try Self.summary(in: transaction)
            if summary.isEmpty { return summary }
            for name in try Marks.all(under: Self.overdue, in: transaction).keys {
                guard let practice = Practice.ID(name) else { continue }
                try Self.release(practice, now: now, in: transaction)
            }
            try Marks.remove(Self.clock, in: transaction)
            try Marks.set(Self.confirmedAll, [now.milliseconds], in: transaction)
            return summary
        }
    }

    /// What a practice's own switch says: sending goes on, and what fell due until now is confirmed by it.
    static func practiceResumed(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws {
        guard try Marks.find(overdue + practice.description, in: transaction) != nil else { return }
        try Marks.remove(overdue + practice.description, in: transaction)
        try confirm(practice, now: now, in: transaction)
    }

    static func release(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE practices SET paused = 0, version = version + 1, changed_at = $1 WHERE id = $2 AND paused = 1",
            now.milliseconds,
            practice.rawValue
        )
        try Marks.remove(overdue + practice.description, in: transaction)
        try ReminderMoves.wake(.practicePaused, practice: practice, in: transaction)
    }

    private static func confirm(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws {
        try Marks.set(confirmed + practice.description, [now.milliseconds], in: transaction)
    }

    /// Ends what the question was about and was not started.
    private static func drop(_ practice: Practice.ID, dueUntil asked: Int64, in transaction: Transaction) throws {
        let rows = try transaction.query(
            """
            UPDATE reminders SET state = 'skipped', reason = 'too_late_to_send'
            WHERE practice_id = $1 AND state = 'planned' AND due_at <= $2
            RETURNING id
            """,
            practice.rawValue,
            asked
        )
        // Those that were to be sent once more after an unknown outcome: nothing will tell what became of them.
        try RescueStore.presumeFailed(try rows.map { Reminder.ID(try $0.integer(0)) }, in: transaction)
    }
}
