import Synchronization
import TestPeers
import Testing

@testable import Transfer

/// Against Dovecot and Postfix.
@Suite(.enabled(if: PostOffice.isPossible, "needs root, Postfix and Dovecot"))
struct IMAPClientTests {
    private static let report = "From: MAILER-DAEMON@example.org\r\nSubject: back\r\n\r\nbody\r\n"
    private static let letter = "From: anna.huber@example.org\r\nSubject: hello\r\n\r\nprivate\r\n"
    private static let mail =
        "From: praxis@example.at\r\nMessage-ID: <one@example.at>\r\nDate: Mon, 23 Nov 2026 07:00:00 +0100\r\n\r\nHi\r\n"

    private static func client(
        _ office: PostOffice,
        _ url: KeyPath<PostOffice, String> = \.imap,
        common: [String] = ["Sent", "Gesendet"],
        change: (inout IMAPClient.Configuration) -> Void = { _ in }
    ) throws -> IMAPClient {
        var server = try #require(MailServer(url: office[keyPath: url]))
        server.certificates = office.authorities
        var configuration = IMAPClient.Configuration(server: server)
        configuration.commonSentFolders = common
        configuration.responseTimeout = .seconds(10)
        change(&configuration)
        let credentials = MailCredentials(user: office.practice, secret: office.password)
        return IMAPClient(configuration) { () throws(MailFailure) in credentials }
    }

    /// Whether the header fields are those of a report.
    private static let isReport: @Sendable ([UInt8]) -> Bool = {
        String(decoding: $0, as: UTF8.self).contains("DAEMON")
    }

    @Test(arguments: [
        (["--sent", "Gesendete Objekte"], "Gesendete Objekte"), (["--sent", "Gesendet", "--plain-sent"], "Gesendet"),
        (["--sent", "Gel\u{f6}scht & weg"], "Gel\u{f6}scht & weg"),
        (["--sent", "Sent", "--plain-sent", "--prefix", "INBOX.", "--separator", "."], "INBOX.Sent"),
    ])
    func `a copy lies in the Sent folder, seen and dated like the message`(options: [String], name: String) async throws
    {
        let office = try await PostOffice(options)
        let client = try Self.client(office, \.imaps)
        #expect(try await client.sentFolderName() == name)
        try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        let copies = try #require(try await office.messages(of: office.practice, in: name, bodies: true))
        #expect(copies.map(\.bytes) == [Self.mail])
        #expect(copies.map(\.flags) == [["\\Seen"]])
        // Dovecot tells instants in its own zone.
        #expect(copies.map(\.date) == ["23-Nov-2026 06:00:00 +0000"])
        await client.close()
    }

