import Foundation
import TestPeers
import Testing

@testable import Transfer

extension OddMailServer {
    func server(
        _ scheme: MailServer.Scheme = .smtp,
        host: String = "127.0.0.1",
        authority: String? = nil
    ) -> MailServer {
        var server = MailServer(scheme, host: host, port: port)
        // A busy machine may take its time; the tests of the limits set their own.
        server.connectTimeout = .seconds(60)
        server.signInTimeout = .seconds(60)
        server.certificates = authority.flatMap { certificate($0) }
        return server
    }

    static func credentials(
        _ authentication: MailCredentials.Authentication = .auto,
        secret: String = word
    ) -> MailCredentials {
        MailCredentials(user: user, secret: secret, authentication: authentication)
    }
}

@Suite("A connection to a mail server", .timeLimit(.minutes(5))) struct MailConnectionTests {
    private static func failure(_ server: MailServer, _ credentials: MailCredentials? = nil) async -> MailFailure? {
        do throws(MailFailure) {
            let connection = MailConnection(server)
            try await connection.open(credentials)
            await connection.close()
            return nil
        } catch { return error }
    }

    @Test(
        "it signs in as the server and the account want it",
        arguments: [
            ("PLAIN,LOGIN", .auto, "PLAIN"), ("LOGIN", .auto, "LOGIN"), ("PLAIN,LOGIN", .login, "LOGIN"),
            ("PLAIN", .plain, "PLAIN"),
        ] as [(String, MailCredentials.Authentication, String)]
    )
    func signIn(_ offered: String, _ wanted: MailCredentials.Authentication, _ by: String) async throws {
        let world = try await OddMailServer(["--auth", offered])
        #expect(await Self.failure(world.server(), OddMailServer.credentials(wanted)) == nil)
        let events = try await world.events(untilEndOf: 1)
        #expect(events.compactMap(\.by) == [by])
        #expect(events.compactMap(\.line) == ["EHLO [127.0.0.1]", "QUIT"])
    }

    @Test("a token signs in, and a bad one is refused")
    func token() async throws {
        let world = try await OddMailServer()
        #expect(await Self.failure(world.server(), OddMailServer.credentials(.xoauth2, secret: "good-token")) == nil)
        let failure = await Self.failure(world.server(), OddMailServer.credentials(.xoauth2, secret: "bad-token"))
        #expect(
            failure?.cause == .authenticationRefused && failure?.stage == .signIn,
            "\(String(describing: failure?.cause)) \(failure?.line ?? "")"
        )
    }

    @Test(
        "why nobody is signed in is told apart",
        arguments: [
            (["--at", "AUTH=454 4.7.0 later"], .auto, .authenticationTemporary),
            (["--at", "AUTH=535 5.7.8 no"], .auto, .authenticationRefused),
            (["--at", "AUTH=421 4.7.0 bye"], .auto, .authenticationTemporary),
            (["--auth", "LOGIN"], .plain, .authenticationMissing), (["--auth", ""], .auto, .authenticationMissing),
            (["--at", "AUTH=close"], .auto, .connectionLost),
        ] as [([String], MailCredentials.Authentication, MailFailure.Cause)]
    )
    func refused(_ arguments: [String], _ wanted: MailCredentials.Authentication, _ cause: MailFailure.Cause)
        async throws
    {
        let world = try await OddMailServer(arguments)
        let failure = await Self.failure(world.server(), OddMailServer.credentials(wanted))
        #expect(failure?.cause == cause, "\(String(describing: failure)) \(failure?.line ?? "")")
    }

    @Test("a wrong password is refused, and its words are kept for the history")
    func wrongPassword() async throws {
        let world = try await OddMailServer()
        let failure = try #require(await Self.failure(world.server(), OddMailServer.credentials(secret: "closed")))
        #expect(
            failure.cause == .authenticationRefused && failure.line == "535 5.7.8 Authentication credentials invalid"
        )
        #expect("\(failure) \(String(reflecting: failure))".contains("5.7.8") == false)
    }

    @Test(
        "a certificate is judged: in time, for this name, by somebody trusted",
        arguments: [
            ("good", "ca", "127.0.0.1", nil), ("expired", "ca", "127.0.0.1", .certificateExpired),
            ("future", "ca", "127.0.0.1", .certificateNotYetValid),
            ("othername", "ca", "127.0.0.1", .certificateForAnotherName),
            ("othername", "ca", "localhost", .certificateForAnotherName),
            ("good", "other-ca", "127.0.0.1", .certificateUntrusted), ("good", nil, "127.0.0.1", .certificateUntrusted),
            ("good", "nothing", "127.0.0.1", .authoritiesUnreadable),
        ] as [(String, String?, String, MailFailure.Cause?)],
        [MailServer.Scheme.smtps, .smtp]
    )
    func certificates(
        _ row: (name: String, authority: String?, host: String, cause: MailFailure.Cause?),
        _ scheme: MailServer.Scheme
    ) async throws {
        let world = try await OddMailServer(["--certificate", row.name] + (scheme == .smtps ? ["--tls"] : []))
        let server = world.server(scheme, host: row.host, authority: row.authority)
        let failure = await Self.failure(server, OddMailServer.credentials())
        // Where TLS may be left out, a certificate is looked at only where one is expected.
        #expect(
            failure?.cause == (scheme == .smtp && row.authority == nil ? nil : row.cause),
            "\(String(describing: failure))"
        )
    }

    @Test("TLS is used where it is offered, and known to the dialogue")
    func isSecure() async throws {
        let secure = try await OddMailServer(["--certificate", "good"])
        let first = MailConnection(secure.server(authority: "ca"))
        #expect(try await first.open(OddMailServer.credentials()).isSecure)
        let plain = try await OddMailServer()
        let second = MailConnection(plain.server())
        let greeting = try await second.open(nil)
        #expect(!greeting.isSecure && greeting.lines.contains("250-PIPELINING"))
        #expect(greeting.lines.first?.hasPrefix("220") == true)
    }

    @Test(
        "elsewhere STARTTLS is demanded, and its certificate checked, before anybody signs in",
        arguments: [
            ([], nil, .startTLSMissing), (["--certificate", "good", "--without", "STARTTLS"], "ca", .startTLSMissing),
            (["--certificate", "good", "--at", "STARTTLS=454 4.7.0 not now"], "ca", .startTLSMissing),
            (["--certificate", "good"], nil, .certificateUntrusted),
            (["--certificate", "expired"], "ca", .certificateExpired),
            (["--certificate", "good"], "ca", .certificateForAnotherName),
        ] as [([String], String?, MailFailure.Cause)]
    )
    func demanded(_ arguments: [String], _ authority: String?, _ cause: MailFailure.Cause) async throws {
        let world = try await OddMailServer(arguments)
        // Leads to this machine, without being one of its addresses.
        let server = world.server(host: "0.0.0.0", authority: authority)
        let failure = await Self.failure(server, OddMailServer.credentials())
        #expect(failure?.cause == cause, "\(String(describing: failure?.cause))")
        #expect(try await world.events(untilEndOf: 1).allSatisfy { $0.event != "signed-in" })
    }

    @Test("an address out of reach gets no connection")
    func outOfReach() async throws {
        let world = try await OddMailServer()
        var server = world.server()
        server.reach = .publicOnly
        #expect(await Self.failure(server, OddMailServer.credentials())?.cause == .refusedAddress)
        server = world.server(host: "0.0.0.0")
        server.reach = .loopbackOnly
        #expect(await Self.failure(server, OddMailServer.credentials())?.cause == .refusedAddress)
    }

    @Test(
        "a server that is none, or says nothing, is told apart",
        arguments: [
            (["--at", "EHLO=silent"], .timeOut, .greeting), (["--at", "AUTH=silent"], .timeOut, .signIn),
            (["--certificate", "good", "--tls"], .timeOut, .greeting),
            (["--at", "EHLO=close"], .connectionLost, .greeting),
        ] as [([String], MailFailure.Cause, MailFailure.Stage)]
    )
    func silence(_ arguments: [String], _ cause: MailFailure.Cause, _ stage: MailFailure.Stage) async throws {
        let world = try await OddMailServer(arguments)
        var server = world.server()
        if cause == .timeOut { (server.connectTimeout, server.signInTimeout) = (.seconds(1), .seconds(1)) }
        let failure = await Self.failure(server, OddMailServer.credentials())
        #expect(
            failure?.cause == cause && failure?.stage == stage,
            "\(String(describing: failure)) \(String(describing: failure?.stage))"
        )
    }

    @Test("a port where nobody listens, a name that leads nowhere")
    func nobody() async {
        #expect(await Self.failure(MailServer(.smtp, host: "127.0.0.1", port: 1))?.cause == .connect)
        let nowhere = await Self.failure(MailServer(.smtps, host: "no-such-name.invalid"))
        #expect(nowhere?.cause == .name && nowhere?.stage == .name)
    }

    @Test("a cancelled task gives up while it connects, and a connection opens once only")
    func cancellation() async throws {
        let world = try await OddMailServer(["--at", "EHLO#1=silent"])
        let server = world.server()
        let opening = Task { await Self.failure(server) }
        var event = try await world.next()
        while event.line == nil { event = try await world.next() }
        opening.cancel()
        #expect(await opening.value?.cause == .cancelled)
        let connection = MailConnection(server)
        try await connection.open(nil)
        await #expect(throws: MailFailure.self) { try await connection.open(nil) }
        await connection.close()
        let late = await connection.perform(
            SMTPDialogue(Conversation.message, replyTime: .seconds(1), endTime: .seconds(1))
        )
        #expect(late == .notSent(.ended(.closed)) && !connection.isUsable)
    }
}
