import Database
import Domain
import Foundation

/// How many SMS each practice of a batch may still send this month; read once for a practice that has a limit.
struct MonthlyAllowance {
    private let now: Date
    private var left: [Practice.ID: Int] = [:]

    init(now: Date) { self.now = now }

    mutating func isSpent(for context: ReminderContext, in transaction: Transaction) throws -> Bool {
        guard let limit = context.monthlyLimit, context.reminder.channel == .sms else { return false }
        let practice = context.reminder.practiceID
        if left[practice] == nil {
            left[practice] = limit - (try UsageStore.used(practice, now: now, in: transaction))
        }
        return left[practice, default: 0] <= 0
    }

    mutating func spend(_ segments: Int, _ practice: Practice.ID) { left[practice]? -= segments }
}
