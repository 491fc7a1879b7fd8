import Foundation

/// When a reminder leaves: on the calendar day before the appointment, at the practice's send time, in the zone of
/// the location (rule 1), and at the latest at the practice's latest send time (rule 5).
public struct ReminderSchedule: Hashable, Sendable {
    /// The calendar day before the appointment.
    public let day: LocalDate
    public let dueAt: Date
    public let latestAt: Date

    /// For an appointment that starts at this wall time.
    ///
    /// Where a zone left out the day before altogether (Samoa knows no 30 December 2011), it is the last day that the
    /// zone had.
    public init(start: WallTime, zone: TimeZone, sendTime: SendTime, latest: LatestSendTime) {
        let before = start.date.adding(days: -1)
        let morning = WallTime(date: before, hour: sendTime.hour, minute: 0)
        let exists = WallTime.of(morning.instant(in: zone), in: zone).date == before
        self.init(day: exists ? before : before.adding(days: -1), zone: zone, sendTime: sendTime, latest: latest)
    }

    /// For reminders that leave on a known day.
    public init(day: LocalDate, zone: TimeZone, sendTime: SendTime, latest: LatestSendTime) {
        self.day = day
        dueAt = WallTime(date: day, hour: sendTime.hour, minute: 0).instant(in: zone)
        latestAt = WallTime(date: day, hour: latest.hour, minute: latest.minute).instant(in: zone)
    }
}

/// Rule 2: a kind of reminder can be chosen while the start lies at least 48 hours ahead, in elapsed time.
public enum FortyEightHours {
    public static let seconds = 172_800.0

    /// Exactly 48 h 00 min 00 s is allowed.
    public static func allows(start: Date, now: Date) -> Bool { start.timeIntervalSince(now) >= seconds }

    /// The last instant at which a kind can be chosen.
    public static func choosableUntil(start: Date) -> Date { start.addingTimeInterval(-seconds) }
}

/// How long a provider may go on trying to deliver an SMS.
public enum ValidityPeriod {
    /// The hour of the day, in the location's zone, before which every validity ends.
    public static let endsBeforeHour = 21
    /// A shorter period would never deliver anything.
    public static let minimumSeconds = 60

    /// Whole seconds from `sentAt` on; they end before the appointment starts and before 21:00 local time of the day
    /// on which it was sent, but never sooner than after a minute.
    public static func seconds(sentAt: Date, start: Date, zone: TimeZone) -> Int {
        let day = WallTime.of(sentAt, in: zone).date
        let evening = WallTime(date: day, hour: endsBeforeHour, minute: 0).instant(in: zone)
        let untilEnd = min(start, evening).timeIntervalSince(sentAt)
        return max(minimumSeconds, Int(untilEnd.rounded(.up)) - 1)
    }
}
