import Testing

@testable import Transfer

/// A conversation with a server that says what it was told to, whatever it hears.
struct Conversation {
    static let all = ["220 mail.example.at", "250-mail.example.at", "250-PIPELINING", "250-SIZE 1000", "250-8BITMIME"]
    static let message = SMTPMessage(
        sender: "praxis@example.at",
        recipient: "anna@example.org",
        bytes: Array("Subject: x\r\n\r\n.a\r\n".utf8)
    )

    var message = Self.message
    /// What is offered.
    var greeting = all + ["250 SMTPUTF8", "235 2.7.0 in"]
    /// Bytes that come at once.
    var cut = 1000

    struct Course {
        var said: [String] = []
        var result: SMTPResult?
        var isReusable = false
    }

    /// - Parameter answers: to what the client says, one each; nil where the connection breaks instead.
    func course(_ answers: [String?], end: MailEnd = .lost, unsent: Int = 0) -> Course {
        var dialogue = SMTPDialogue(message, replyTime: .seconds(1), endTime: .seconds(2))
        var course = Course()
        var step = dialogue.begin(MailGreeting(lines: greeting, isSecure: true))
        var coming: [[UInt8]] = []
        var answers = answers[...]
        while true {
            switch step {
            case .done(let result, let isReusable):
                (course.result, course.isReusable) = (result, isReusable)
                return course
            case .send(let bytes, _), .sendLast(let bytes, _):
                course.said.append(String(decoding: bytes, as: UTF8.self))
                guard let answer = answers.popFirst() ?? nil else {
                    course.result = dialogue.ended(end, unsent: unsent)
                    return course
                }
                let all = Array(answer.utf8)
                coming += stride(from: 0, to: all.count, by: cut).map { Array(all[$0..<min($0 + cut, all.count)]) }
            case .wait, .waitAnew: break
            }
            guard !coming.isEmpty else {
                course.result = dialogue.ended(end, unsent: unsent)
                return course
            }
            step = dialogue.received(coming.removeFirst())
        }
    }
}

@Suite("An SMTP dialogue") struct SMTPDialogueTests {
    private static let three = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on\r\n"

