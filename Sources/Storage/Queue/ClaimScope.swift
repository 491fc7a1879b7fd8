import Database
import Domain

/// Whose reminders a lane takes on: a slow provider's long queue must not stand before another provider's.
public struct ClaimScope: Hashable, Sendable {
    public enum Practices: Hashable, Sendable {
        case only([Practice.ID])
        case allBut([Practice.ID])
        /// Those that have no mailbox, or none that is switched on.
        case withoutMailbox
    }

    /// Numbers by their country calling code (ITU-T E.164).
    public enum Numbers: Hashable, Sendable {
        case all
        case only([Int])
        case allBut([Int])
    }

    /// Whose appointments' e-mails leave by a mailbox.
    public enum Practitioners: Hashable, Sendable {
        case all
        case only(Practitioner.ID)
        /// Also appointments that name nobody.
        case allBut([Practitioner.ID])
    }

    public let channel: Channel
    public let practices: Practices
    public let numbers: Numbers
    public let practitioners: Practitioners

    public init(
        _ channel: Channel,
        of practices: Practices,
        to numbers: Numbers = .all,
        for practitioners: Practitioners = .all
    ) {
        self.practitioners = practitioners
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
        case .withoutMailbox:
            sql += """
                 AND NOT EXISTS (SELECT 1 FROM mailboxes b JOIN providers v ON v.id = b.provider_id
                    WHERE b.practice_id = reminders.practice_id AND v.enabled = 1)
                """
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
        let treats = { (condition: String) in
            "EXISTS (SELECT 1 FROM appointments a WHERE a.id = reminders.appointment_id AND \(condition))"
        }
        switch practitioners {
        case .all, .allBut([]): break
        case .only(let id):
            sql += " AND " + treats("a.practitioner_id = " + parameter(.integer(id.rawValue)))
        case .allBut(let ids):
            let list = parameter(.integers(ids.map(\.rawValue)))
            sql += " AND NOT " + treats(dialect.isOne("a.practitioner_id", of: list))
        }
        return (sql, values)
    }

    private static func list(_ ids: [Practice.ID]) -> SQLValue { .integers(ids.map(\.rawValue)) }
}
