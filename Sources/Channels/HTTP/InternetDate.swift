import Domain
import Foundation

/// Dates of e-mail and HTTP: `Thu, 24 Aug 2023 05:01:45 +0000` (RFC 5322 §3.3), `… GMT` (RFC 9110 §5.6.7).
enum InternetDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// nil for anything else, the obsolete forms of HTTP included.
    static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        guard let zone = words[5] == "GMT" ? "Z" : offset(words[5]) else { return nil }
        let date = "\(words[3])-\(twoDigits(month + 1))-\(twoDigits(day))T\(words[4])\(zone)"
        return RFC3339.parse(date)?.instant
    }

    /// In UTC. The weekday stands before it, as all who write dates do.
    static func text(_ date: Date) -> String {
        let time = WallTime.of(date, in: .gmt)
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) % 60
        let clock = [time.hour, time.minute, (seconds + 60) % 60].map(twoDigits).joined(separator: ":")
        return "\(weekdays[time.date.weekday - 1]), \(time.date.day) \(months[time.date.month - 1]) \(time.date.year) "
            + clock + " +0000"
    }

    private static func offset(_ text: Substring) -> String? {
        guard text.utf8.count == 5 else { return nil }
        return text.prefix(3) + ":" + text.suffix(2)
    }

    private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
