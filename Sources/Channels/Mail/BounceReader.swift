import Domain
import Transfer

/// Reads what mail servers report of messages that they could not deliver.
public enum BounceReader {
    /// How many octets of a message are looked at; what comes behind is cut off.
    public static let limit = 256 * 1024
    /// How many recipients of one report are told.
    static let mostRecipients = 20

    /// What a message reports, one for each recipient of whom it says that delivery failed or is late; none where it is
    /// no such report, as are auto-replies, receipts for reading and complaints. Of any octets at all.
    public static func reports(in octets: [UInt8]) -> [BounceReport] {
        let parts = MIMEParts(octets, limit: limit).parts
        guard let message = parts.first else { return [] }
        let returned = ReturnedMessage(parts)
        let outer = outer(parts)
        if let report = outer.first(where: { $0.type == "multipart/report" }),
            let kind = report.parameters["report-type"]?.lowercased(), !kind.contains("delivery-status")
        {
            return []
        }
        let statuses = outer.filter { $0.type.hasPrefix("message/") && $0.type.hasSuffix("delivery-status") }
            .flatMap { DeliveryStatus.all(in: $0.content) }
        let text = outer.filter { $0.type == "text/plain" }.map(\.content).joined(separator: "\n")
        if !statuses.isEmpty {
            return statuses.prefix(mostRecipients).compactMap { report($0, text: text, returned) }
        }
        return BounceText.reports(message, text: text, returned)
    }

    /// Without what lies in a message that is contained: that one is what came back, or a report that somebody passed on.
    private static func outer(_ parts: [MIMEParts.Part]) -> [MIMEParts.Part] {
        var contained: Int?
        return parts.dropFirst().filter { part in
            if let depth = contained, part.depth > depth { return false }
            contained = part.type == "message/rfc822" ? part.depth : nil
            return contained == nil
        }
    }

    private static func report(
        _ status: DeliveryStatus,
        text: String,
        _ returned: ReturnedMessage
    ) -> BounceReport? {
        guard let isFinal = status.isFinal else { return nil }
        let own = [status.final, status.original].compactMap { $0 }.first { returned.isTo($0) }
        let recipient = own ?? status.final ?? status.original
        // Some put the words into the text for people alone.
        let words = status.words.isEmpty ? text : status.words
        return BounceReport(
            name: returned.name,
            recipient: recipient,
            reason: BounceWords.reason(status.code, words),
            isFinal: isFinal,
            detail: BounceDetail.of(status.code, status.words, hiding: [status.final, status.original])
        )
    }
}

/// The message that came back, or its header, as far as a report has it.
struct ReturnedMessage {
    /// Its Message-ID without angle brackets.
    let name: String?
    private let recipients: String

    init(_ parts: [MIMEParts.Part]) {
        let inner = parts.dropFirst()
        if let message = inner.first(where: { $0.type == "message/rfc822" }) {
            name = Self.name(message.fields["message-id"])
            recipients = message.fields["to"]?.lowercased() ?? ""
            return
        }
        let headers = ["text/rfc822-headers", "message/global-headers", "message/rfc822-headers", "message/global"]
        let header = inner.first { headers.contains($0.type) }.map { HeaderFields($0.content) }
        let text = inner.filter { $0.type == "text/plain" }.map(\.content).joined(separator: "\n")
        name = Self.name(header?["message-id"]) ?? Self.name(inText: text)
        recipients = header?["to"]?.lowercased() ?? ""
    }

    func isTo(_ address: EmailAddress) -> Bool { recipients.contains(address.value.lowercased()) }

    /// What stands in the first angle brackets; nothing that ours cannot have (RFC 5322 §3.6.4).
    private static func name(_ field: String?) -> String? {
        guard let field, let start = field.firstIndex(of: "<") else { return nil }
        let name = field[field.index(after: start)...].prefix { $0 != ">" }
        guard (3...300).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return String(name)
    }

    /// In reports that quote the message as text: the first line of the kind.
    private static func name(inText text: String) -> String? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            let line = line.drop { $0 == ">" || $0 == " " }
            guard line.lowercased().hasPrefix("message-id:") else { continue }
            let next = number + 1 < lines.count ? lines[number + 1] : ""
            if let name = name(String(line)) ?? name(String(next)) { return name }
        }
        return nil
    }
}
