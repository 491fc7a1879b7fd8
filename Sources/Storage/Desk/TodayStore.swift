import Database
import Domain
import Foundation

/// What became of the messages of one channel that were written on one day.
public struct DayTally: Hashable, Sendable {
    /// By receipt; no e-mail ever is.
    public var delivered = 0
    /// Accepted, and nothing more is known yet; an attempt that is under way, too.
    public var handedOver = 0
    public var unclear = 0
    /// Came to a bad end.
    public var failed = 0
    /// Surely not sent so far, and tried again until the latest send time.
    public var retried = 0

    public init() {}

    public var all: Int { delivered + handedOver + unclear + failed + retried }
}

/// How a day's sending stands.
public struct DayCounts: Hashable, Sendable {
    /// Reminders alone, and of those that did not arrive only such as no other one goes instead of.
    public var sms = DayTally()
    public var email = DayTally()
    /// All other messages of both channels: corrections, confirmations, and reminders whose stand-in goes instead.
    public var others = DayTally()
    /// Of the unclear ones those whose patient answered by the link in it, and so has it.
    public var answered: [Channel: Int] = [:]
    /// Reminders that are due and of which nothing has left.
    public var waiting = 0
    /// How many of these something stands against, as far as was put on record.
    public var stopped = 0
    /// Reminders of the day that are not due yet.
    public var later = 0
    /// When the first of these falls due.
    public var laterFrom: Date?
    /// What the day's messages cost so far, corrections included, as far as providers told; one a currency.
    public var prices: [Price] = []

    public init() {}

    public var sent: Int { sms.all + email.all }
    /// Everything that was written, reminders or not.
    public var messages: Int { sent + others.all }
    public var failed: Int { sms.failed + email.failed }
    public var retried: Int { sms.retried + email.retried }
    /// Those whose patient answered are not unclear.
    public var unclear: Int { sms.unclear + email.unclear - answered.values.reduce(0, +) }
}

/// A message of the day, for a short list.
public struct DayLine: Hashable, Sendable {
    public let message: Message
    /// `Huber, Anna`; empty once the patient's data was erased.
    public let patientName: String
    public let appointmentStart: Date?
    public let timeZone: TimeZone
    public let purpose: Reminder.Purpose
    /// Of a correction: that it tells a cancellation.
    public let saysCancelled: Bool
}

/// The day when the next reminders leave.
public struct NextSending: Hashable, Sendable {
    public let day: LocalDate
    /// How many are planned by each channel.
    public var planned: [Channel: Int]
    /// When the first one falls due.
    public let dueAt: Date
}

/// What the start page tells of today and of the next sending. All of it is counted over one day's rows, by indexes.
public struct TodayStore: Sendable {
    let driver: any SQLDriver
    /// Makes patients' links; nil where the installation has no address for them.
    let links: PatientLinks?

    /// - Parameter zone: whose day it is.
    public func counts(_ practice: Practice.ID, _ day: LocalDate, in zone: TimeZone, now: Date) async throws
        -> DayCounts
    {
        try await driver.read { try Self.counts(practice, day, in: zone, now: now, $0) }
    }

    static func counts(
        _ practice: Practice.ID,
        _ day: LocalDate,
        in zone: TimeZone,
        now: Date,
        _ transaction: Transaction
    ) throws -> DayCounts {
        var counts = DayCounts()
        var prices: [String: Int64] = [:]
        let span = span(of: day, in: zone)
        for row in try transaction.query(
            sent,
            practice.rawValue,
            span.lowerBound.milliseconds,
            span.upperBound.milliseconds
        ) {
            var reader = RowReader(row)
            let group = try MessageGroup(&reader)
            group.count(into: &counts)
            if let price = group.price { prices[price.currency, default: 0] += price.micros }
        }
        counts.prices = prices.sorted { $0.key < $1.key }.map { Price(micros: $0.value, currency: $0.key) }
        counts.answered = try answered(practice, span, in: transaction)
        for channel in Channel.allCases {
            for row in try transaction.query(open, now.milliseconds, practice.rawValue, channel.rawValue, day.iso) {
                var reader = RowReader(row)
                let isDue = try reader.bool()
                let (count, stopped) = (Int(try reader.integer()), Int(try reader.integer()))
                if isDue {
                    counts.waiting += count
                    counts.stopped += stopped
                } else {
                    counts.later += count
                    let first = try reader.date()
                    counts.laterFrom = min(counts.laterFrom ?? first, first)
                }
            }
        }
        return counts
    }

    /// Says what is always true, so that a day is found in the index, which holds the channel before the time.
    private static let ofEveryChannel = "m.channel IN ('sms', 'email')"

    /// What was written on a day, by what became of it.
    static let sent = """
        SELECT m.channel, m.status, m.unclear, CASE WHEN r.state = 'planned' THEN 1 ELSE 0 END, r.purpose,
            CASE WHEN o.id IS NULL THEN 0 ELSE 1 END, COUNT(*), m.currency, CAST(COALESCE(SUM(m.price), 0) AS bigint)
        FROM messages m JOIN reminders r ON r.id = m.reminder_id
        LEFT JOIN reminders o
            ON o.appointment_id = r.appointment_id AND o.stands_in_for = r.id AND o.state <> 'skipped'
        WHERE m.practice_id = $1 AND \(ofEveryChannel) AND m.created_at >= $2 AND m.created_at < $3
        GROUP BY m.channel, m.status, m.unclear, CASE WHEN r.state = 'planned' THEN 1 ELSE 0 END, r.purpose,
            CASE WHEN o.id IS NULL THEN 0 ELSE 1 END, m.currency
        """

