/// Reads the digits and signs of a date or a time from left to right; every method is nil where they do not stand.
struct ClockReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// Exactly so many decimal digits.
    mutating func number(digits count: Int) -> Int? {
        guard position + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + count] {
            guard Digits.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += count
        return value
    }

    /// The next sign, if it is one of these.
    mutating func sign(_ allowed: Unicode.Scalar...) -> UInt8? {
        guard position < bytes.count, allowed.contains(Unicode.Scalar(bytes[position])) else { return nil }
        position += 1
        return bytes[position - 1]
    }

    /// RFC 3339 §5.6, full-date.
    mutating func date() -> LocalDate? {
        guard let year = number(digits: 4), sign("-") != nil, let month = number(digits: 2), sign("-") != nil,
            let day = number(digits: 2)
        else { return nil }
        return LocalDate(year: year, month: month, day: day)
    }

    /// `10:30`, hours 0…23 and minutes 0…59.
    mutating func hourAndMinute() -> (hour: Int, minute: Int)? {
        guard let hour = number(digits: 2), hour < 24, sign(":") != nil, let minute = number(digits: 2), minute < 60
        else { return nil }
        return (hour, minute)
    }

    /// RFC 3339 §5.6, time-secfrac, behind its point: at least one digit; the fraction of a second.
    mutating func fraction() -> Double? {
        var value = 0.0
        var weight = 0.1
        let first = position
        while position < bytes.count, Digits.isDigit(bytes[position]) {
            value += Double(bytes[position] - UInt8(ascii: "0")) * weight
            weight /= 10
            position += 1
        }
        return position > first ? value : nil
    }
}

/// Decimal digits, written and recognised without a formatter.
enum Digits {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
