import Foundation
import TestPeers
import Testing

@testable import Transfer

@Suite("An SMTP client", .timeLimit(.minutes(5))) struct SMTPClientTests {
    private static func client(
        _ world: OddMailServer,
        _ change: (inout SMTPClient.Configuration) -> Void = { _ in }
    ) -> SMTPClient {
        var configuration = SMTPClient.Configuration(server: world.server())
        // A busy machine may take its time; the tests of the limits set their own.
        configuration.replyTimeout = .seconds(60)
        configuration.patience = .seconds(120)
        change(&configuration)
        return SMTPClient(configuration) { OddMailServer.credentials() }
    }

    private static func message(_ number: Int = 1) -> SMTPMessage {
        SMTPMessage(
            sender: "anna@example.at",
            recipient: "patient\(number)@example.org",
            bytes: Array("Subject: \(number)\r\n\r\n.begins with a dot\r\n".utf8)
        )
    }

    private static func code(_ result: SMTPResult) -> Int {
        switch result {
        case .accepted(let reply): reply.code
        case .refused(_, let reply): reply.code
        default: 0
        }
    }

    @Test("messages go one after the other over one connection, and arrive as they are", arguments: ["PIPELINING", ""])
    func reuse(_ extensions: String) async throws {
        let world = try await OddMailServer(["--extensions", extensions])
        let client = Self.client(world)
        for number in 1...3 { #expect(Self.code(await client.send(Self.message(number))) == 250) }
        await client.close()
        let events = try await world.events(untilEndOf: 1)
        #expect(events.count { $0.event == "connection" } == 1)
        let messages = events.filter { $0.event == "message" }
        #expect(messages.map(\.to) == (1...3).map { ["patient\($0)@example.org"] })
        #expect(messages.map(\.body) == (1...3).map { String(decoding: Self.message($0).bytes, as: UTF8.self) })
        #expect(messages.first?.options == ["SIZE=\(Self.message().bytes.count)"])
        #expect(events.suffix(2).first?.line == "QUIT")
    }

    @Test("a few connections at a time, and no more")
    func sideBySide() async throws {
        let world = try await OddMailServer()
        let client = Self.client(world)
        await withTaskGroup(of: Int.self) { group in
            for number in 1...10 { group.addTask { Self.code(await client.send(Self.message(number))) } }
            for await code in group { #expect(code == 250) }
        }
        await client.close()
        var events: [OddMailServer.Event] = []
        while events.count(where: { $0.event == "end" }) < events.count(where: { $0.event == "connection" })
            || events.isEmpty
        { events.append(try await world.next()) }
        #expect((1...2).contains(events.count { $0.event == "connection" }))
        #expect(events.count { $0.event == "message" } == 10)
    }

    @Test(
        "a refusal at each verb is told, and the next message goes over the same connection",
        arguments: [
            ("MAIL", .mail, 451), ("MAIL", .mail, 550), ("RCPT", .recipient, 450), ("RCPT", .recipient, 550),
            ("DATA", .data, 451), ("DATA", .data, 554), ("DOT", .end, 452), ("DOT", .end, 554),
        ] as [(String, SMTPVerb, Int)],
        ["PIPELINING", ""]
    )
    func refusal(_ row: (place: String, verb: SMTPVerb, code: Int), _ extensions: String) async throws {
        let world = try await OddMailServer(
            ["--extensions", extensions, "--at", "\(row.place)#1=\(row.code) \(row.code / 100).0.0 not this one"]
        )
        let client = Self.client(world)
        let result = await client.send(Self.message(1))
        let enhanced = EnhancedCode(row.code / 100, 0, 0)
        #expect(result == .refused(row.verb, SMTPReply(code: row.code, enhanced: enhanced, text: "not this one")))
        #expect(Self.code(await client.send(Self.message(2))) == 250)
        await client.close()
        let events = try await world.events(untilEndOf: 1)
        #expect(events.filter { $0.event == "message" }.map(\.to) == [["patient2@example.org"]])
    }

    @Test(
        "where a connection ends, or nothing more comes, the final dot decides",
        arguments: [
            ("MAIL=close", .notSent(.ended(.lost))), ("RCPT=close", .notSent(.ended(.lost))),
            ("RCPT=reset", .notSent(.ended(.lost))), ("DATA=close", .notSent(.ended(.lost))),
            ("MAIL=silent", .notSent(.ended(.timeOut))), ("DATA=silent", .notSent(.ended(.timeOut))),
            ("DOT=close", .unknown(.ended(.lost))), ("DOT=reset", .unknown(.ended(.lost))),
            ("DOT=silent", .unknown(.ended(.timeOut))), ("DOT=what?", .unknown(.garbage)),
            ("MAIL=what?", .notSent(.garbage)),
        ] as [(String, SMTPResult)]
    )
    func broken(_ fault: String, _ result: SMTPResult) async throws {
        let world = try await OddMailServer(["--at", fault])
        let client = Self.client(world) {
            if fault.hasSuffix("silent") { ($0.replyTimeout, $0.endTimeout) = (.seconds(1), .seconds(1)) }
        }
        #expect(await client.send(Self.message()) == result)
    }

    @Test(
        "a large message that the server stops reading was not sent",
        arguments: ["close", "reset", "552 5.3.4 too big"]
    )
    func large(_ fault: String) async throws {
        let world = try await OddMailServer(["--at", "BODY=" + fault])
        let line = String(repeating: "x", count: 998) + "\r\n"
        let large = Array(String(repeating: line, count: 20_000).utf8)
        let message = SMTPMessage(sender: "anna@example.at", recipient: "p@example.org", bytes: large)
        let client = Self.client(world) { $0.endTimeout = .seconds(2) }
        let result = await client.send(message)
        switch result {
        case .notSent(.ended(.lost)): #expect(fault != "552 5.3.4 too big")
        case .refused(.end, let reply): #expect(reply.code == 552)
        // The rest of the message is read as commands there, and answered as such.
        default: Issue.record("\(result)")
        }
    }

    @Test("a connection that was closed while nobody used it is replaced without the message noticing")
    func closedMeanwhile() async throws {
        let world = try await OddMailServer(["--idle", "5"])
        let client = Self.client(world)
        #expect(Self.code(await client.send(Self.message(1))) == 250)
        _ = try await world.events(untilEndOf: 1)
        #expect(Self.code(await client.send(Self.message(2))) == 250)
        await client.close()
    }

    @Test("one that is closed on the first word is replaced as well, once")
    func closedOnUse() async throws {
        let world = try await OddMailServer(["--at", "MAIL#2+=close"])
        let client = Self.client(world)
        #expect(Self.code(await client.send(Self.message(1))) == 250)
        #expect(await client.send(Self.message(2)) == .notSent(.ended(.lost)))
        #expect(try await world.events(untilEndOf: 2).count { $0.line?.hasPrefix("MAIL") == true } == 3)
    }

    @Test("after so many messages on a connection the server says 421, and the next one begins anew")
    func limitOfConnection() async throws {
        let world = try await OddMailServer(["--at", "MAIL#3=421 4.7.0 too many messages on this connection"])
        let client = Self.client(world)
        for number in 1...4 { #expect(Self.code(await client.send(Self.message(number))) == 250) }
        await client.close()
        let events = try await world.events(untilEndOf: 2)
        #expect(events.count { $0.event == "message" } == 4 && events.count { $0.event == "connection" } == 2)
    }

    @Test("421 on a new connection is an answer")
    func busy() async throws {
        let world = try await OddMailServer(["--at", "MAIL=421 4.3.2 busy"])
        #expect(Self.code(await Self.client(world).send(Self.message())) == 421)
    }

    @Test("a trial opens a connection, signs in and takes leave")
    func trial() async throws {
        let world = try await OddMailServer()
        try await Self.client(world).signIn()
        #expect(try await world.events(untilEndOf: 1).compactMap(\.line) == ["EHLO [127.0.0.1]", "QUIT"])
        let strict = try await OddMailServer(["--at", "AUTH=535 5.7.8 no"])
        await #expect(throws: SMTPClient.SignInProblem.self) { try await Self.client(strict).signIn() }
    }

    @Test("a message that is not sent for want of credentials says so")
    func noCredentials() async throws {
        let problem = CredentialProblem("no token", isFinal: true)
        let configuration = SMTPClient.Configuration(server: MailServer(.smtp, host: "127.0.0.1", port: 1))
        let client = SMTPClient(configuration) { () throws(CredentialProblem) in throw problem }
        #expect(await client.send(Self.message()) == .noCredentials(problem))
    }

    @Test("a cancelled task gives its message up, and knows whether the dot had left", arguments: ["DATA", "DOT"])
    func cancellation(_ place: String) async throws {
        let world = try await OddMailServer(["--at", place + "=silent"])
        let client = Self.client(world)
        let sending = Task { await client.send(Self.message()) }
        var event = try await world.next()
        while event.line != "DATA" { event = try await world.next() }
        // The dot may not have left yet where the server has only just heard of the data.
        if place == "DOT" { try await Task.sleep(for: .milliseconds(300)) }
        sending.cancel()
        #expect(await sending.value == (place == "DOT" ? .unknown(.ended(.cancelled)) : .notSent(.ended(.cancelled))))
    }
}
