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

    private static func offset(_ text: Substring) -> String? {
        guard text.utf8.count == 5 else { return nil }
        return text.prefix(3) + ":" + text.suffix(2)
    }

    private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
}