    /// A day's reminders of which nothing has left: due or not, how many, and how many something stands against.
    static let open = """
        SELECT CASE WHEN r.due_at <= $1 THEN 1 ELSE 0 END, COUNT(*), COUNT(r.reason), MIN(r.due_at)
        FROM reminders r
        WHERE r.practice_id = $2 AND r.channel = $3 AND r.day = $4 AND r.state = 'planned' AND r.purpose = 'reminder'
            AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.reminder_id = r.id)
        GROUP BY CASE WHEN r.due_at <= $1 THEN 1 ELSE 0 END
        """

    /// The day's messages: what failed or is unclear first, then what is open, then the rest; the newest of each first.
    public func lines(
        _ practice: Practice.ID,
        _ day: LocalDate,
        in zone: TimeZone,
        limit: Int
    ) async throws -> [DayLine] {
        let span = Self.span(of: day, in: zone)
        return try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.message, of: "m")), p.last_name, p.first_name, a.start_at, a.time_zone,
                    r.purpose, \(MessageLog.saysCancelled)
                FROM messages m
                JOIN reminders r ON r.id = m.reminder_id
                JOIN appointments a ON a.id = r.appointment_id
                JOIN patients p ON p.id = r.patient_id
                WHERE m.practice_id = $1 AND \(Self.ofEveryChannel) AND m.created_at >= $2 AND m.created_at < $3
                ORDER BY CASE WHEN m.status = 'delivered' THEN 3 WHEN m.unclear = 1 THEN 1 WHEN m.status IS NULL THEN 2
                    WHEN m.status <> 'submitted' THEN 0 WHEN m.channel = 'sms' THEN 2 ELSE 3 END, m.id DESC
                LIMIT $4
                """,
                practice.rawValue,
                span.lowerBound.milliseconds,
                span.upperBound.milliseconds,
                limit
            ).entities { reader in
                let message = try Message(&reader)
                let names = [try reader.text(), try reader.text()]
                return DayLine(
                    message: message,
                    patientName: names.filter { !$0.isEmpty }.joined(separator: ", "),
                    appointmentStart: try reader.optionalDate(),
                    timeZone: try reader.zone(),
                    purpose: try reader.word(),
                    saysCancelled: try reader.bool()
                )
            }
        }
    }

    /// When reminders leave next, from a day on; nil where none is planned.
    public func next(_ practice: Practice.ID, from day: LocalDate) async throws -> NextSending? {
        try await driver.read { transaction in
            var next: NextSending?
            for channel in Channel.allCases {
                let row = try transaction.first(
                    """
                    SELECT day, COUNT(*), MIN(due_at) FROM reminders
                    WHERE practice_id = $1 AND channel = $2 AND state = 'planned' AND purpose = 'reminder' AND day = (
                        SELECT MIN(day) FROM reminders
                        WHERE practice_id = $1 AND channel = $2 AND state = 'planned' AND purpose = 'reminder'
                            AND day >= $3)
                    GROUP BY day
                    """,
                    practice.rawValue,
                    channel.rawValue,
                    day.iso
                )
                guard let row, let its = LocalDate(iso: try row.text(0)) else { continue }
                let (count, dueAt) = (Int(try row.integer(1)), Date(milliseconds: try row.integer(2)))
                if let known = next, known.day < its { continue }
                let planned = next?.day == its ? next?.planned ?? [:] : [:]
                let first = next?.day == its ? min(next?.dueAt ?? dueAt, dueAt) : dueAt
                next = NextSending(day: its, planned: planned.merging([channel: count]) { $1 }, dueAt: first)
            }
            return next
        }
    }

    /// Whether the practice ever had an appointment.
    public func hasBegun(_ practice: Practice.ID) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first("SELECT 1 FROM appointments WHERE practice_id = $1 LIMIT 1", practice.rawValue) != nil
        }
    }

    /// From midnight to midnight: 23 or 25 hours where the clocks change.
    static func span(of day: LocalDate, in zone: TimeZone) -> Range<Date> {
        let next = day.adding(days: 1)
        return WallTime(date: day, hour: 0, minute: 0).instant(
            in: zone
        )..<WallTime(date: next, hour: 0, minute: 0)
            .instant(in: zone)
    }
}

/// Messages that are alike, and how many they are.
private struct MessageGroup {
    let channel: Channel
    let state: Message.State
    /// It is surely not sent, and is tried again.
    let isRetried: Bool
    let purpose: Reminder.Purpose
    /// Another one goes instead.
    let hasStandIn: Bool
    let count: Int
    let price: Price?

    init(_ reader: inout RowReader) throws {
        channel = try reader.word()
        state = Message.State(status: try reader.optionalWord(), unclear: try reader.bool())
        isRetried = try reader.bool()
        purpose = try reader.word()
        hasStandIn = try reader.bool()
        count = Int(try reader.integer())
        let currency = try reader.optionalText()
        let micros = try reader.integer()
        price = currency.map { Price(micros: micros, currency: $0) }
    }

    func count(into counts: inout DayCounts) {
        switch channel {
        case _ where purpose != .reminder || hasStandIn && state.isBadEnd: count(into: &counts.others)
        case .sms: count(into: &counts.sms)
        case .email: count(into: &counts.email)
        }
    }

    private func count(into tally: inout DayTally) {
        if state.status == .delivered {
            tally.delivered += count
        } else if state.unclear {
            tally.unclear += count
        } else if isRetried {
            tally.retried += count
        } else if state.isBadEnd {
            tally.failed += count
        } else {
            tally.handedOver += count
        }
    }
}
