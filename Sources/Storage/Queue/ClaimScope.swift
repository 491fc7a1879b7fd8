import Database
import Domain

/// Whose reminders a lane takes on: a slow provider's long queue must not stand before another provider's.
public struct ClaimScope: Hashable, Sendable {
    public enum Practices: Hashable, Sendable {
        case only([Practice.ID])
        case allBut([Practice.ID])
    }

    public let channel: Channel
    public let practices: Practices

    public init(_ channel: Channel, of practices: Practices) {
        self.channel = channel
        self.practices = practices
    }

    /// Everything of one channel.
    public static func all(_ channel: Channel) -> ClaimScope { ClaimScope(channel, of: .allBut([])) }

    /// What is added to the condition of being due, its parameters numbered from `first`.
    func condition(from first: Int, _ dialect: Dialect) -> (sql: String, values: [SQLValue]) {
        var sql = " AND channel = $\(first)"
        var values: [SQLValue] = [.text(channel.rawValue)]
        func parameter(_ value: SQLValue) -> String {
            values.append(value)
            return "$\(first + values.count - 1)"
        }
        switch practices {
        case .allBut([]): break
        case .only(let ids):
            sql += " AND " + dialect.isOne("practice_id", of: parameter(Self.list(ids)))
        case .allBut(let ids):
            sql += " AND NOT (" + dialect.isOne("practice_id", of: parameter(Self.list(ids))) + ")"
        }
        return (sql, values)
    }

    private static func list(_ ids: [Practice.ID]) -> SQLValue { .integers(ids.map(\.rawValue)) }
}
