import Foundation

/// How texts are written in commands, and names of folders in mailboxes.
enum IMAPText {
    /// A string, quoted where it can be (RFC 9051 §4.3).
    static func string(_ bytes: [UInt8]) -> IMAPCommand.Part {
        guard bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return .literal(bytes) }
        let text = String(decoding: bytes, as: UTF8.self)
        return .text("\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"")
    }

    /// A folder's name as a server wrote it (RFC 3501 §5.1.3: between `&` and `-` stands UTF-16 in Base64). What is
    /// malformed stays as it is.
    static func folderName(_ raw: [UInt8]) -> String {
        let text = String(decoding: raw, as: UTF8.self)
        var name = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "&") {
            name += rest[..<start]
            let inner = rest[rest.index(after: start)...]
            guard let end = inner.firstIndex(of: "-"), let part = shifted(inner[..<end]) else { return text }
            name += part
            rest = inner[inner.index(after: end)...]
        }
        return name + rest
    }

    private static func shifted(_ base64: Substring) -> String? {
        if base64.isEmpty { return "&" }
        let padded = base64.replacing(",", with: "/") + String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: String(padded)), data.count.isMultiple(of: 2) else { return nil }
        return String(data: data, encoding: .utf16BigEndian)
    }

    /// INTERNALDATE for a message, from its own Date (RFC 5322 §3.3, RFC 9051 §9 date-time); nil where that is not of the
    /// usual form.
    static func date(of message: [UInt8]) -> String? {
        let head = message.prefix(16_384)
        for line in head.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            if text.isEmpty { return nil }
            if text.lowercased().hasPrefix("date:") { return internalDate(text.dropFirst(5)) }
        }
        return nil
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func internalDate(_ text: Substring) -> String? {
        var words = text.split(separator: " ")
        if words.first?.hasSuffix(",") == true { words.removeFirst() }
        guard words.count >= 5, let day = Int(words[0]), (1...31).contains(day), months.contains(String(words[1])),
            words[2].count == 4, Int(words[2]) != nil, isTime(words[3]), isZone(words[4])
        else { return nil }
        return "\(day < 10 ? "0" : "")\(day)-\(words[1])-\(words[2]) \(words[3]) \(words[4])"
    }

    private static func isTime(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 3 && parts.allSatisfy { $0.count == 2 && $0.allSatisfy { ("0"..."9").contains($0) } }
    }

    private static func isZone(_ text: Substring) -> Bool {
        text.count == 5 && "+-".contains(text.first ?? " ") && text.dropFirst().allSatisfy { ("0"..."9").contains($0) }
    }
}
