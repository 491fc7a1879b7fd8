import Domain
import Foundation
import Logging
import Synchronization
import TestPeers
import Testing
import Transfer

@testable import Channels

@Suite("A mailbox as a channel", .timeLimit(.minutes(5))) struct MailChannelTests {
    private static func address(_ text: String) -> EmailAddress {
        guard let address = EmailAddress(stored: text) else { preconditionFailure("no address") }
        return address
    }

    static func mailbox(
        smtp: String = "smtps://smtp.example.at",
        imap: String = "",
        user: String = "",
        options: [String: String] = [:]
    ) -> Mailbox {
        Mailbox(
            account: Provider(
                id: Identifier(1),
                practiceID: Identifier(1),
                name: "mailbox",
                kind: .mailbox,
                url: smtp,
                user: user,
                options: options
            ),
            address: address("anna@example.at"),
            imapURL: imap
        )
    }

    private static func factory(
        _ reach: PracticeProviders = .anywhere,
        loopbackOnly: Bool = false
    ) -> ChannelFactory {
        ChannelFactory(
            logger: Logger(label: "test"),
            random: { 0 },
            loopbackOnly: loopbackOnly,
            practiceProviders: reach,
            now: { Date() }
        )
    }

    private static func channel(
        _ world: OddMailServer,
        secret: String? = OddMailServer.word,
        options: [String: String] = [:]
    ) throws -> any MessageChannel {
        try factory().channel(for: mailbox(smtp: "smtp://127.0.0.1:\(world.port)", options: options), secret: secret)
    }

    private static func mail(to recipient: String = "patient@example.org") -> OutgoingMessage {
        .mail(
            OutgoingMail(
                id: Identifier(7),
                name: "7.1@example.at",
                sender: address("anna@example.at"),
                recipient: address(recipient),
                bytes: Array("Subject: x\r\n\r\ny\r\n".utf8)
            )
        )
    }

    @Test("an e-mail is handed over under its own name, signed in as the address")
    func accepted() async throws {
        let world = try await OddMailServer()
        let channel = try Self.channel(world)
        #expect(channel.window == 2 && channel.isBound && !channel.reportsDelivery)
        let outcome = await channel.send(Self.mail())
        let reference = ProviderReference(raw: "250 2.0.0 Ok: queued as 4F2A", spellings: ["7.1@example.at"])
        #expect(outcome == .accepted(reference))
        var event = try await world.next()
        while event.event != "message" { event = try await world.next() }
        #expect(event.from == "anna@example.at" && event.to == ["patient@example.org"])
        #expect(event.body == "Subject: x\r\n\r\ny\r\n")
    }

    @Test("an internationalised domain is written in the way that every server knows")
    func domain() async throws {
        let world = try await OddMailServer(["--without", "SMTPUTF8"])
        let channel = try Self.channel(world)
        guard case .accepted = await channel.send(Self.mail(to: "patient@Müller.example")) else {
            Issue.record("not accepted")
            return
        }
        var event = try await world.next()
        while event.event != "message" { event = try await world.next() }
        #expect(event.to == ["patient@xn--mller-kva.example"])
        guard case .refused(.providerRefused, let detail) = await channel.send(Self.mail(to: "jörg@example.org")) else {
            Issue.record("not refused")
            return
        }
        #expect(detail.contains("beyond ASCII"))
    }

    @Test(
        "what goes wrong has its outcome",
        arguments: [
            ("AUTH=535 5.7.8 wrong", "accountRefused"), ("AUTH=454 4.7.0 later", "unreachable"),
            ("MAIL=550 5.7.1 not you", "accountRefused"), ("MAIL=451 4.3.0 later", "throttled"),
            ("RCPT=450 4.2.0 greylisted", "deferred"), ("RCPT=550 5.1.1 unknown", "refused bounced"),
            ("RCPT=554 5.7.1 relay denied", "refused providerRefused"), ("DATA=451 4.3.0 later", "throttled"),
            ("DOT=554 5.7.1 spam", "refused providerRefused"), ("DOT=451 4.3.0 later", "throttled"),
            ("DOT=close", "unknown"), ("DATA=close", "unreachable"), ("MAIL=421 4.7.0 busy", "throttled"),
            ("EHLO=close", "unreachable"), ("MAIL=450 Mail send limit exceeded.", "limited hour"),
        ]
    )
    func trouble(_ fault: String, _ expected: String) async throws {
        let world = try await OddMailServer(["--at", fault])
        let outcome = await (try Self.channel(world)).send(Self.mail())
        let shown =
            switch outcome {
            case .accepted: "accepted"
            case .unreachable: "unreachable"
            case .throttled: "throttled"
            case .deferred: "deferred"
            case .limited(let limit, _): "limited \(limit)"
            case .accountRefused: "accountRefused"
            case .refused(let status, _): "refused \(status)"
            case .unknown: "unknown"
            }
        #expect(shown == expected, "\(outcome)")
    }

    @Test("a trial signs in, or says why not")
    func trial() async throws {
        let world = try await OddMailServer()
        #expect(await (try Self.channel(world)).signIn() == nil)
        guard case .accountRefused(let detail) = await (try Self.channel(world, secret: "wrong")).signIn() else {
            Issue.record("signed in")
            return
        }
        #expect(detail.hasPrefix("the server refuses user and password") && detail.contains("535 5.7.8"))
    }

    @Test("no SMS goes by a mailbox, and a cancelled run says bound once and closes in good order")
    func run() async throws {
        let world = try await OddMailServer()
        let channel = try Self.channel(world)
        guard case .accepted = await channel.send(Self.mail()) else {
            Issue.record("not accepted")
            return
        }
        let events = Mutex<[ChannelEvent]>([])
        let running = Task {
            try await channel.run { event in
                events.withLock { $0.append(event) }
                return true
            }
        }
        running.cancel()
        try await running.value
        #expect(events.withLock { $0 } == [.bound])
        #expect(try await world.events(untilEndOf: 1).suffix(2).first?.line == "QUIT")
    }

    @Test("a token is asked for, kept, and one that is refused is told with what to do")
    func tokens() async throws {
        let world = try await OddMailServer()
        let http = try await TestPeer("odd_http.py")
        func secret(_ path: String) -> String {
            #"{"token_url":"\#(http.address)\#(path)","client_id":"c&1","client_secret":"s","refresh_token":"r"}"#
        }
        let channel = try Self.channel(world, secret: secret("/token"), options: ["auth": "xoauth2"])
        for _ in 1...2 { #expect(await channel.signIn() == nil) }
        let line = try #require(await http.next())
        #expect(line.contains("grant_type=refresh_token&refresh_token=r&client_id=c%261&client_secret=s"))
        let refused = try Self.channel(world, secret: secret("/token-refused"), options: ["auth": "xoauth2"])
        guard case .accountRefused(let detail) = await refused.signIn() else {
            Issue.record("signed in")
            return
        }
        #expect(detail == "no access token: HTTP 400 invalid_grant; sign the mailbox in again")
        // The token that was kept was not asked for again: the second question is the refused one's.
        #expect(try #require(await http.next()).contains("/token-refused"))
        let gone = try Self.channel(world, secret: secret("/status/503"), options: ["auth": "xoauth2"])
        guard case .unreachable = await gone.send(Self.mail()) else {
            Issue.record("sent")
            return
        }
    }

    @Test(
        "settings that make no sense are told with their field",
        arguments: [
            ("https://smtp.example.at", "", [:], "smtp"), ("smtp.example.at", "", [:], "smtp"),
            ("imaps://smtp.example.at", "", [:], "smtp"), ("smtps://a:b@smtp.example.at", "", [:], "smtp"),
            ("smtps://smtp.example.at/x", "", [:], "smtp"), ("smtps://smtp.example.at:0", "", [:], "smtp"),
            ("smtps://smtp.example.at", "smtp://x.example", [:], "imap"),
            ("smtps://smtp.example.at", "", ["ca-file": "/nowhere"], "option.ca-file"),
            ("smtps://smtp.example.at", "", ["auth": "kerberos"], "option.auth"),
            ("smtps://smtp.example.at", "", ["connections": "0"], "option.connections"),
            ("smtps://smtp.example.at", "", ["per-hour": "x"], "option.per-hour"),
            ("smtps://smtp.example.at", "", ["sent-copy": "x"], "option.sent-copy"),
            ("smtps://smtp.example.at", "", ["colour": "x"], "option.colour"),
        ] as [(String, String, [String: String], String)]
    )
    func settings(_ smtp: String, _ imap: String, _ options: [String: String], _ field: String) {
        let mailbox = Self.mailbox(smtp: smtp, imap: imap, options: options)
        let problem = #expect(throws: ProviderProblem.self) {
            try Self.factory().channel(for: mailbox, secret: "x")
        }
        #expect(problem?.field == field && problem?.advice.isEmpty == false)
    }

    @Test("secrets that make no sense are told, and none is shown")
    func secrets() throws {
        for (secret, user, auth) in [
            ("", "anna", "auto"), ("", "", "xoauth2"), ("a\nb", "", "auto"), ("{}", "", "xoauth2"),
            (#"{"token_url":"http://example.org/t","client_id":"c","refresh_token":"r"}"#, "", "xoauth2"),
        ] {
            let problem = #expect(throws: ProviderProblem.self) {
                try Self.factory().channel(for: Self.mailbox(user: user, options: ["auth": auth]), secret: secret)
            }
            #expect(problem?.field == "secret-file", "\(secret)")
        }
        let settings = try MailSettings(
            Self.mailbox(imap: "imaps://imap.example.at"),
            secret: "open sesame",
            reach: .anywhere
        )
        #expect(!String(reflecting: settings).contains("sesame") && !"\(settings)".contains("sesame"))
        #expect(settings.imap?.port == 993 && settings.smtp.port == 465)
        guard case .word(let credentials) = settings.signIn else {
            Issue.record("no credentials")
            return
        }
        #expect(credentials.user == "anna@example.at")
    }

    @Test("where servers may lie is held to, as they are written and where their names lead")
    func reach() async throws {
        let world = try await OddMailServer()
        for (loopbackOnly, smtp, imap, field) in [
            (true, "smtps://smtp.example.at", "", "smtp"),
            (true, "smtp://127.0.0.1:25", "imaps://imap.example.at", "imap"),
            (false, "smtp://127.0.0.1:25", "", "smtp"), (false, "smtps://10.0.0.1", "", "smtp"),
        ] {
            let problem = #expect(throws: ProviderProblem.self) {
                try Self.factory(.publicOnly, loopbackOnly: loopbackOnly)
                    .channel(for: Self.mailbox(smtp: smtp, imap: imap), secret: "x")
            }
            #expect(problem?.field == field)
        }
        let mailbox = Self.mailbox(smtp: "smtp://127.0.0.1:\(world.port)")
        let settings = try MailSettings(mailbox, secret: OddMailServer.word, reach: .loopbackOnly)
        let channel = MailChannel(settings, of: mailbox, logger: Logger(label: "test"), date: { Date() })
        #expect(await channel.signIn() == nil)
    }
}
