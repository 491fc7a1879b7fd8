import Domain
import Foundation
import Storage

/// A message as the log shows it: word for word what became of it.
struct MessageView: Sendable {
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    let messageID: String
    /// Where it stands in the list: when it began, in milliseconds.
    let begun: String
    let look: String
    /// One of the eight messages, or what is known before one of them holds.
    let status: String
    let channel: String
    let patient: String
    let patientPath: String?
    let appointment: String?
    let appointmentPath: String?
    /// When it was handed over, and what was heard since.
    let when: [Fact]
    let recipient: String
    /// Of an e-mail.
    let subject: String?
    let text: String
    /// Why it came back, and what to do; nil where it did not.
    let bounce: String?
    /// Where all that happened to it stands.
    let path: String
    let notes: [String]
    let support: SupportView?
    let facts: [Fact]
    /// Who called because of it; nil where nobody did.
    let ticked: String?

    static func view(_ row: LogRow, _ visit: Visit) -> MessageView {
        let words = visit.words
        let message = row.message
        let moment = { (date: Date) in words.moment(WallTime.of(date, in: row.timeZone)) }
        let isRefused = message.state.status == .providerRefused
        return MessageView(
            messageID: message.id.description,
            begun: String(Int64((message.createdAt.timeIntervalSince1970 * 1_000).rounded())),
            look: Look(message.state).rawValue,
            status: status(message, words),
            channel: words("channel." + message.channel.rawValue),
            patient: row.patientName.isEmpty ? words("message.erased") : row.patientName,
            patientPath: row.patientID.map { "/patienten/\($0)" },
            appointment: row.appointmentStart.map { words.short(WallTime.of($0, in: row.timeZone)) },
            appointmentPath: row.appointmentID.map { "/termine/\($0)" },
            when: when(message, { words.short(WallTime.of($0, in: row.timeZone), today: visit.today) }, words),
            recipient: recipient(message, visit),
            subject: row.mail.flatMap { $0.subject.isEmpty ? nil : $0.subject },
            text: message.text,
            bounce: bounce(message, words),
            path: "/nachrichten/\(message.id)",
            notes: notes(row, words),
            support: isRefused ? SupportView(visit.pages.support, words) : nil,
            facts: facts(row, words, created: moment(message.createdAt)),
            ticked: row.call.map { CallWords.sentence($0, visit) }
        )
    }

    /// The eight messages of the log, word for word; e-mail has words of its own where they differ.
    static func status(_ message: Message, _ words: Words) -> String {
        guard let status = message.state.status else {
            return words(message.state.unclear ? "message.unclear" : "message.under_way")
        }
        return words.catalogue.status(status, message.channel, words.language)
    }

    /// An e-mail is never delivered, as far as anybody knows.
    private static func when(_ message: Message, _ moment: (Date) -> String, _ words: Words) -> [Fact] {
        let submitted = Fact(
            label: words("message.submitted"),
            value: message.submittedAt.map(moment) ?? words("way.nothing")
        )
        if message.channel == .email { return [submitted] }
        let delivered = message.deliveredAt.map(moment) ?? words("way.nothing")
        return [submitted, Fact(label: words("message.delivered"), value: delivered)]
    }

    private static func bounce(_ message: Message, _ words: Words) -> String? {
        message.state.status == .bounced ? MessageAdvice.sentence(message, words) : nil
    }

    private static func recipient(_ message: Message, _ visit: Visit) -> String {
        guard !message.recipient.isEmpty else { return visit.words("message.erased") }
        return MobileNumber(e164: message.recipient)?.dialled(from: visit.practice.country) ?? message.recipient
    }

    private static func notes(_ row: LogRow, _ words: Words) -> [String] {
        var notes: [String] = []
        if row.purpose == .correction {
            notes.append(words(row.saysCancelled ? "message.cancellation" : "message.correction"))
        }
        if row.purpose == .confirmation { notes.append(words("message.confirmation")) }
        if row.message.possiblyTwice { notes.append(words("message.possibly_twice")) }
        if row.message.state.unclear, row.message.state.status != nil { notes.append(words("message.unclear")) }
        if row.message.state.presumed { notes.append(words("message.presumed")) }
        return notes
    }

    private static func facts(_ row: LogRow, _ words: Words, created: String) -> [Fact] {
        let message = row.message
        let pairs: [(String, String?)] = [
            ("message.created", created),
            (message.channel == .sms ? "message.provider" : "maillog.mailbox", row.providerName),
            ("message.provider_id", message.channel == .sms ? message.providerMessageID : nil),
            ("message.attempts", words.number(message.attempts)),
            (
                message.channel == .sms ? "message.sender" : "maillog.from",
                message.sender.isEmpty ? nil : message.sender
            ),
            ("message.segments", message.channel == .sms ? words.counted("sms.count", message.segments) : nil),
            ("message.price", message.price.map { words.price($0) }),
            ("maillog.copy", message.submittedAt == nil ? nil : row.mail.flatMap { copy($0, words) }),
        ]
        return pairs.compactMap { key, value in value.map { Fact(label: words(key), value: $0) } }
    }
}

extension MessageView {
    /// How it stands with the copy in the Sent folder; nil where we keep none.
    private static func copy(_ mail: MailLine, _ words: Words) -> String? {
        switch mail.copy {
        case .none: nil
        case .planned, .wanted: words("maillog.copy_wanted")
        case .kept: words("maillog.copy_kept")
        case .failed: words("maillog.copy_failed", ["reason": mail.copyDetail])
        }
    }
}

/// Whom to turn to when a provider refuses a message.
struct SupportView: Sendable {
    let sentence: String
    let link: String?
    let contact: String

    /// nil where nobody is named.
    init?(_ contact: String, _ words: Words) {
        guard !contact.isEmpty else { return nil }
        sentence = words("support.sentence")
        self.contact = contact
        link = Self.link(contact)
    }

    private static func link(_ contact: String) -> String? {
        if contact.hasPrefix("https://") || contact.hasPrefix("http://") { return contact }
        if contact.contains("@") { return "mailto:" + contact }
        let digits = contact.filter { $0.isNumber || $0 == "+" }
        return digits.count >= 4 ? "tel:" + digits : nil
    }
}
