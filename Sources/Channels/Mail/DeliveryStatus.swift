import Domain
import Foundation

/// What a report says of one recipient (RFC 3464 §2.3, RFC 6533 §3).
struct DeliveryStatus {
    let final: EmailAddress?
    let original: EmailAddress?
    let action: String
    let code: StatusCode
    let words: String

    /// The groups of a message/delivery-status that are about a recipient; the first is about the message.
    static func all(in content: String) -> [DeliveryStatus] {
        var groups: [[Substring]] = [[]]
        for line in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.allSatisfy(\.isWhitespace) {
                groups.append([])
            } else {
                groups[groups.count - 1].append(line)
            }
        }
        return groups.compactMap { DeliveryStatus(HeaderFields($0.joined(separator: "\n"))) }
    }

    private init?(_ fields: HeaderFields) {
        let names = ["final-recipient", "original-recipient", "action", "status"]
        guard names.contains(where: { fields[$0] != nil }) else { return nil }
        final = Self.address(fields["final-recipient"])
        original = Self.address(fields["original-recipient"])
        action = fields["action"]?.split { !$0.isLetter }.first?.lowercased() ?? ""
        let diagnostic = fields["diagnostic-code"] ?? ""
        words = diagnostic
        var code = StatusCode(in: fields["status"] ?? "")
        let said = StatusCode(in: diagnostic)
        code.basic = said.basic ?? code.basic
        if code.isVague, let enhanced = said.enhanced { code.enhanced = enhanced }
        self.code = code
    }

    /// `failed` and `delayed` are news; without an action the code tells.
    var isFinal: Bool? {
        switch action {
        case "failed": true
        case "delayed": false
        case "delivered", "relayed", "expanded": nil
        default: code.isSuccess ? nil : (code.isPermanent ?? true)
        }
    }

    /// `rfc822; anna@example.org`; with angle brackets in some reports.
    private static func address(_ field: String?) -> EmailAddress? {
        guard let field, let end = field.firstIndex(of: ";") else { return nil }
        let type = field[..<end].lowercased()
        var value = String(field[field.index(after: end)...]).trimmingWhitespace()
        value = value.split(whereSeparator: { "<> \t".contains($0) }).first.map(String.init) ?? ""
        if type.contains("utf-8") { value = unescaped(value) }
        return try? EmailAddress.parse(value).get()
    }

    /// `\x{E4}` stands for a character (RFC 6533 §3, utf-8-addr-xtext).
    private static func unescaped(_ text: String) -> String {
        var pieces = text.components(separatedBy: "\\x{")
        let first = pieces.removeFirst()
        return pieces.reduce(first) { done, piece in
            guard let end = piece.firstIndex(of: "}"), let value = UInt32(piece[..<end], radix: 16),
                let scalar = Unicode.Scalar(value)
            else { return done + piece }
            return done + String(scalar) + piece[piece.index(after: end)...]
        }
    }
}
