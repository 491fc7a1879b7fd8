import Foundation

/// Instants as the interface spells them (RFC 3339 §5.6): `2027-03-02T10:30:00+01:00`.
public enum RFC3339 {
    /// Reads a date-time with its offset; nil for anything that the grammar does not allow.
    ///
    /// `T` and `Z` may be written small (§5.6); a blank in place of the `T` and the leap second `60` are refused.
    public static func parse(_ text: String) -> (instant: Date, offsetSeconds: Int)? {
        var reader = ClockReader(Array(text.utf8))
        guard let date = reader.date(), reader.sign("T", "t") != nil, let time = reader.hourAndMinute(),
            reader.sign(":") != nil, let second = reader.number(digits: 2), second < 60
        else { return nil }
        var sign = reader.sign("Z", "z", "+", "-", ".")
        var fraction = 0.0
        if sign == UInt8(ascii: ".") {
            guard let read = reader.fraction() else { return nil }
            fraction = read
            sign = reader.sign("Z", "z", "+", "-")
        }
        guard let sign, let offset = offset(after: sign, &reader), reader.isAtEnd else { return nil }
        let wall = WallTime(date: date, hour: time.hour, minute: time.minute, second: second)
        return (wall.instant(atOffset: offset).addingTimeInterval(fraction), offset)
    }

    /// Spells an instant under a fixed offset; milliseconds stand only where they are not zero.
    ///
    /// RFC 3339 knows whole minutes of offset only; seconds of an offset (local mean time) are cut off.
    public static func format(_ instant: Date, offsetSeconds: Int) -> String {
        let milliseconds = Int((instant.timeIntervalSince1970 * 1_000).rounded())
        let seconds = LocalDate.floored(milliseconds, by: 1_000)
        let fraction = milliseconds - seconds * 1_000
        let minutes = offsetSeconds / 60
        let wall = WallTime(Date(timeIntervalSince1970: Double(seconds)), offsetSeconds: minutes * 60)
        var text = wall.date.iso + "T" + wall.clock + ":" + Digits.padded(wall.second, 2)
        if fraction != 0 { text += "." + Digits.padded(fraction, 3) }
        text += minutes < 0 ? "-" : "+"
        return text + Digits.padded(abs(minutes) / 60, 2) + ":" + Digits.padded(abs(minutes) % 60, 2)
    }

    /// Spells an instant with the offset that the zone has at it.
    public static func format(_ instant: Date, in zone: TimeZone) -> String {
        format(instant, offsetSeconds: zone.secondsFromGMT(for: instant))
    }

    private static func offset(after sign: UInt8, _ reader: inout ClockReader) -> Int? {
        switch sign {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): return 0
        default:
            guard let time = reader.hourAndMinute() else { return nil }
            let seconds = (time.hour * 60 + time.minute) * 60
            return sign == UInt8(ascii: "-") ? -seconds : seconds
        }
    }
}
