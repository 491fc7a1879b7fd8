import Foundation

/// When a practice is told by e-mail that something of this morning failed.
public enum MorningReportTime {
    /// What went out in the morning has had so many minutes to fail.
    private static let minutesAfterSending = 30
    /// A report that comes later than this hour tells nobody anything in time.
    private static let lastHour = 12

    /// Minutes since midnight: half an hour after the last send time of the channels that are on, so 07:30 as a rule.
    public static func minutes(_ practice: Practice) -> Int {
        let hours = Channel.allCases.filter(practice.isEnabled).map { practice.sendTime($0).hour }
        return (hours.max() ?? SendTime.seven.hour) * 60 + minutesAfterSending
    }

    /// The day that a report would be about now; nil where it is too early, or too late.
    public static func day(_ practice: Practice, now: Date) -> LocalDate? {
        let wall = WallTime.of(now, in: practice.timeZone)
        return (minutes(practice)..<lastHour * 60).contains(wall.hour * 60 + wall.minute) ? wall.date : nil
    }

    /// By the practice's clock on that day.
    public static func wallTime(_ practice: Practice, on day: LocalDate) -> WallTime {
        let minutes = minutes(practice)
        return WallTime(date: day, hour: minutes / 60, minute: minutes % 60)
    }

    /// The instant from which on no report is sent on a day.
    public static func end(_ practice: Practice, on day: LocalDate) -> Date {
        WallTime(date: day, hour: lastHour, minute: 0).instant(in: practice.timeZone)
    }
}
