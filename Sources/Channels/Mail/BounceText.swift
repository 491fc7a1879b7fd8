import Domain
import Transfer

/// Reports in plain text, from servers that write no other (Exim before 4.93, qmail, Gmail to itself, old Exchange).
enum BounceText {
    /// How such reports begin, in lower case: qmail's `qmail-send.c`, Exim's `deliver.c`, Sendmail 8, Exchange 5.5 to
    /// 2003, and Gmail's.
    private static let openings = [
        "this is the qmail-send program", "message was created automatically by mail delivery software",
        "message was created automatically by the mail system", "addresses had permanent fatal errors",
        "your message did not reach some or all of the intended recipients", "delivery to the following recipient",
        "message could not be delivered", "message wasn't delivered", "undeliverable", "unzustellbar",
        "mail delivery failed", "could not be delivered to", "konnte nicht zugestellt werden",
    ]
    private static let ofDelay = [
        "has not yet been delivered", "not yet been delivered", "will be retried", "delivery will continue",
        "temporarily deferred", "delivery is delayed", "has been delayed", "is still being tried", "delivery delayed",
    ]

    /// - Parameter text: its text, without a message that is attached.
    static func reports(_ message: MIMEParts.Part, text: String, _ returned: ReturnedMessage) -> [BounceReport] {
        let failed = addresses(message.fields["x-failed-recipients"] ?? "")
        let subject = message.fields["subject"]?.lowercased() ?? ""
        // What the mail server itself quotes of the message that came back is no word of its own.
        let own = ownWords(text)
        let lowered = own.lowercased()
        let begins = openings.contains { lowered.contains($0) || subject.contains($0) }
        guard !failed.isEmpty || begins && isFromDaemon(message) else { return [] }
        let isDelayed = failed.isEmpty && ofDelay.contains { lowered.contains($0) }
        let recipients = failed.isEmpty ? named(in: own) : failed
        let found: [EmailAddress?] = recipients.isEmpty ? [nil] : recipients.map { $0 }
        return found.prefix(BounceReader.mostRecipients).map { recipient in
            let words = recipient.map { paragraph(about: $0, in: own) } ?? own
            let code = StatusCode(in: words)
            let isVague = code.text.isEmpty && BounceWords.reason(in: words) == nil
            return BounceReport(
                name: returned.name,
                recipient: recipient,
                reason: BounceWords.reason(isVague ? StatusCode(in: own) : code, isVague ? own : words),
                isFinal: !isDelayed,
                detail: BounceDetail.of(code, recipient == nil ? "" : words, hiding: [recipient])
            )
        }
    }

    private static func isFromDaemon(_ message: MIMEParts.Part) -> Bool {
        ReportFields.isDaemon(message.fields["from"] ?? "") || message.fields["return-path"] == "<>"
    }

    /// Up to where the message that came back begins.
    private static func ownWords(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let marks = [
            "below this line is a copy", "this is a copy of", "original message follows", "original message ---",
            "message header follows", "received:", "return-path:",
        ]
        let own = lines.prefix { line in
            let line = line.lowercased()
            return !marks.contains { line.hasPrefix($0) || line.hasPrefix("-") && line.contains($0) }
        }
        return own.prefix(200).joined(separator: "\n")
    }

    private static func addresses(_ list: String) -> [EmailAddress] {
        list.split { ", \t<>".contains($0) }.compactMap { try? EmailAddress.parse(String($0)).get() }
    }

    /// Those with which a line of its own begins: `<anna@example.org>:` or `  anna@example.org`.
    private static func named(in text: String) -> [EmailAddress] {
        var found: [EmailAddress] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { " \t".contains($0) }
            let stands = words.count <= 2 || line.first == " " || line.first == "\t"
            guard let first = words.first, stands || first.hasSuffix(">:") else { continue }
            let plain = first.trimmingPrefix("<").prefix { !">:,;".contains($0) }
            if let address = try? EmailAddress.parse(String(plain)).get(), !found.contains(address) {
                found.append(address)
            }
        }
        return found
    }

    /// What stands behind an address up to the next empty line.
    private static func paragraph(about address: EmailAddress, in text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let value = address.value.lowercased()
        guard let start = lines.firstIndex(where: { $0.lowercased().contains(value) }) else { return text }
        let paragraph = lines[start...].prefix { !$0.allSatisfy(\.isWhitespace) }.joined(separator: " ")
        // Some leave a line empty between the address and what is wrong with it.
        guard StatusCode(in: paragraph).text.isEmpty, BounceWords.reason(in: paragraph) == nil else { return paragraph }
        return lines[start...].prefix(12).joined(separator: " ")
    }
}

/// What is kept of a report for the history.
enum BounceDetail {
    /// Code and words of the server, at most 200 characters; words with an at sign, what stands in angle brackets and
    /// the names of the recipients are left out.
    static func of(_ code: StatusCode, _ words: String, hiding addresses: [EmailAddress?]) -> String {
        let hidden = addresses.compactMap { $0?.value.lowercased().split(separator: "@").first }.filter { $0.count > 2 }
        var text = ""
        var isInBrackets = false
        for character in MIMEText.line(words, upTo: 1000) {
            if character == "<" { isInBrackets = true }
            if !isInBrackets { text.append(character) }
            if character == ">" { isInBrackets = false }
        }
        let kept = text.split(separator: " ").filter { word in
            let word = word.lowercased()
            return !word.contains("@") && !word.contains("%40") && !hidden.contains { word.contains($0) }
                && !["smtp;", "x-unix;", "x-postfix;", ":"].contains(word)
        }
        let said = kept.joined(separator: " ").trimmingPrefix("smtp;").trimmingPrefix(":").drop { $0 == " " }
        let isSaid = code.text.isEmpty || said.contains(code.text)
        return String((isSaid ? String(said) : "\(code.text) \(said)").trimmingWhitespace().prefix(200))
    }
}
