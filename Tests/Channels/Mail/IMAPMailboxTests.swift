import Domain
import Foundation
import Logging
import TestPeers
import Testing
import Transfer

@testable import Channels

@Suite(.enabled(if: PostOffice.isPossible, "needs root, Postfix and Dovecot"))
struct IMAPMailboxTests {
    private static let start = Date(timeIntervalSince1970: 1_795_000_000)

    private static func mailbox(
        _ office: PostOffice,
        options: [String: String] = [:],
        secondsLater: Double = 0
    ) throws -> IMAPMailbox {
        var server = try #require(MailServer(url: office.imap))
        server.certificates = office.authorities
        let account = Provider(
            id: Identifier(1),
            practiceID: Identifier(1),
            name: "practice",
            kind: .mailbox,
            url: office.submission,
            user: office.practice,
            options: options
        )
        let address = try EmailAddress.parse(office.practice).get()
        let mailbox = Mailbox(account: account, address: address, imapURL: office.imap)
        let credentials = MailCredentials(user: office.practice, secret: office.password)
        return IMAPMailbox(
            mailbox,
            server: server,
            responseTimeout: .seconds(10),
            logger: Logger(label: "test"),
            now: { start.addingTimeInterval(secondsLater) },
            credentials: { () throws(MailFailure) in credentials },
            refused: {}
        )
    }

    private static func mail(_ name: String) throws -> OutgoingMail {
        let text =
            "From: praxis@example.at\r\nTo: niemand@example.org\r\nMessage-ID: <\(name)>\r\nSubject: x\r\n\r\nHi\r\n"
        return try OutgoingMail(
            id: Identifier(7),
            name: name,
            sender: EmailAddress.parse("praxis@example.at").get(),
            recipient: EmailAddress.parse("niemand@example.org").get(),
            bytes: Array(text.utf8)
        )
    }

    private static func sent(_ name: String) -> SentMessage {
        SentMessage(
            id: Identifier(7),
            reference: name,
            providerMessageID: nil,
            recipient: "niemand@example.org",
            text: "",
            startedAt: start
        )
    }

    @Test func `a copy is kept once, however often it is tried`() async throws {
        let office = try await PostOffice("--sent", "Gesendete Elemente", "--plain-sent")
        let mailbox = try Self.mailbox(office)
        #expect(await mailbox.keepCopy(try Self.mail("a@example.at"), isAgain: false) == .kept)
        #expect(await mailbox.keepCopy(try Self.mail("a@example.at"), isAgain: true) == .kept)
        #expect(try await office.messages(of: office.practice, in: "Gesendete Elemente")?.count == 1)
        #expect(try await mailbox.sentFolder() == "Gesendete Elemente")
    }

    @Test func `without a folder it says what to do`() async throws {
        let office = try await PostOffice("--no-sent")
        let named = try Self.mailbox(office, options: [MailboxOption.sentFolder: "Nirgends"])
        let outcome = await named.keepCopy(try Self.mail("a@example.at"), isAgain: false)
        guard case .failed(let detail) = outcome else {
            Issue.record("it was kept")
            return
        }
        #expect(detail.contains("sent-folder"))
    }

    @Test(arguments: [
        ("1.a.own@example.at", "server", 400.0, LookUp.found(ProviderReference(raw: "1.a.own@example.at"))),
        ("2.b.own@example.at", "server", 400, .absent), ("2.b.own@example.at", "server", 200, .notTold),
        ("2.b.own@example.at", "append", 400, .notTold), ("2.b.own@example.org", "server", 400, .notTold),
        ("2.b.other@example.at", "server", 400, .notTold),
    ])
    func `what is missing in Sent was not sent, where the server keeps copies and names by itself`(
        name: String,
        copies: String,
        age: Double,
        expected: LookUp
    ) async throws {
        let office = try await PostOffice()
        _ = await (try Self.mailbox(office)).keepCopy(try Self.mail("1.a.own@example.at"), isAgain: false)
        let mailbox = try Self.mailbox(office, options: [MailboxOption.sentCopy: copies], secondsLater: age)
        #expect(await mailbox.lookUp(Self.sent(name)) == expected)
    }

    @Test func `a mailbox that is away tells nothing, and why`() async throws {
        let office = try await PostOffice()
        let mailbox = try Self.mailbox(office)
        try await office.stop("dovecot")
        #expect(await mailbox.lookUp(Self.sent("a@example.at")) == .notTold)
        let trouble = await #expect(throws: MailboxTrouble.self) { try await mailbox.news(after: nil) }
        #expect(trouble?.description.contains("check name and port") == true)
    }

    @Test func `what is no report is not opened, whatever its subject says`() async throws {
        let office = try await PostOffice()
        let mailbox = try Self.mailbox(office)
        let first = try await mailbox.news(after: nil)
        #expect(first.reports.isEmpty && !first.hasMore)
        let letter = "From: anna.huber@example.org\r\nSubject: Undelivered Mail\r\n\r\nprivate\r\n"
        try await office.append(letter, of: office.practice)
        let second = try await mailbox.news(after: first.position)
        #expect(second.reports.isEmpty)
        #expect(second.position == MailboxPosition(validity: first.position.validity, next: 2))
        #expect(try await office.messages(of: office.practice, in: "INBOX")?.map(\.flags) == [[]])
    }

    /// Postfix itself reports: a recipient who is not there, one whose mailbox is full, and one whose server is away.
    @Test func `what Postfix could not deliver is read as its reports say`() async throws {
        let office = try await PostOffice("--full", "voll@example.org", "--delay-warning", "1")
        let mailbox = try Self.mailbox(office)
        let first = try await mailbox.news(after: nil)
        let recipients = ["niemand@example.org", "voll@example.org", "anna@away.example"]
        for (number, recipient) in recipients.enumerated() {
            try await office.send("\(number)@example.at", to: recipient)
        }
        var found: [String: BounceReport] = [:]
        var position = first.position
        for _ in 0..<100 where found.count < recipients.count {
            let news = try await mailbox.news(after: position)
            position = news.position
            for report in news.reports { found[report.recipient?.value ?? ""] = report }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(found["niemand@example.org"]?.name == "0@example.at" && found["niemand@example.org"]?.isFinal == true)
        #expect(found["voll@example.org"]?.name == "1@example.at" && found["voll@example.org"]?.reason == .mailboxFull)
        #expect(found["anna@away.example"]?.name == "2@example.at" && found["anna@away.example"]?.isFinal == false)
        #expect(try await office.messages(of: office.practice, in: "INBOX")?.allSatisfy { $0.flags.isEmpty } == true)
    }
}
