import Database
import Domain

/// Whose reminders a worker takes on: a slow provider's long queue must not stand before another provider's.
public enum ClaimScope: Hashable, Sendable {
    /// Everything, whoever will carry it.
    case all
    /// SMS of these practices.
    case sms(of: [Practice.ID])
    /// SMS of all practices but these.
    case smsExceptOf([Practice.ID])
    case email

    /// What is added to the condition of a claim, its parameters numbered from `first`.
    func condition(from first: Int) -> (sql: String, values: [SQLValue]) {
        switch self {
        case .all: ("", [])
        case .email: (" AND channel = 'email'", [])
        case .sms(let ids):
            (" AND channel = 'sms' AND practice_id IN (\(placeholders(ids.count, from: first)))", values(ids))
        case .smsExceptOf([]): (" AND channel = 'sms'", [])
        case .smsExceptOf(let ids):
            (" AND channel = 'sms' AND practice_id NOT IN (\(placeholders(ids.count, from: first)))", values(ids))
        }
    }

    private func values(_ ids: [Practice.ID]) -> [SQLValue] { ids.map { .integer($0.rawValue) } }
}
