/// The hour at which a practice's reminders leave on the day before (rule 1: these three, nothing else).
public enum SendTime: String, CaseIterable, Sendable {
    case seven = "07:00"
    case eight = "08:00"
    case nine = "09:00"

    public var hour: Int {
        switch self {
        case .seven: 7
        case .eight: 8
        case .nine: 9
        }
    }

    /// Reads one of the offered times; `send_time.not_offered` names them in the argument `offered`.
    public static func parse(_ raw: String, field: String = "sendTime") -> Result<SendTime, FieldProblem> {
        if let time = SendTime(rawValue: raw.trimmingWhitespace()) { return .success(time) }
        let offered = allCases.map(\.rawValue).joined(separator: ", ")
        return .failure(FieldProblem(field, .sendTimeNotOffered, ["offered": offered]))
    }
}

/// Until when a reminder that could not leave at its send time may still leave on that day (rule 5).
public struct LatestSendTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 20:00, for practices that set nothing.
    public static let standard = LatestSendTime(unchecked: 20 * 60)
    /// 09:00: the latest send time is never before the last `SendTime`.
    public static let earliest = LatestSendTime(unchecked: 9 * 60)
    /// 20:30, so that a message sent then still has half an hour of validity before 21:00.
    public static let last = LatestSendTime(unchecked: 20 * 60 + 30)

    /// Minutes since midnight.
    public let minutes: Int

    /// nil outside 09:00…20:30.
    public init?(minutes: Int) {
        guard (Self.earliest.minutes...Self.last.minutes).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    private init(unchecked minutes: Int) { self.minutes = minutes }

    public var hour: Int { minutes / 60 }
    public var minute: Int { minutes % 60 }

    /// `20:00`
    public var description: String { Digits.padded(hour, 2) + ":" + Digits.padded(minute, 2) }

    /// Reads `HH:MM`; `send_time.not_offered` names the limits in the arguments `earliest` and `latest`.
    public static func parse(_ raw: String, field: String = "latestSendTime") -> Result<LatestSendTime, FieldProblem> {
        var reader = ClockReader(Array(raw.trimmingWhitespace().utf8))
        if let read = reader.hourAndMinute(), reader.isAtEnd,
            let time = LatestSendTime(minutes: read.hour * 60 + read.minute)
        {
            return .success(time)
        }
        let limits = ["earliest": earliest.description, "latest": last.description]
        return .failure(FieldProblem(field, .sendTimeNotOffered, limits))
    }

    public static func < (left: Self, right: Self) -> Bool { left.minutes < right.minutes }
}
