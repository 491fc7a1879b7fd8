import Domain

/// What tells from a message's header alone whether it is worth opening.
public enum ReportFields {
    /// The fields to ask a server for.
    public static let names = ["Content-Type", "X-Failed-Recipients", "Return-Path", "Auto-Submitted", "From"]

    /// Whether a message may be a report of ``BounceReader``. Says yes rather too often than too seldom, but no to
    /// auto-replies, to receipts for reading, and to what people write.
    ///
    /// - Parameter header: the fields of ``names`` that it has, as they stand in it, lines ending in CRLF or LF.
    public static func mayBeReport(_ header: [UInt8]) -> Bool {
        let fields = HeaderFields(String(decoding: header.prefix(64 * 1024), as: UTF8.self))
        if fields["x-failed-recipients"] != nil { return true }
        let type = fields["content-type"]?.lowercased() ?? ""
        if type.hasPrefix("multipart/report") {
            let kind = type.split(separator: ";").first { $0.contains("report-type") }
            return kind.map { $0.contains("delivery-status") } ?? true
        }
        if type.hasPrefix("message/delivery-status") { return true }
        let isFromDaemon = isDaemon(fields["from"] ?? "")
        // Exim marks its reports as auto-replied, as others do their notices of absence: the sender tells them apart.
        return isFromDaemon || fields["return-path"] == "<>" && !isReply(fields["auto-submitted"])
    }

    /// Whether a mail system wrote it, by the names that such have.
    static func isDaemon(_ from: String) -> Bool {
        let from = from.lowercased()
        let address = from.split(whereSeparator: { "<> \"\t".contains($0) }).last { $0.contains("@") } ?? ""
        let local = address.prefix { $0 != "@" }
        return ["mailer-daemon", "postmaster", "maildelivery", "mdaemon"].contains { local.hasPrefix($0) }
            || local.hasPrefix("microsoftexchange")
            || ["mail delivery", "mail administrator", "system administrator", "undeliver"].contains {
                from.contains($0)
            }
    }

    private static func isReply(_ value: String?) -> Bool { value?.lowercased().hasPrefix("auto-replied") ?? false }
}

/// Fields in the form of a header, unfolded (RFC 5322 §2.2.3); the first of each name.
struct HeaderFields {
    private var values: [String: String] = [:]

    init(_ text: String) {
        var name: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.first == " " || line.first == "\t" {
                if let name { values[name, default: ""] += " " + String(line).trimmingWhitespace() }
                continue
            }
            name = nil
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = String(line[..<colon]).trimmingWhitespace().lowercased()
            guard values[key] == nil else { continue }
            name = key
            values[key] = String(line[line.index(after: colon)...]).trimmingWhitespace()
        }
    }

    var isEmpty: Bool { values.isEmpty }

    /// By its name in lower case; nil where it is missing or empty.
    subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
}
