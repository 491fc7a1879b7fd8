import Database
import Domain
import Foundation

/// What a practice sent in a month from one location, in one currency.
public struct UsageLine: Hashable, Sendable {
    /// As `202703`.
    public let month: Int
    /// nil where the location is not known any more.
    public let locationID: Location.ID?
    /// Empty where the location is gone.
    public let locationName: String
    public let messages: Int
    /// What providers count: an SMS of 160 characters is one.
    public let segments: Int
    /// How many of the messages have a price.
    public let priced: Int
    /// What those cost; nil where none has a price.
    public let price: Price?
}

/// How a practice stands to the limit that it set itself for a month.
public struct UsageStanding: Hashable, Sendable {
    /// In segments; nil where there is none.
    public let limit: Int?
    /// Segments that were accepted this month, and those that may have been.
    public let used: Int

    public init(limit: Int?, used: Int) {
        self.limit = limit
        self.used = used
    }

    /// From four fifths on.
    public var isNear: Bool { limit.map { used * 5 >= $0 * 4 } ?? false }
    public var isReached: Bool { limit.map { used >= $0 } ?? false }
}

/// Counts what is sent, month by month: for the bill, and for the limit. Months are those of UTC; reminders leave by
/// day, so that Europe's months are the same.
public struct UsageStore: Sendable {
    let driver: any SQLDriver

    /// The months of a practice, the newest first, its locations by name.
    public func months(_ practice: Practice.ID, last count: Int = 13, now: Date) async throws -> [UsageLine] {
        let newest = Self.month(of: now)
        let oldest = (newest / 100 * 12 + newest % 100 - count)
        let first = oldest / 12 * 100 + oldest % 12 + 1
        return try await driver.read { transaction in
            try transaction.query(
                """
                SELECT u.month, u.location_id, COALESCE(l.name, ''), u.messages, u.segments, u.priced, u.price, u.currency
                FROM usage u LEFT JOIN locations l ON l.id = u.location_id
                WHERE u.practice_id = $1 AND u.month >= $2
                ORDER BY u.month DESC, COALESCE(l.name, ''), u.location_id, u.currency
                """,
                practice.rawValue,
                first
            ).entities { reader in
                let month = Int(try reader.integer())
                let location = try reader.integer()
                let name = try reader.text()
                let counts = [Int(try reader.integer()), Int(try reader.integer()), Int(try reader.integer())]
                let price = try reader.integer()
                let currency = try reader.text()
                return UsageLine(
                    month: month,
                    locationID: location == 0 ? nil : Identifier(location),
                    locationName: name,
                    messages: counts[0],
                    segments: counts[1],
                    priced: counts[2],
                    price: currency.isEmpty ? nil : Price(micros: price, currency: currency)
                )
            }
        }
    }

    public func standing(_ practice: Practice.ID, now: Date) async throws -> UsageStanding {
        try await driver.read { try Self.standing(practice, now: now, in: $0) }
    }

    static func standing(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws -> UsageStanding {
        let row = try transaction.first("SELECT sms_monthly_limit FROM practices WHERE id = $1", practice.rawValue)
        return UsageStanding(
            limit: try row?.optionalInteger(0).map { Int($0) },
            used: try used(practice, now: now, in: transaction)
        )
    }

    /// Segments of this month: accepted, under way, or with an unknown outcome. Written so that what is open is read by the
    /// indexes of what is open, and not by all that the practice ever sent.
    static func used(_ practice: Practice.ID, now: Date, in transaction: Transaction) throws -> Int {
        let row = try transaction.first(
            """
            SELECT CAST((SELECT COALESCE(SUM(segments), 0) FROM usage WHERE practice_id = $1 AND month = $2)
                + (SELECT COALESCE(SUM(m.segments), 0) FROM attempts a CROSS JOIN messages m
                    WHERE m.id = a.message_id AND a.ended_at IS NULL AND m.practice_id + 0 = $1)
                + (SELECT COALESCE(SUM(segments), 0) FROM messages WHERE unclear = 1 AND practice_id + 0 = $1) AS bigint)
            """,
            practice.rawValue,
            month(of: now)
        )
        return Int(try row?.integer(0) ?? 0)
    }

    /// `202703`
    static func month(of instant: Date) -> Int {
        let date = WallTime.of(instant, in: .gmt).date
        return date.year * 100 + date.month
    }

    /// Counts messages that a provider has just accepted; each acceptance is an SMS of its own. E-mails cost
    /// nothing and do not count.
    static func count(_ messages: [Message.ID], at now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO usage (practice_id, month, location_id, currency, messages, segments, priced, price)
            SELECT m.practice_id, given.month, COALESCE(m.location_id, 0), COALESCE(m.currency, ''), COUNT(*),
                SUM(m.segments), COUNT(m.price), SUM(COALESCE(m.price, 0))
            FROM given JOIN messages m ON m.id = given.message AND m.channel = 'sms'
            GROUP BY m.practice_id, given.month, COALESCE(m.location_id, 0), COALESCE(m.currency, '')
            ORDER BY m.practice_id, given.month, COALESCE(m.location_id, 0), COALESCE(m.currency, '')
            ON CONFLICT (practice_id, month, location_id, currency) DO UPDATE
            SET messages = usage.messages + excluded.messages, segments = usage.segments + excluded.segments,
                priced = usage.priced + excluded.priced, price = usage.price + excluded.price
            """,
            given: GivenRows(
                ["message": .integer, "month": .integer],
                messages.map { [.integer($0.rawValue), .integer(Int64(month(of: now)))] }
            )
        )
    }

    /// Notes a price that became known after the message was counted.
    static func learn(_ price: Price, of message: Int64, in transaction: Transaction) throws {
        let row = try transaction.first(
            """
            UPDATE messages SET price = $1, currency = $2
            WHERE id = $3 AND price IS NULL AND submitted_at IS NOT NULL
            RETURNING practice_id, COALESCE(location_id, 0), segments, submitted_at
            """,
            price.micros,
            price.currency,
            message
        )
        guard let row else { return }
        let place = [row.values[0], .integer(Int64(month(of: Date(milliseconds: try row.integer(3))))), row.values[1]]
        try transaction.execute(
            """
            UPDATE usage SET messages = messages - 1, segments = segments - $1
            WHERE practice_id = $2 AND month = $3 AND location_id = $4 AND currency = '' AND messages > 0
            """,
            values: [row.values[2]] + place
        )
        try transaction.execute(
            """
            INSERT INTO usage (practice_id, month, location_id, currency, messages, segments, priced, price)
            VALUES ($1, $2, $3, $4, 1, $5, 1, $6)
            ON CONFLICT (practice_id, month, location_id, currency) DO UPDATE
            SET messages = usage.messages + 1, segments = usage.segments + excluded.segments,
                priced = usage.priced + 1, price = usage.price + excluded.price
            """,
            values: place + [.text(price.currency), row.values[2], .integer(price.micros)]
        )
    }
}
