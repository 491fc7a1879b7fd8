import Database
import Domain
import Foundation

/// What is held until somebody answers: kept in the database, so that every process and node shows it and obeys.
///
/// A practice whose overdue reminders are held is paused by the same switch that its people have; its mark says that
/// it was the guard. A jump of the clock holds the whole installation.
public struct HoldStore: Sendable {
    let driver: any SQLDriver

    /// Under this and a practice's id: when it was asked, and when the last of its held reminders is too late.
    static let overdue = "hold.overdue."
    /// Under this and a practice's id: until when it confirmed what fell due.
    static let confirmed = "hold.confirmed."
    /// Until when the operator confirmed what fell due, for all practices.
    static let confirmedAll = "hold.confirmed_all"
    /// When the clock jumped, and by how many milliseconds.
    static let clock = "hold.clock"

    /// What a practice is to be asked; nil where nothing holds it.
    public func find(_ practice: Practice.ID) async throws -> SendingHold? {
        try await driver.read { transaction in
            if let clock = try Self.clockHold(in: transaction) { return .clock(clock) }
            return try Self.overdueHold(practice, in: transaction).map { .overdue($0) }
        }
    }

    /// The jump of the clock that nobody has answered; nil where there is none.
    public func clockJump() async throws -> ClockHold? {
        try await driver.read { try Self.clockHold(in: $0) }
    }

    /// What is held anywhere.
    public func summary() async throws -> HoldSummary {
        try await driver.read { try Self.summary(in: $0) }
    }

    /// The clock jumped: nothing at all is sent until somebody says that it is right. An earlier jump that nobody has
    /// answered stays as it was asked.
    public func holdForClock(step: Double, now: Date) async throws {
        try await driver.write { transaction in
            guard try Marks.find(Self.clock, in: transaction) == nil else { return }
            try Marks.set(Self.clock, [now.milliseconds, Int64((step * 1_000).rounded())], in: transaction)
        }
    }

    static func summary(in transaction: Transaction) throws -> HoldSummary {
        HoldSummary(
            practices: try Marks.all(under: overdue, in: transaction).count,
            clock: try clockHold(in: transaction)
        )
    }

    static func clockHold(in transaction: Transaction) throws -> ClockHold? {
        guard let mark = try Marks.find(clock, in: transaction), mark.count == 2 else { return nil }
        return ClockHold(
            askedAt: Date(milliseconds: mark[0]),
            step: Double(mark[1]) / 1_000,
            isOnePractice: try transaction.query("SELECT id FROM practices LIMIT 2").count == 1
        )
    }

    private static func overdueHold(_ practice: Practice.ID, in transaction: Transaction) throws -> OverdueHold? {
        guard let asked = try Marks.find(overdue + practice.description, in: transaction)?.first else { return nil }
        let row = try transaction.first(
            """
            SELECT COUNT(*), MIN(due_at) FROM reminders
            WHERE practice_id = $1 AND state = 'planned' AND due_at <= $2
            """,
            practice.rawValue,
            asked
        )
        guard let row else { return nil }
        var reader = RowReader(row)
        return OverdueHold(
            askedAt: Date(milliseconds: asked),
            count: Int(try reader.integer()),
            since: try reader.optionalDate()
        )
    }
}
