import Database
import Domain
import Foundation

/// What may change of a line that is shown; two that are equal look the same.
public struct LogGlance: Hashable, Sendable {
    public let id: Message.ID
    public let state: Message.State
    public let attempts: Int
    public let submittedAt: Date?
    public let deliveredAt: Date?
    public let bounce: BounceReason?

    public init(_ row: LogRow) {
        let message = row.message
        self.init(
            id: message.id,
            state: message.state,
            attempts: message.attempts,
            submittedAt: message.submittedAt,
            deliveredAt: message.deliveredAt,
            bounce: message.bounce
        )
    }

    init(
        id: Message.ID,
        state: Message.State,
        attempts: Int,
        submittedAt: Date?,
        deliveredAt: Date?,
        bounce: BounceReason?
    ) {
        self.id = id
        self.state = state
        self.attempts = attempts
        self.submittedAt = submittedAt
        self.deliveredAt = deliveredAt
        self.bounce = bounce
    }
}

/// How many messages stand how.
public struct LogCount: Hashable, Sendable {
    public var byStatus: [MessageStatus: Int] = [:]
    /// Without a status: on its way to the provider, or unclear.
    public var open = 0
    /// Whether there are more than were counted.
    public var isCut = false

    public init() {}

    public var total: Int { byStatus.values.reduce(open, +) }
}

extension MessageLog {
    /// The first page of a filter at a glance, the newest first: what it costs to look again whether anything changed.
    public func glance(_ practice: Practice.ID, _ filter: MessageFilter, limit: Int) async throws -> [LogGlance] {
        let search = LogSearch(practice: practice, filter: filter, after: nil, limit: limit)
        return try await driver.read { transaction in
            let ids = try search.run(in: transaction).lines.map(\.id)
            return try Self.glances(ids, in: transaction)
        }
    }

    /// As above, of lines that were found before; those of other practices are left out.
    public func glance(_ practice: Practice.ID, _ ids: [Message.ID]) async throws -> [LogGlance] {
        if ids.isEmpty { return [] }
        return try await driver.read { transaction in
            let own = try transaction.query(
                """
                SELECT id FROM messages WHERE \(transaction.dialect.isOne("id", of: "$1")) AND practice_id + 0 = $2
                """,
                values: [.integers(ids.map(\.rawValue)), practice.rawValue.sqlValue]
            ).map { try $0.integer(0) }
            return try Self.glances(own, in: transaction)
        }
    }

    static func glances(_ ids: [Int64], in transaction: Transaction) throws -> [LogGlance] {
        let found = try transaction.query(
            """
            SELECT id, status, unclear, presumed, attempts, submitted_at, delivered_at, bounce FROM messages
            WHERE \(transaction.dialect.isOne("id", of: "$1"))
            """,
            values: [.integers(ids)]
        ).entities { reader in
            LogGlance(
                id: try reader.id(),
                state: Message.State(
                    status: try reader.optionalWord(),
                    unclear: try reader.bool(),
                    presumed: try reader.bool()
                ),
                attempts: Int(try reader.integer()),
                submittedAt: try reader.optionalDate(),
                deliveredAt: try reader.optionalDate(),
                bounce: try reader.optionalWord()
            )
        }
        let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.id.rawValue, $0) })
        return ids.compactMap { byID[$0] }
    }

    /// When the newest message of a filter was written; nil where there is none, or none near enough to be found.
    public func latest(_ practice: Practice.ID, _ filter: MessageFilter) async throws -> Date? {
        let search = LogSearch(practice: practice, filter: filter, after: nil, limit: 1)
        return try await driver.read { try search.run(in: $0).lines.first.map { Date(milliseconds: $0.key) } }
    }

    /// How the newest messages of a filter stand, at most so many of them.
    public func count(_ practice: Practice.ID, _ filter: MessageFilter, most: Int) async throws -> LogCount {
        var search = LogSearch(practice: practice, filter: filter, after: nil, limit: most + 1)
        // A count is worth less than the lines.
        search.stretch = 10_000
        return try await driver.read { [search] transaction in
            let found = try search.run(in: transaction)
            let rows = try transaction.query(
                """
                SELECT status, unclear, COUNT(*) FROM messages
                WHERE \(transaction.dialect.isOne("id", of: "$1")) GROUP BY status, unclear
                """,
                values: [.integers(found.lines.prefix(most).map(\.id))]
            )
            var count = LogCount()
            count.isCut = found.lines.count > most || found.horizon != nil
            for row in rows {
                var reader = RowReader(row)
                let status: MessageStatus? = try reader.optionalWord()
                let isUnclear = try reader.bool()
                let number = Int(try reader.integer())
                if let status, !isUnclear { count.byStatus[status, default: 0] += number } else { count.open += number }
            }
            return count
        }
    }
}
