import Domain
import Foundation
import TestPeers
import Testing
import Transfer

@testable import Channels

@Suite struct MailServerFinderTests {
    private static let document = """
        <clientConfig><emailProvider><incomingServer type="imap"><hostname>imap.example.at</hostname><port>993</port>
        <socketType>SSL</socketType></incomingServer><outgoingServer type="smtp"><hostname>smtp.example.at</hostname>
        <port>465</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username></outgoingServer>
        </emailProvider></clientConfig>
        """

    private static func address(_ text: String) throws -> EmailAddress {
        try EmailAddress.parse(text).get()
    }

    private static func finder(_ dns: TestPeer, places: [String] = []) -> MailServerFinder {
        var configuration = HTTPClient.Configuration()
        configuration.reach = .loopbackOnly
        return MailServerFinder(
            names: NameService(server: "127.0.0.1", port: dns.port),
            client: HTTPClient(configuration),
            places: { _ in places }
        )
    }

    private static func path(_ text: String) -> String {
        "/document/"
            + Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    @Test(arguments: [
        ("praxis@gmx.at", "smtps://mail.gmx.net", "praxis@gmx.at", MailServerCandidate.SignIn.programsOn),
        ("Praxis@WEB.de", "smtps://smtp.web.de", "Praxis", .programsOn),
        ("praxis@gmail.com", "smtps://smtp.gmail.com", "praxis@gmail.com", .appPassword),
        ("praxis@hotmail.at", "smtp://smtp-mail.outlook.com", "praxis@hotmail.at", .oauth),
    ])
    func `a vendor that is known is told without asking anybody`(
        text: String,
        smtp: String,
        user: String,
        signIn: MailServerCandidate.SignIn
    ) async throws {
        let found = try await MailServerFinder(loopbackOnly: true).candidates(for: Self.address(text))
        #expect(found.map(\.smtpURL) == [smtp])
        #expect(found.map(\.user) == [user])
        #expect(found.map(\.signIn) == [signIn])
    }

    @Test func `nobody is asked while only this machine may be reached`() async throws {
        #expect(try await MailServerFinder(loopbackOnly: true).candidates(for: Self.address("a@example.at")).isEmpty)
    }

    @Test func `a domain tells by its records, and those with TLS from the first byte on come first`() async throws {
        let dns = try await TestPeer(
            "small_dns.py",
            [
                "--srv", "_submission._tcp.example.at,0,1,587,old.example.at",
                "--srv", "_submissions._tcp.example.at,0,1,465,mail.example.at",
                "--srv", "_imap._tcp.example.at,0,1,1143,mail.example.at", "--srv", "_imaps._tcp.example.at,0,0,0,.",
            ]
        )
        let found = try await Self.finder(dns).candidates(for: Self.address("anna@example.at"))
        #expect(
            found == [
                MailServerCandidate(
                    smtpURL: "smtps://mail.example.at",
                    imapURL: "imap://mail.example.at:1143",
                    user: "anna@example.at",
                    source: .serviceRecord
                )
            ]
        )
    }

    @Test func `a domain is known by whoever takes its mail`() async throws {
        let dns = try await TestPeer(
            "small_dns.py",
            ["--mx", "example.at,10,mx1.example.net", "--mx", "example.at,20,example-at.mail.protection.outlook.com"]
        )
        let found = try #require(try await Self.finder(dns).candidates(for: Self.address("anna@example.at")).first)
        let host = "example-at.mail.protection.outlook.com"
        #expect(found.source == .mailExchanger(vendor: "Microsoft 365", host: host))
        #expect(found.signIn == .oauth && found.sentCopy == .server && found.user == "anna@example.at")
    }

    @Test func `its file is read where the first place has none`() async throws {
        let dns = try await TestPeer("small_dns.py")
        let web = try await TestPeer("odd_http.py")
        let places = ["/status/404", "/garbage", Self.path("<html>"), Self.path(Self.document)].map { web.address + $0 }
        let found = try #require(
            try await Self.finder(dns, places: places).candidates(for: Self.address("anna@example.at")).first
        )
        #expect(found.smtpURL == "smtps://smtp.example.at" && found.imapURL == "imaps://imap.example.at")
        #expect(found.user == "anna" && found.source == .autoconfig(url: places[3]))
    }

    @Test func `what is found twice is told once`() async throws {
        let dns = try await TestPeer(
            "small_dns.py",
            [
                "--srv", "_submissions._tcp.example.at,0,1,465,smtp.example.at",
                "--srv", "_imaps._tcp.example.at,0,1,993,imap.example.at",
            ]
        )
        let web = try await TestPeer("odd_http.py")
        let finder = Self.finder(dns, places: [web.address + Self.path(Self.document)])
        #expect(try await finder.candidates(for: Self.address("anna@example.at")).map(\.source) == [.serviceRecord])
    }

    @Test func `where nobody answers there is nothing`() async throws {
        let dns = try await TestPeer("small_dns.py", ["--odd", "refused"])
        #expect(try await Self.finder(dns).candidates(for: Self.address("anna@example.at")).isEmpty)
    }

    @Test func `every entry of the table makes sense`() throws {
        var seen: Set<String> = []
        for server in KnownMailServer.all {
            let smtp = try #require(MailServer(url: server.smtp))
            let imap = try #require(MailServer(url: server.imap))
            #expect(smtp.scheme.speaksSMTP && !imap.scheme.speaksSMTP && imap.scheme == .imaps)
            #expect(server.page.hasPrefix("https://"))
            #expect(!server.domains.isEmpty || !server.exchangers.isEmpty)
            for domain in server.domains + server.exchangers {
                #expect(domain == domain.lowercased() && seen.insert(domain).inserted)
            }
        }
    }
}
