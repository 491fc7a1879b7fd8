import TestPeers
import Testing

@testable import Transfer

/// Against a server that misbehaves.
@Suite struct OddIMAPTests {
    private static let start = InboxPosition(validity: 1, next: 1)
    private static let mail = Array("Message-ID: <one@example.at>\r\n\r\nHi\r\n".utf8)

    private static func client(
        _ peer: TestPeer,
        _ word: String = "b",
        _ authentication: MailCredentials.Authentication = .auto
    ) throws -> IMAPClient {
        let server = try #require(MailServer(url: "imap://127.0.0.1:\(peer.port)"))
        var configuration = IMAPClient.Configuration(server: server)
        configuration.responseTimeout = .milliseconds(700)
        return IMAPClient(configuration) { () throws(MailFailure) in
            MailCredentials(user: "a@example.at", secret: word, authentication: authentication)
        }
    }

    @Test(arguments: ["garbage", "huge", "nested", "silent", "endless", "cut"])
    func `one hostile message is passed over, and all others are read`(odd: String) async throws {
        let peer = try await TestPeer("odd_imap.py", ["--odd", odd, "--uid", "2", "--messages", "4"])
        let reading = try await Self.client(peer).readInbox(after: Self.start) { _ in true }
        #expect(reading.messages.count == 3)
        #expect(reading.passedOver == 1)
        #expect(reading.position.next == 5 && !reading.hasMore)
    }

    @Test func `a fault that does not come again costs no message`() async throws {
        let peer = try await TestPeer("odd_imap.py", ["--odd", "cut", "--times", "1", "--messages", "4"])
        let reading = try await Self.client(peer).readInbox(after: Self.start) { _ in true }
        #expect(reading.messages.count == 4 && reading.passedOver == 0)
    }

    @Test func `where no message can be read, a reading ends after a few and goes on the next time`() async throws {
        let peer = try await TestPeer("odd_imap.py", ["--odd", "garbage", "--messages", "40"])
        let reading = try await Self.client(peer).readInbox(after: Self.start) { _ in true }
        #expect(reading.passedOver == 5 && reading.hasMore && reading.position.next == 6)
    }

    @Test func `a copy whose answer was lost is found the next time and not made twice`() async throws {
        let peer = try await TestPeer("odd_imap.py", ["--odd", "dropped", "--times", "1"])
        let client = try Self.client(peer)
        await #expect(throws: IMAPFailure(.lost, .append)) { try await client.keepCopy(Self.mail, unlessThereIs: nil) }
        try await client.keepCopy(Self.mail, unlessThereIs: "one@example.at")
        var stored = 0
        var appends = 0
        // The last command of the second try is the search that found it.
        while let line = await peer.next() {
            if line.contains("stored") { stored += 1 }
            if line.contains("APPEND") { appends += 1 }
            if line.contains("UID SEARCH") { break }
        }
        #expect(stored == 1 && appends == 1)
        #expect(try await client.searchSent("one@example.at") == .found)
    }

    @Test func `a server that says nothing is given up in time`() async throws {
        let peer = try await TestPeer("odd_imap.py", ["--odd", "silent", "--messages", "1"])
        let reading = try await Self.client(peer).readInbox(after: Self.start) { _ in true }
        #expect(reading.passedOver == 1)
    }

    @Test(arguments: [MailCredentials.Authentication.auto, .login])
    func `a server that knows the command LOGIN alone is signed in to by it`(
        authentication: MailCredentials.Authentication
    ) async throws {
        let peer = try await TestPeer("odd_imap.py", ["--login", "open \\\"sesame"])
        let client = try Self.client(peer, "open \"sesame", authentication)
        try await client.keepCopy(Self.mail, unlessThereIs: nil)
        #expect(try await client.searchSent("one@example.at") == .found)
    }

    @Test func `a word that the command LOGIN does not let in is told as a wrong one`() async throws {
        let peer = try await TestPeer("odd_imap.py", ["--login", "open"])
        let failure = await #expect(throws: IMAPFailure.self) {
            try await Self.client(peer, "shut").keepCopy(Self.mail, unlessThereIs: nil)
        }
        guard case .connection(let reason) = failure?.cause else { throw failure ?? IMAPFailure(.lost, .signIn) }
        #expect(reason.cause == .authenticationRefused)
    }

    @Test func `a token is not said as a password`() async throws {
        let peer = try await TestPeer("odd_imap.py", ["--login", "token"])
        let failure = await #expect(throws: IMAPFailure.self) {
            try await Self.client(peer, "token", .xoauth2).keepCopy(Self.mail, unlessThereIs: nil)
        }
        guard case .connection(let reason) = failure?.cause else { throw failure ?? IMAPFailure(.lost, .signIn) }
        #expect(reason.cause == .authenticationMissing)
    }
}
