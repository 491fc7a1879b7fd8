/// Hands one message over, on a connection on which we are signed in (RFC 5321 §3.3).
///
/// It knows whether the final dot has left. Before that the message is surely not sent, whatever happens; after it, only
/// the server's reply tells.
public struct SMTPDialogue: MailDialogue {
    private enum State: Sendable {
        /// Awaits the replies to these, the first one's first.
        case asking([SMTPVerb])
        /// All of the message was given to be sent.
        case awaitingEnd
        /// The message is given up; the replies to so many commands are awaited, and whether one of them wants data.
        case givingUp(SMTPResult, replies: Int)
        /// The empty data, or RSET, is answered next.
        case clearing(SMTPResult, isReset: Bool)
    }

    private let message: SMTPMessage
    private let replyTime: Duration
    private let endTime: Duration
    private var extensions = SMTPExtensions([])
    private var reader = SMTPReplyReader()
    private var state = State.asking([])
    private var wantsEmptyData = false

    /// - Parameters:
    ///   - replyTime: for each answer before the final dot.
    ///   - endTime: for the answer to it.
    public init(_ message: SMTPMessage, replyTime: Duration, endTime: Duration) {
        self.message = message
        self.replyTime = replyTime
        self.endTime = endTime
    }

    public mutating func begin(_ greeting: MailGreeting) -> MailStep<SMTPResult> {
        extensions = SMTPExtensions(greeting.lines)
        if let obstacle { return .done(.impossible(obstacle), reusable: true) }
        let verbs: [SMTPVerb] = extensions.pipelining ? [.mail, .recipient, .data] : [.mail]
        return ask(verbs)
    }

    private var obstacle: SMTPObstacle? {
        if !message.isSound { return .unsound }
        if message.needsUnicode, !extensions.unicode { return .unicodeAddress }
        if message.needsEightBit, !extensions.eightBit { return .eightBit }
        if let largest = extensions.largest, message.bytes.count > largest { return .tooLarge(limit: largest) }
        return nil
    }

    private mutating func ask(_ verbs: [SMTPVerb]) -> MailStep<SMTPResult> {
        state = .asking(verbs)
        return .send(Array(verbs.map { command($0) }.joined().utf8), within: replyTime)
    }

    private func command(_ verb: SMTPVerb) -> String {
        switch verb {
        case .mail:
            "MAIL FROM:<\(message.sender)>" + (extensions.size ? " SIZE=\(message.bytes.count)" : "")
                + (message.needsEightBit ? " BODY=8BITMIME" : "") + (message.needsUnicode ? " SMTPUTF8" : "") + "\r\n"
        case .recipient: "RCPT TO:<\(message.recipient)>\r\n"
        case .data: "DATA\r\n"
        case .end: ""
        }
    }

    public mutating func received(_ bytes: [UInt8]) -> MailStep<SMTPResult> {
        reader.add(bytes)
        while true {
            switch reader.next() {
            case .part: return .wait
            case .garbage: return .done(outcome(.garbage, isEndSent: isEndSent), reusable: false)
            case .reply(let reply):
                if let step = take(reply) { return step }
            }
        }
    }

    /// nil where it awaits another reply, which may have come already.
    private mutating func take(_ reply: SMTPReply) -> MailStep<SMTPResult>? {
        switch state {
        case .asking(let verbs): return take(reply, of: verbs)
        case .awaitingEnd:
            if reply.isPositive { return .done(.accepted(reply), reusable: reader.isEmpty) }
            if reply.code < 400 { return .done(.unknown(.garbage), reusable: false) }
            return .done(.refused(.end, reply), reusable: !reply.closes && reader.isEmpty)
        case .givingUp(let result, let replies):
            if reply.closes { return .done(result, reusable: false) }
            if reply.code == 354 { wantsEmptyData = true }
            state = .givingUp(result, replies: replies - 1)
            return replies > 1 ? nil : clear(result)
        case .clearing(let result, let isReset):
            if reply.closes { return .done(result, reusable: false) }
            return isReset ? .done(result, reusable: reply.isPositive && reader.isEmpty) : reset(result)
        }
    }

    private mutating func take(_ reply: SMTPReply, of verbs: [SMTPVerb]) -> MailStep<SMTPResult>? {
        guard let verb = verbs.first else { return .done(.notSent(.garbage), reusable: false) }
        let isFitting = verb == .data ? reply.code == 354 : reply.isPositive
        guard isFitting else {
            guard reply.code >= 400 else { return .done(.notSent(.garbage), reusable: false) }
            let result = SMTPResult.refused(verb, reply)
            if reply.closes { return .done(result, reusable: false) }
            state = .givingUp(result, replies: verbs.count - 1)
            return verbs.count > 1 ? nil : clear(result)
        }
        let rest = Array(verbs.dropFirst())
        state = .asking(rest)
        if !rest.isEmpty { return nil }
        switch verb {
        case .mail: return ask([.recipient])
        case .recipient: return ask([.data])
        case .data, .end:
            // Whoever says more than was asked has lost its place.
            guard reader.isEmpty else { return .done(.notSent(.garbage), reusable: false) }
            state = .awaitingEnd
            return .sendLast(message.stuffed, within: endTime)
        }
    }

    /// Leaves the connection as it was before. Where the server awaits data although it refused the recipient, it gets
    /// none (RFC 2920 §3.1).
    private mutating func clear(_ result: SMTPResult) -> MailStep<SMTPResult> {
        guard wantsEmptyData else { return reset(result) }
        state = .clearing(result, isReset: false)
        return .send(Array(".\r\n".utf8), within: replyTime)
    }

    private mutating func reset(_ result: SMTPResult) -> MailStep<SMTPResult> {
        state = .clearing(result, isReset: true)
        return .send(Array("RSET\r\n".utf8), within: replyTime)
    }

    public mutating func ended(_ end: MailEnd, unsent: Int) -> SMTPResult {
        // The final dot's line is the last that is sent: as long as any byte of it is here, the server has no message.
        outcome(.ended(end), isEndSent: isEndSent && unsent == 0)
    }

    public mutating func brokeOff(_ end: MailEnd, unsent: Int, saying bytes: [UInt8]) -> SMTPResult {
        reader.add(bytes)
        // Only a refusal counts: nobody can have taken what was not sent.
        while case .reply(let reply) = reader.next() {
            switch state {
            case .asking(let verbs):
                if reply.code >= 400, let verb = verbs.first { return .refused(verb, reply) }
                state = .asking(Array(verbs.dropFirst()))
            case .awaitingEnd: if reply.code >= 400 { return .refused(.end, reply) }
            case .givingUp, .clearing: break
            }
        }
        return ended(end, unsent: unsent)
    }

    private var isEndSent: Bool {
        if case .awaitingEnd = state { true } else { false }
    }

    private func outcome(_ trouble: SMTPTrouble, isEndSent: Bool) -> SMTPResult {
        switch state {
        case .givingUp(let result, _), .clearing(let result, _): result
        case .asking, .awaitingEnd: isEndSent ? .unknown(trouble) : .notSent(trouble)
        }
    }
}
