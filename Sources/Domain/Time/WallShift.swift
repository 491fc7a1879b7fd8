/// How far a clock on the wall is put forward or back, in days and minutes, whatever instants that makes.
public struct WallShift: Hashable, Sendable {
    public let minutes: Int

    public init(from old: WallTime, to new: WallTime) { minutes = Self.minutes(of: new) - Self.minutes(of: old) }

    public var isNone: Bool { minutes == 0 }

    public func applied(to time: WallTime) -> WallTime {
        let total = Self.minutes(of: time) + minutes
        let days = LocalDate.floored(total, by: 1_440)
        let ofDay = total - days * 1_440
        return WallTime(
            date: LocalDate(daysSince1970: days),
            hour: ofDay / 60,
            minute: ofDay % 60,
            second: time.second
        )
    }

    private static func minutes(of time: WallTime) -> Int {
        time.date.daysSince1970 * 1_440 + time.hour * 60 + time.minute
    }
}