    @Test func `a copy that is there already is not made twice`() async throws {
        let office = try await PostOffice()
        let client = try Self.client(office)
        for _ in 0..<2 { try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: "one@example.at") }
        #expect(try await office.messages(of: office.practice, in: "Sent")?.count == 1)
        #expect(try await client.searchSent("one@example.at") == .found)
        #expect(try await client.searchSent("two@example.at") == .missing)
        #expect(try await client.searchSent("two@example.org") == .unproven)
    }

    @Test func `an account without a Sent folder gets one with its first copy`()
        async throws
    {
        let office = try await PostOffice("--no-sent")
        await #expect(throws: IMAPFailure(.noSentFolder, .list)) {
            try await (try Self.client(office)).searchSent("one@example.at")
        }
        try await (try Self.client(office)).keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        #expect(try await office.messages(of: office.practice, in: "Sent")?.count == 1)
    }

    @Test func `a Sent folder that was named and is not there is not made`() async throws {
        let office = try await PostOffice("--no-sent")
        let client = try Self.client(office) { $0.sentFolder = "Gesendet" }
        await #expect(throws: IMAPFailure(.noSentFolder, .list)) {
            try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        }
        // Once it is there, it is found.
        try await office.command("CREATE", "Gesendet", by: office.practice)
        try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        #expect(try await office.messages(of: office.practice, in: "Gesendet")?.count == 1)
    }

    @Test func `a Sent folder that was renamed is found anew`() async throws {
        let office = try await PostOffice("--no-sent")
        try await office.command("CREATE", "Gesendet", by: office.practice)
        let client = try Self.client(office, common: ["Gesendet", "Weg"])
        try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        try await office.command("RENAME", "Gesendet", "Weg", by: office.practice)
        await #expect(throws: IMAPFailure(.refused(code: "TRYCREATE"), .append)) {
            try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        }
        try await client.keepCopy(Array(Self.mail.utf8), unlessThereIs: nil)
        #expect(try await office.messages(of: office.practice, in: "Weg")?.count == 2)
    }

    @Test func `the first reading notes the end, the next one what came since, and nothing shows that we looked`()
        async throws
    {
        let office = try await PostOffice()
        try await office.append(Self.report, of: office.practice, count: 3)
        let client = try Self.client(office)
        let first = try await client.readInbox(after: nil, isWanted: Self.isReport)
        #expect(first.messages.isEmpty && !first.hasMore && first.position.next == 4)

        try await office.append(Self.letter, of: office.practice)
        try await office.append(Self.report, of: office.practice, flags: "\\Flagged")
        let before = try await office.messages(of: office.practice, in: "INBOX")
        let opened = Mutex<[String]>([])
        let second = try await client.readInbox(after: first.position) { fields in
            opened.withLock { $0.append(String(decoding: fields, as: UTF8.self)) }
            return Self.isReport(fields)
        }
        #expect(second.messages.map { String(decoding: $0, as: UTF8.self) } == [Self.report])
        #expect(second.position == InboxPosition(validity: first.position.validity, next: 6))
        #expect(opened.withLock { $0.count } == 2)
        #expect(opened.withLock { !$0.joined().contains("hello") })
        #expect(try await office.messages(of: office.practice, in: "INBOX") == before)

        let third = try await client.readInbox(after: second.position, isWanted: Self.isReport)
        #expect(third.messages.isEmpty && third.position == second.position)
    }

    @Test func `renumbered messages are begun anew from the end`() async throws {
        let office = try await PostOffice()
        let client = try Self.client(office)
        let first = try await client.readInbox(after: nil, isWanted: Self.isReport)
        try await office.append(Self.report, of: office.practice, count: 2)
        try await office.renew(of: office.practice, validity: 77)
        let second = try await client.readInbox(after: first.position, isWanted: Self.isReport)
        #expect(second.isRenumbered && second.messages.isEmpty)
        #expect(second.position == InboxPosition(validity: 77, next: 3))
    }

    @Test func `five thousand new messages are read in bounded steps`() async throws {
        let office = try await PostOffice()
        let client = try Self.client(office) { $0.mostMessages = 2000 }
        var position = try await client.readInbox(after: nil, isWanted: Self.isReport).position
        try await office.append(Self.letter, of: office.practice, count: 4999)
        try await office.append(Self.report, of: office.practice)
        var ends: [UInt32] = []
        var reports = 0
        var hasMore = true
        while hasMore {
            let reading = try await client.readInbox(after: position, isWanted: Self.isReport)
            (position, hasMore) = (reading.position, reading.hasMore)
            reports += reading.messages.count
            ends.append(position.next)
        }
        #expect(ends == [2001, 4001, 5001])
        #expect(reports == 1)
    }

    @Test func `so many reports at once are opened in several readings`() async throws {
        let office = try await PostOffice()
        let client = try Self.client(office) { $0.mostOpened = 4 }
        var position = try await client.readInbox(after: nil, isWanted: Self.isReport).position
        try await office.append(Self.report, of: office.practice, count: 10)
        var counts: [Int] = []
        for _ in 0..<3 {
            let reading = try await client.readInbox(after: position, isWanted: Self.isReport)
            position = reading.position
            counts.append(reading.messages.count)
            #expect(reading.hasMore == (counts.count < 3))
        }
        #expect(counts == [4, 4, 2])
    }

    @Test func `a report is cut after 256 KiB`() async throws {
        let office = try await PostOffice()
        let client = try Self.client(office)
        let first = try await client.readInbox(after: nil, isWanted: Self.isReport)
        let line = String(repeating: "x", count: 76) + "\r\n"
        try await office.append(Self.report + String(repeating: line, count: 8000), of: office.practice)
        let second = try await client.readInbox(after: first.position, isWanted: Self.isReport)
        #expect(second.messages.map(\.count) == [262_144])
    }

    @Test func `a wrong password is told apart from a server that is away`() async throws {
        let office = try await PostOffice()
        let server = try #require(MailServer(url: office.imap))
        let client = IMAPClient(.init(server: server)) { () throws(MailFailure) in
            MailCredentials(user: "praxis@example.at", secret: "wrong")
        }
        let refused = await #expect(throws: IMAPFailure.self) { try await client.sentFolderName() }
        #expect(refused?.failure?.cause == .authenticationRefused)
        try await office.stop("dovecot")
        let away = await #expect(throws: IMAPFailure.self) { try await client.sentFolderName() }
        #expect(away?.failure?.cause == .connect)
    }

    @Test func `a kept connection that broke meanwhile is made anew`() async throws {
        let office = try await PostOffice()
        let client = try Self.client(office)
        _ = try await client.sentFolderName()
        try await office.stop("dovecot")
        try await office.start("dovecot")
        #expect(try await client.sentFolderName() == "Sent")
    }
}

extension IMAPFailure {
    /// Why there is no connection.
    fileprivate var failure: MailFailure? { if case .connection(let failure) = cause { failure } else { nil } }
}
