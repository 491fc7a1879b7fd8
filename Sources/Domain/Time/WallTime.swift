// Time as practices live it: days, wall clocks, send times, the day before, and RFC 3339 at the edges.
// Offsets come from the time zone database through Foundation's TimeZone; the calendar is integer arithmetic.
// No clock is read here, and no reminder is decided: the present is always an argument.

import Foundation

/// What a clock on the wall shows, without saying where the wall stands.
public struct WallTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let date: LocalDate
    /// 0…23
    public let hour: Int
    /// 0…59
    public let minute: Int
    /// 0…59
    public let second: Int

    /// The parts must lie in their ranges; read foreign text with `init(iso:)`.
    public init(date: LocalDate, hour: Int, minute: Int, second: Int = 0) {
        precondition((0..<24).contains(hour) && (0..<60).contains(minute) && (0..<60).contains(second))
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Reads `2027-03-02T10:30` or `2027-03-02T10:30:00`, as HTML's `datetime-local` writes it (HTML §2.3.5.5).
    public init?(iso text: some StringProtocol) {
        var reader = ClockReader(Array(text.utf8))
        guard let date = reader.date(), reader.sign("T", " ") != nil, let time = reader.hourAndMinute() else {
            return nil
        }
        var second = 0
        if !reader.isAtEnd {
            guard reader.sign(":") != nil, let read = reader.number(digits: 2), read < 60, reader.isAtEnd else {
                return nil
            }
            second = read
        }
        self.init(date: date, hour: time.hour, minute: time.minute, second: second)
    }

    /// What the clocks of a zone show at an instant; parts of a second are cut off.
    public static func of(_ instant: Date, in zone: TimeZone) -> WallTime {
        WallTime(instant, offsetSeconds: zone.secondsFromGMT(for: instant))
    }

    init(_ instant: Date, offsetSeconds: Int) {
        self.init(secondsSince1970: Int(instant.timeIntervalSince1970.rounded(.down)) + offsetSeconds)
    }

    private init(secondsSince1970 seconds: Int) {
        let days = LocalDate.floored(seconds, by: 86_400)
        let ofDay = seconds - days * 86_400
        self.init(
            date: LocalDate(daysSince1970: days),
            hour: ofDay / 3_600,
            minute: ofDay / 60 % 60,
            second: ofDay % 60
        )
    }

    /// `2027-03-02T10:30`, with seconds only where they are not zero.
    public var iso: String {
        let short = date.iso + "T" + clock
        return second == 0 ? short : short + ":" + Digits.padded(second, 2)
    }

    /// `10:30`
    public var clock: String { Digits.padded(hour, 2) + ":" + Digits.padded(minute, 2) }

    public var description: String { iso }

    /// The same time so many days later.
    public func later(days: Int) -> WallTime { on(date.adding(days: days)) }

    /// The same time of another day.
    public func on(_ date: LocalDate) -> WallTime {
        WallTime(date: date, hour: hour, minute: minute, second: second)
    }

    /// What the zone's clocks show in its place where they jump over it; nil for a time that there is.
    public func replacement(in zone: TimeZone) -> WallTime? {
        let shown = WallTime.of(instant(in: zone), in: zone)
        return shown == self ? nil : shown
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.date, left.secondOfDay) < (right.date, right.secondOfDay)
    }

    /// The instant at which the zone's clocks show this time.
    ///
    /// A time that the clocks jump over moves forward by the gap, and of a time that they show twice the earlier is
    /// taken, that is, the offset from before the change (RFC 5545 §3.3.5 reads local times in the same way).
    public func instant(in zone: TimeZone) -> Date {
        // Offsets lie between -12 and +14 hours, so the instant lies in the 26 hours between these two.
        let before = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(secondsAsUTC - 14 * 3_600 - 1)))
        if let instant = instant(at: before, in: zone) { return instant }
        let after = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(secondsAsUTC + 12 * 3_600 + 1)))
        return instant(at: after, in: zone) ?? instant(atOffset: before)
    }

    /// As `instant(in:)`, but of a time that the clocks show twice the one with this offset is taken.
    public func instant(in zone: TimeZone, preferredOffsetSeconds: Int) -> Date {
        instant(at: preferredOffsetSeconds, in: zone) ?? instant(in: zone)
    }

    /// The instant under a fixed offset from UTC.
    func instant(atOffset offset: Int) -> Date { Date(timeIntervalSince1970: Double(secondsAsUTC - offset)) }

    private func instant(at offset: Int, in zone: TimeZone) -> Date? {
        let instant = instant(atOffset: offset)
        return zone.secondsFromGMT(for: instant) == offset ? instant : nil
    }

    private var secondOfDay: Int { (hour * 60 + minute) * 60 + second }

    private var secondsAsUTC: Int { date.daysSince1970 * 86_400 + secondOfDay }
}
