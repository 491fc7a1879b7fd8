import Database
import Domain

/// Whose reminders a lane takes on: a slow provider's long queue must not stand before another provider's.
public struct ClaimScope: Hashable, Sendable {
    public enum Practices: Hashable, Sendable {
        case only([Practice.ID])
        case allBut([Practice.ID])
    }

    /// Numbers by their country calling code (ITU-T E.164).
    public enum Numbers: Hashable, Sendable {
        case all
        case only([Int])
        case allBut([Int])
    }

    public let channel: Channel
    public let practices: Practices
    public let numbers: Numbers

    public init(_ channel: Channel, of practices: Practices, to numbers: Numbers = .all) {
        self.channel = channel
        self.practices = practices
        self.numbers = numbers
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
        switch numbers {
        case .all, .allBut([]): break
        case .only(let codes):
            sql += " AND " + dialect.isOne("calling_code", of: parameter(.integers(codes.map(Int64.init))))
        case .allBut(let codes):
            sql += " AND NOT (" + dialect.isOne("calling_code", of: parameter(.integers(codes.map(Int64.init)))) + ")"
        }
        return (sql, values)
    }

    private static func list(_ ids: [Practice.ID]) -> SQLValue { .integers(ids.map(\.rawValue)) }
}
