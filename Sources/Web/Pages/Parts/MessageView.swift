import Domain
import Foundation
import Storage

/// A message as the log shows it: word for word what became of it.
struct MessageView: Sendable {
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    let look: String
    /// One of the eight messages, or what is known before one of them holds.
    let status: String
    let channel: String
    let patient: String
    let patientPath: String?
    let appointment: String?
    let appointmentPath: String?
    let submitted: String?
    let delivered: String?
    let recipient: String
    let text: String
    let notes: [String]
    let support: SupportView?
    let facts: [Fact]

    static func view(_ row: LogRow, _ visit: Visit) -> MessageView {
        let words = visit.words
        let message = row.message
        let moment = { (date: Date) in words.moment(WallTime.of(date, in: row.timeZone)) }
        let isRefused = message.state.status == .providerRefused
        return MessageView(
            look: Look(message.state).rawValue,
            status: status(message, words),
            channel: words("channel." + message.channel.rawValue),
            patient: row.patientName.isEmpty ? words("message.erased") : row.patientName,
            patientPath: row.patientID.map { "/patienten/\($0)" },
            appointment: row.appointmentStart.map { words.short(WallTime.of($0, in: row.timeZone)) },
            appointmentPath: row.appointmentID.map { "/termine/\($0)" },
            submitted: message.submittedAt.map(moment),
            delivered: message.deliveredAt.map(moment),
            recipient: recipient(message, visit),
            text: message.text,
            notes: notes(row, words),
            support: isRefused ? SupportView(visit.pages.support, words) : nil,
            facts: facts(row, words, created: moment(message.createdAt))
        )
    }

    /// The eight messages of the log, word for word; e-mail has words of its own where they differ.
    static func status(_ message: Message, _ words: Words) -> String {
        guard let status = message.state.status else {
            return words(message.state.unclear ? "message.unclear" : "message.under_way")
        }
        let key = "status.email." + status.rawValue
        return words(message.channel == .email && words.catalogue.has(key) ? key : "status." + status.rawValue)
    }

    private static func recipient(_ message: Message, _ visit: Visit) -> String {
        guard !message.recipient.isEmpty else { return visit.words("message.erased") }
        return MobileNumber(e164: message.recipient)?.dialled(from: visit.practice.country) ?? message.recipient
    }

    private static func notes(_ row: LogRow, _ words: Words) -> [String] {
        var notes: [String] = []
        if row.purpose == .correction { notes.append(words("message.correction")) }
        if row.purpose == .confirmation { notes.append(words("message.confirmation")) }
        if row.message.possiblyTwice { notes.append(words("message.possibly_twice")) }
        if row.message.state.unclear, row.message.state.status != nil { notes.append(words("message.unclear")) }
        if row.message.state.presumed { notes.append(words("message.presumed")) }
        return notes
    }

    private static func facts(_ row: LogRow, _ words: Words, created: String) -> [Fact] {
        let message = row.message
        let pairs: [(String, String?)] = [
            ("message.created", created), ("message.provider", row.providerName),
            ("message.provider_id", message.providerMessageID), ("message.attempts", words.number(message.attempts)),
            ("message.sender", message.sender.isEmpty ? nil : message.sender),
            ("message.segments", message.channel == .sms ? words.counted("sms.count", message.segments) : nil),
            ("message.price", message.price.map { words.price($0) }),
        ]
        return pairs.compactMap { key, value in value.map { Fact(label: words(key), value: $0) } }
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
