import Domain

@testable import Channels
@testable import Transfer

/// What a mail server says to a message: `<how><bytes>`, where bit 0 of the first offers PIPELINING, bit 1 breaks the
/// sending off, and the rest is the size of the pieces in which the bytes come.
public enum MailReplies {
    private static let message = SMTPMessage(
        sender: "praxis@example.at",
        recipient: "anna@example.org",
        bytes: Array(".a\r\n".utf8)
    )

    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        guard let how = octets.first else { return nil }
        var dialogue = SMTPDialogue(message, replyTime: .seconds(1), endTime: .seconds(1))
        let lines = ["250-mail.example.at", how & 1 == 1 ? "250 PIPELINING" : "250 HELP"]
        var step = dialogue.begin(MailGreeting(lines: lines, isSecure: true))
        var rest = octets.dropFirst()
        var endLeft = false
        while true {
            switch step {
            case .done(let result, _): return fault(in: result, endLeft: endLeft)
            case .sendLast: endLeft = true
            case .send, .wait, .waitAnew: break
            }
            let piece = Array(rest.prefix(Int(how >> 2) + 1))
            rest = rest.dropFirst(piece.count)
            if rest.isEmpty, how & 2 == 2 {
                let result = dialogue.brokeOff(.lost, unsent: 1, saying: piece)
                if case .accepted = result { return "taken although not all was sent" }
                if case .unknown = result { return "unclear although not all was sent" }
                return fault(in: result, endLeft: false)
            }
            guard !piece.isEmpty else { return fault(in: dialogue.ended(.lost, unsent: 0), endLeft: endLeft) }
            step = dialogue.received(piece)
        }
    }

    private static func fault(in result: SMTPResult, endLeft: Bool) -> String? {
        switch result {
        case .accepted: if !endLeft { return "taken before the final dot" }
        case .unknown: if !endLeft { return "unclear before the final dot" }
        case .notSent: if endLeft { return "not sent after the final dot" }
        case .refused(_, let reply): if reply.code < 400 || reply.text.count > 500 { return "a refusal that is none" }
        case .impossible, .noConnection, .noCredentials: return "nothing that this message has"
        }
        let detail = SendOutcome(result, name: "1@example.at").detail
        return detail.count > 200 || detail.contains("@") ? "a detail that is none" : nil
    }
}
