import Domain
import Foundation
import TestPeers
import Testing

@testable import Channels

/// A message as Python's `email` and `icalendar` read it.
struct ReadMail: Decodable {
    struct Part: Decodable {
        var type: String
        var charset: String
        var encoding: String
        var method: String?
        /// Lines end in LF.
        var text: String
        var event: [String: String]?
    }

    var faults: [String]
    var defects: [String]
    var type: String
    var fields: [String: String]
    var names: [String]
    var from: [[String]]
    var to: [[String]]
    var replyTo: [[String]]
    var parts: [Part]

    var event: [String: String]? { parts.compactMap(\.event).first }

    /// In the order of what is given.
    static func read(_ messages: [[UInt8]]) async throws -> [ReadMail] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mail-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = messages.indices.map { folder.appending(path: "\($0).eml") }
        for (file, octets) in zip(files, messages) { try Data(octets).write(to: file) }
        let peer = try await TestPeer("read_mail.py", files.map(\.path))
        var mails: [ReadMail] = []
        for _ in messages {
            let line = try #require(await peer.next())
            mails.append(try JSONDecoder().decode(ReadMail.self, from: Data(line.utf8)))
        }
        return mails
    }

    static func read(_ mail: ComposedMail, _ marks: MailMarks = .sample) async throws -> ReadMail {
        try #require(try await read([MailComposition.write(mail, marks)]).first)
    }
}

extension EmailAddress {
    static func sample(_ address: String) throws -> EmailAddress { try #require(EmailAddress(stored: address)) }
}

extension MailMarks {
    /// On 1 March 2027 at 06:00:05 UTC.
    static let sample = MailMarks(
        name: "9.abcdefghij@example.at",
        date: Date(timeIntervalSince1970: 1_803_880_805),
        unsubscribeURL: "https://termine.example.at/abmelden/abcdefghijklmnopqrstuvwxyz012345"
    )
}

extension ComposedMail {
    /// A reminder for Anna Huber of 2 March 2027 at 10:30 in Vienna.
    static func sample(
        sender: String = "praxis@example.at",
        senderName: String = "Praxis Huber, Dr. med.",
        replyTo: String? = nil,
        recipient: String = "anna@example.org",
        recipientName: String = "Anna Huber",
        subject: String = "Terminerinnerung: Dienstag, 02.03.2027, 10:30 Uhr",
        text: String = "Guten Tag Anna Huber,\n\nwir erinnern Sie an Ihren Termin.\n\nFreundliche Grüße\nPraxis Huber",
        language: Language = .german,
        calendar: CalendarEntry? = .sample(),
        tells: WallTime? = WallTime.of(Date(timeIntervalSince1970: 1_803_979_800), in: .vienna),
        link: String? = nil
    ) throws -> ComposedMail {
        ComposedMail(
            sender: MailSender(
                address: try .sample(sender),
                displayName: senderName,
                replyTo: try replyTo.map { try .sample($0) }
            ),
            recipient: try .sample(recipient),
            recipientName: recipientName,
            subject: subject,
            text: text,
            language: language,
            calendar: calendar,
            tells: tells,
            link: link
        )
    }
}

extension CalendarEntry {
    static func sample(
        method: Method = .request,
        sequence: Int64 = 1,
        start: Date = Date(timeIntervalSince1970: 1_803_979_800),
        end: Date = Date(timeIntervalSince1970: 1_803_981_600),
        summary: String = "Termin: Praxis Huber",
        place: String = "Praxis am Ring, Ring 1, 1010 Wien"
    ) -> CalendarEntry {
        CalendarEntry(
            method: method,
            uid: "7.word@vortag",
            sequence: sequence,
            start: start,
            end: end,
            summary: summary,
            place: place
        )
    }
}

extension TimeZone {
    static let vienna = TimeZone(identifier: "Europe/Vienna") ?? .gmt
}
