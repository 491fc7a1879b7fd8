import Testing

@testable import Transfer

@Suite struct IMAPCommandTests {
    private typealias Outcome = Result<IMAPCommand.Reply, IMAPCommand.Trouble>

    private static let greeting = MailGreeting(lines: [], isSecure: true)

    private static func command(_ parts: IMAPCommand.Part..., sendsAtOnce: Bool = false) -> IMAPCommand {
        IMAPCommand(tag: "V7", parts, sendsAtOnce: sendsAtOnce, patience: .seconds(5))
    }

    private static func sent(_ step: MailStep<Outcome>) -> String? {
        if case .send(let bytes, _) = step { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    private static func outcome(_ step: MailStep<Outcome>) -> (Outcome, reusable: Bool)? {
        if case .done(let outcome, let reusable) = step { (outcome, reusable) } else { nil }
    }

    @Test func `a literal waits until it is asked for`() throws {
        var command = Self.command(.text("APPEND a "), .literal([0x78, 0x79]))
        #expect(Self.sent(command.begin(Self.greeting)) == "V7 APPEND a {2}\r\n")
        #expect(Self.sent(command.received(Array("* 3 EXISTS\r\n+ go on\r\n".utf8))) == "xy\r\n")
        let done = try #require(Self.outcome(command.received(Array("V7 OK done\r\n".utf8))))
        #expect(try done.0.get().answers == [.data(number: 3, name: "EXISTS", values: [])])
        #expect(done.reusable)
    }

    @Test func `a literal goes at once where the server takes it so`() {
        var command = Self.command(.text("APPEND a "), .literal([0x78, 0x79]), sendsAtOnce: true)
        #expect(Self.sent(command.begin(Self.greeting)) == "V7 APPEND a {2+}\r\nxy\r\n")
    }

    @Test func `a refusal before the literal sends none of it`() throws {
        var command = Self.command(.text("APPEND a "), .literal([0x78]))
        _ = command.begin(Self.greeting)
        let done = try #require(Self.outcome(command.received(Array("V7 NO [OVERQUOTA] full\r\n".utf8))))
        let reply = try done.0.get()
        #expect(reply.status == .no && reply.code == ["OVERQUOTA"])
        #expect(done.reusable)
    }

    @Test(arguments: ["V6 OK another's\r\n", "+ what for\r\n", "<html>\r\n\r\n"])
    func `an answer that does not fit ends the connection`(text: String) throws {
        var command = Self.command(.text("NOOP"))
        _ = command.begin(Self.greeting)
        let done = try #require(Self.outcome(command.received(Array(text.utf8))))
        #expect(done.0 == .failure(.fault(.malformed)))
        #expect(!done.reusable)
    }

    @Test func `more than four megabytes are not taken`() throws {
        var command = Self.command(.text("NOOP"))
        _ = command.begin(Self.greeting)
        let line = Array("* OK \(String(repeating: "x", count: 1018))\r\n".utf8)
        var last: (Outcome, reusable: Bool)?
        for _ in 0..<5000 where last == nil { last = Self.outcome(command.received(line)) }
        #expect(try #require(last).0 == .failure(.fault(.tooLarge)))
    }

    @Test func `what broke off may have begun, unless it was closed before`() {
        var command = Self.command(.text("NOOP"))
        _ = command.begin(Self.greeting)
        #expect(command.ended(.lost, unsent: 0) == .failure(.ended(.lost, hasBegun: true)))
        #expect(command.ended(.closed, unsent: 6) == .failure(.ended(.closed, hasBegun: false)))
    }

    @Test(arguments: [
        ("a b", IMAPCommand.Part.text("\"a b\"")), ("a\"\\", .text("\"a\\\"\\\\\"")),
        ("a\r\nb", .literal([0x61, 0x0D, 0x0A, 0x62])), ("\u{e4}", .literal([0xC3, 0xA4])),
    ])
    func `a text is quoted where it can be`(text: String, expected: IMAPCommand.Part) {
        #expect(IMAPText.string(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("Date: Wed, 25 Nov 2026 21:41:27 +0100\r\n\r\n", "25-Nov-2026 21:41:27 +0100"),
        ("From: a\r\ndate:  5 Jan 2027 07:00:00 -0330 (x)\r\n\r\n", "05-Jan-2027 07:00:00 -0330"),
        ("Date: Wed, 25 Nov 2026 21:41 +0100\r\n\r\n", nil), ("Date: yesterday\r\n\r\n", nil),
        ("From: a\r\n\r\nDate: Wed, 25 Nov 2026 21:41:27 +0100\r\n", nil), ("", nil),
        ("Date: Wed, 25 Nov 2026 21:41:27 +01\"0\r\n\r\n", nil), ("Date: 32 Nov 2026 21:41:27 +0100\r\n\r\n", nil),
    ])
    func `a copy is dated like its message`(message: String, expected: String?) {
        #expect(IMAPText.date(of: Array(message.utf8)) == expected)
    }
}