    @Test("with PIPELINING the envelope is one flight, and the dot another", arguments: [1, 2, 3, 7, 1000])
    func pipelined(_ cut: Int) {
        var conversation = Conversation()
        conversation.cut = cut
        let course = conversation.course([Self.three, "250-2.0.0 all\r\n250 2.0.0 Ok: queued as 4F\r\n"])
        #expect(
            course.said == [
                "MAIL FROM:<praxis@example.at> SIZE=18\r\nRCPT TO:<anna@example.org>\r\nDATA\r\n",
                "Subject: x\r\n\r\n..a\r\n.\r\n",
            ]
        )
        let reply = SMTPReply(code: 250, enhanced: EnhancedCode(2, 0, 0), text: "all Ok: queued as 4F")
        #expect(course.result == .accepted(reply) && course.isReusable)
    }

    @Test("without it each command waits for its reply", arguments: [1, 5, 1000])
    func plain(_ cut: Int) {
        var conversation = Conversation()
        conversation.greeting = ["220 x", "250 x"]
        conversation.cut = cut
        let course = conversation.course(["250 ok\r\n", "251 ok\r\n", "354 go\r\n", "250\r\n"])
        #expect(
            course.said.dropLast() == [
                "MAIL FROM:<praxis@example.at>\r\n", "RCPT TO:<anna@example.org>\r\n", "DATA\r\n",
            ]
        )
        #expect(course.result == .accepted(SMTPReply(code: 250)) && course.isReusable)
    }

    struct Refusal {
        let answers: [String]
        let verb: SMTPVerb
        let code: Int
        let last: String
        var isReusable = true
        var isPipelined = true
    }

    static let refusals: [Refusal] = [
        Refusal(
            answers: ["550 5.1.0 no\r\n503 x\r\n503 x\r\n", "250 ok\r\n"],
            verb: .mail,
            code: 550,
            last: "RSET\r\n"
        ),
        Refusal(
            answers: ["250 a\r\n550 5.1.1 no\r\n503 x\r\n", "250 ok\r\n"],
            verb: .recipient,
            code: 550,
            last: "RSET\r\n"
        ),
        // The server wants data although nobody would get it.
        Refusal(
            answers: ["250 a\r\n450 4.2.0 later\r\n354 go\r\n", "554 none\r\n", "250 ok\r\n"],
            verb: .recipient,
            code: 450,
            last: "RSET\r\n"
        ),
        Refusal(
            answers: ["250 a\r\n250 b\r\n451 4.3.0 no\r\n", "250 ok\r\n"],
            verb: .data,
            code: 451,
            last: "RSET\r\n"
        ),
        Refusal(
            answers: ["250 a\r\n", "550 no\r\n", "250 ok\r\n"],
            verb: .recipient,
            code: 550,
            last: "RSET\r\n",
            isPipelined: false
        ),
        Refusal(
            answers: ["250 a\r\n250 b\r\n354 go\r\n", "554 5.7.1 spam\r\n"],
            verb: .end,
            code: 554,
            last: "Subject: x\r\n\r\n..a\r\n.\r\n"
        ),
        Refusal(answers: ["421 4.7.0 too many\r\n"], verb: .mail, code: 421, last: "", isReusable: false),
        Refusal(answers: ["250 a\r\n421 bye\r\n"], verb: .recipient, code: 421, last: "", isReusable: false),
        Refusal(answers: ["250 a\r\n550 no\r\n421 bye\r\n"], verb: .recipient, code: 550, last: "", isReusable: false),
        Refusal(
            answers: ["250 a\r\n250 b\r\n354 go\r\n", "421 bye\r\n"],
            verb: .end,
            code: 421,
            last: "Subject: x\r\n\r\n..a\r\n.\r\n",
            isReusable: false
        ),
        Refusal(
            answers: ["250 a\r\n550 no\r\n503 x\r\n", "500 what\r\n"],
            verb: .recipient,
            code: 550,
            last: "RSET\r\n",
            isReusable: false
        ),
    ]

    @Test(
        "a refusal is told with its verb, and the connection is cleared for the next",
        arguments: refusals.indices,
        [1, 1000]
    )
    func refused(_ row: Int, _ cut: Int) {
        let refusal = Self.refusals[row]
        var conversation = Conversation()
        conversation.cut = cut
        if !refusal.isPipelined { conversation.greeting = ["250 x"] }
        let course = conversation.course(refusal.answers)
        guard case .refused(let verb, let reply) = course.result else {
            Issue.record("\(String(describing: course.result))")
            return
        }
        #expect(verb == refusal.verb && reply.code == refusal.code && course.isReusable == refusal.isReusable)
        #expect(refusal.last.isEmpty || course.said.last == refusal.last)
    }

    @Test(
        "until the final dot has left nothing was sent, and after it nobody knows",
        arguments: [
            ([nil], 50, .notSent(.ended(.lost))), ([nil], 0, .notSent(.ended(.lost))),
            (["250 a\r\n250 b\r\n"], 0, .notSent(.ended(.lost))),
            ([three, nil], 1, .notSent(.ended(.lost))), ([three, nil], 0, .unknown(.ended(.lost))),
            ([three, "25"], 0, .unknown(.ended(.lost))), ([three, "250-a\r\n"], 0, .unknown(.ended(.lost))),
            ([three, "hello\r\n"], 0, .unknown(.garbage)), ([three, "354 more\r\n"], 0, .unknown(.garbage)),
            (["what\r\n"], 0, .notSent(.garbage)), (["\0\0\0\r\n"], 0, .notSent(.garbage)),
            (["250 a\r\n250 b\r\n250 c\r\n"], 0, .notSent(.garbage)), (["354 go\r\n"], 0, .notSent(.garbage)),
            ([three + "250 taken already\r\n"], 0, .notSent(.garbage)),
            ([String(repeating: "2", count: 5000)], 0, .notSent(.garbage)),
            ([String(repeating: "250-x\r\n", count: 200)], 0, .notSent(.garbage)),
            (
                ["250 a\r\n550 5.1.1 no\r\n503 x\r\n", nil], 0,
                .refused(.recipient, SMTPReply(code: 550, enhanced: EnhancedCode(5, 1, 1), text: "no"))
            ),
        ] as [([String?], Int, SMTPResult)]
    )
    func broken(_ answers: [String?], _ unsent: Int, _ result: SMTPResult) {
        let course = Conversation().course(answers, unsent: unsent)
        #expect(course.result == result && !course.isReusable)
    }

    @Test("what a server says while it is spoken to counts where it refuses, and never where it takes")
    func brokeOff() {
        func result(_ words: String) -> SMTPResult {
            var dialogue = SMTPDialogue(Conversation.message, replyTime: .seconds(1), endTime: .seconds(1))
            _ = dialogue.begin(MailGreeting(lines: Conversation().greeting, isSecure: true))
            _ = dialogue.received(Array(Self.three.utf8))
            return dialogue.brokeOff(.lost, unsent: 4, saying: Array(words.utf8))
        }
        #expect(
            result("552 5.3.4 too big\r\n")
                == .refused(.end, SMTPReply(code: 552, enhanced: EnhancedCode(5, 3, 4), text: "too big"))
        )
        #expect(result("250 taken\r\n") == .notSent(.ended(.lost)))
        #expect(result("4") == .notSent(.ended(.lost)))
    }

    @Test("addresses and messages that this server cannot take are refused before a word is said")
    func obstacles() {
        func result(_ message: SMTPMessage, without: String = "nothing") -> SMTPResult? {
            var conversation = Conversation()
            conversation.message = message
            conversation.greeting.removeAll { $0.contains(without) }
            let course = conversation.course([nil])
            return course.said.isEmpty ? course.result : nil
        }
        func message(to recipient: String = "a@example.org", _ text: String = "x\r\n") -> SMTPMessage {
            SMTPMessage(sender: "p@example.at", recipient: recipient, bytes: Array(text.utf8))
        }
        #expect(result(message(to: "jörg@example.org"), without: "SMTPUTF8") == .impossible(.unicodeAddress))
        #expect(result(message(to: "jörg@example.org")) == nil)
        #expect(result(message("ü\r\n"), without: "8BITMIME") == .impossible(.eightBit))
        #expect(result(message(String(repeating: "x\r\n", count: 400))) == .impossible(.tooLarge(limit: 1000)))
        for text in ["", "a\nb\r\n", "a\rb\r\n", "a\r", "\n"] {
            #expect(result(message(text)) == .impossible(.unsound))
        }
        for address in ["", "a b@example.org", "a@x>\r\nRCPT TO:<b@x", "a\u{0}@x", "<a@x>"] {
            #expect(result(message(to: address)) == .impossible(.unsound))
        }
    }

    @Test("what the message needs is said with MAIL")
    func parameters() {
        var conversation = Conversation()
        conversation.message = SMTPMessage(
            sender: "p@example.at",
            recipient: "jörg@example.org",
            bytes: Array("ü".utf8)
        )
        let course = conversation.course([Self.three, "250 ok\r\n"])
        #expect(course.said.first?.hasPrefix("MAIL FROM:<p@example.at> SIZE=2 BODY=8BITMIME SMTPUTF8\r\n") == true)
        #expect(course.said.last == "ü\r\n.\r\n")
    }

    @Test(
        "dots that begin a line are doubled, and no others",
        arguments: [
            ("a.b\r\n", "a.b\r\n.\r\n"), (".", "..\r\n.\r\n"), ("a\r\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"),
            ("\r\n..\r\n", "\r\n...\r\n.\r\n"),
        ]
    )
    func stuffing(_ text: String, _ line: String) {
        let message = SMTPMessage(sender: "a@b.c", recipient: "d@e.f", bytes: Array(text.utf8))
        #expect(String(decoding: message.stuffed, as: UTF8.self) == line)
    }

    @Test("a reply's words come without codes and control characters, and not without end")
    func words() {
        let reply = SMTPReply(line: "550 5.7.1 Not\t\u{0}today \u{7F}x")
        #expect(reply?.text == "Not today x" && reply?.enhanced == EnhancedCode(5, 7, 1))
        #expect(SMTPReply(line: "550 " + String(repeating: "x", count: 3000))?.text.count == 500)
        // A code of another class is no code.
        #expect(SMTPReply(line: "550 2.1.0 x")?.enhanced == nil)
        for line in ["", "55", "5500 x", "abc x", "550x", "199 x", "600 x", "250-x"] {
            #expect(SMTPReply(line: line) == nil)
        }
        #expect("\(SMTPReply(code: 550, text: "anna@example.org"))" == "550")
    }
}
