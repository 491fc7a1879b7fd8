import Domain
import Foundation
import Logging
import TestPeers
import Testing

@testable import Channels

/// A mailbox with both its servers: Postfix and Dovecot.
@Suite(.enabled(if: PostOffice.isPossible, "needs root, Postfix and Dovecot"))
struct MailChannelIMAPTests {
    private static func channel(
        _ office: PostOffice,
        imap: String,
        options: [String: String] = [:]
    ) throws -> any MessageChannel {
        let factory = ChannelFactory(
            logger: Logger(label: "test"),
            random: { 0.5 },
            loopbackOnly: true,
            practiceProviders: .publicOnly,
            now: { Date() }
        )
        let account = Provider(
            id: Identifier(1),
            practiceID: Identifier(1),
            name: "practice",
            kind: .mailbox,
            url: office.submission,
            user: office.practice,
            options: options.merging([MailboxOption.certificates: office.authorities]) { $1 }
        )
        let address = try EmailAddress.parse(office.practice).get()
        let mailbox = Mailbox(account: account, address: address, imapURL: imap)
        return try factory.channel(for: mailbox, secret: office.password)
    }

    private static func mail(_ name: String, to recipient: String) throws -> OutgoingMail {
        let text = "From: praxis@example.at\r\nTo: \(recipient)\r\nMessage-ID: <\(name)>\r\nSubject: x\r\n\r\nHi\r\n"
        return try OutgoingMail(
            id: Identifier(7),
            name: name,
            sender: EmailAddress.parse("praxis@example.at").get(),
            recipient: EmailAddress.parse(recipient).get(),
            bytes: Array(text.utf8)
        )
    }

    @Test func `a mail leaves, its copy is kept, and what came back is told`() async throws {
        let office = try await PostOffice("--sent", "Gesendet")
        let channel = try Self.channel(office, imap: office.imaps)
        let start = try await channel.news(after: nil)
        let mail = try Self.mail("7.a.vortag@example.at", to: "niemand@example.org")
        let outcome = await channel.send(.mail(mail))
        guard case .accepted = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(await channel.keepCopy(mail, isAgain: false) == .kept)
        #expect(
            try await office.messages(of: office.practice, in: "Gesendet", bodies: true)?.map(\.bytes) == [
                String(decoding: mail.bytes, as: UTF8.self)
            ]
        )
        var news = start
        for _ in 0..<100 where news.reports.isEmpty {
            try await Task.sleep(for: .milliseconds(100))
            news = try await channel.news(after: news.position)
        }
        #expect(news.reports.map(\.name) == [mail.name])
        #expect(news.reports.map(\.reason) == [.unknownRecipient])
    }

    @Test func `a server that keeps copies by itself is evidence of what it took`() async throws {
        let office = try await PostOffice("--server-saves-sent")
        let channel = try Self.channel(office, imap: office.imap, options: [MailboxOption.sentCopy: "server"])
        let mail = try Self.mail("7.a.vortag@example.at", to: "anna.huber@example.org")
        _ = await channel.send(.mail(mail))
        func sent(_ name: String, age: Double) -> SentMessage {
            SentMessage(
                id: Identifier(7),
                reference: name,
                providerMessageID: nil,
                recipient: "anna.huber@example.org",
                text: "",
                startedAt: Date(timeIntervalSinceNow: -age)
            )
        }
        var found = LookUp.notTold
        for _ in 0..<100 where found == .notTold {
            try await Task.sleep(for: .milliseconds(100))
            found = await channel.lookUp(sent(mail.name, age: 0))
        }
        #expect(found == .found(ProviderReference(raw: mail.name)))
        #expect(await channel.lookUp(sent("8.b.vortag@example.at", age: 600)) == .absent)
        #expect(await channel.lookUp(sent("8.b.vortag@example.at", age: 100)) == .notTold)
    }

    @Test func `without an IMAP server nothing is asked and nothing is kept`() async throws {
        let office = try await PostOffice()
        let channel = try Self.channel(office, imap: "")
        #expect(channel.polling == nil)
        let mail = try Self.mail("7.a.vortag@example.at", to: "anna.huber@example.org")
        guard case .failed = await channel.keepCopy(mail, isAgain: false) else {
            Issue.record("it was kept")
            return
        }
        await #expect(throws: MailboxTrouble.self) { try await channel.news(after: nil) }
        #expect(try Self.channel(office, imap: office.imap).polling == Polling(first: 60, longest: 900, batch: 20))
    }
}
