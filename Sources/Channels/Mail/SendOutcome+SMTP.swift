import Domain
import Transfer

extension SendOutcome {
    /// - Parameter name: the message's own, under which the server's acceptance is kept.
    init(_ result: SMTPResult, name: String) {
        switch result {
        case .accepted(let reply):
            let words = ServerWords.shown(reply)
            self = .accepted(ProviderReference(raw: words, spellings: [name]))
        case .refused(let verb, let reply): self = Self.refused(reply, verb)
        case .notSent(let trouble): self = .unreachable(detail: trouble.words + " before the message had left")
        case .unknown(let trouble): self = .unknown(detail: trouble.words + " after the message had left")
        case .impossible(let obstacle): self = Self.impossible(obstacle)
        case .noConnection(let failure): self = Self.noConnection(failure)
        case .noCredentials(let problem): self = Self.noCredentials(problem)
        }
    }

    private static func refused(_ reply: SMTPReply, _ verb: SMTPVerb) -> SendOutcome {
        let detail = ServerWords.shown(reply)
        return switch SMTPOutcomeTable.meaning(reply, of: verb) {
        case .throttled: .throttled(detail: detail)
        case .deferred: .deferred(detail: detail)
        case .limited(let limit): .limited(limit, detail: detail)
        case .account: .accountRefused(detail: detail)
        case .address: .refused(.bounced, detail: detail)
        case .message: .refused(.providerRefused, detail: detail)
        }
    }

    private static func impossible(_ obstacle: SMTPObstacle) -> SendOutcome {
        switch obstacle {
        case .unicodeAddress:
            .refused(.providerRefused, detail: "the mailbox's server takes no addresses with letters beyond ASCII")
        case .eightBit: .refused(.providerRefused, detail: "the mailbox's server takes no octets beyond ASCII")
        case .tooLarge(let limit):
            .refused(.providerRefused, detail: "larger than the \(limit) octets that the mailbox's server takes")
        case .unsound: .refused(.providerError, detail: "an address or a line end that cannot be sent")
        }
    }

    /// There is no connection on which we are signed in.
    static func noConnection(_ failure: MailFailure) -> SendOutcome {
        let detail = ServerWords.with(failure.line, behind: failure.description)
        return switch failure.cause {
        case .authenticationRefused, .authenticationMissing, .invalid, .authoritiesUnreadable:
            .accountRefused(detail: detail)
        default: .unreachable(detail: detail)
        }
    }

    static func noCredentials(_ problem: CredentialProblem) -> SendOutcome {
        let detail = ServerWords.with("", behind: problem.description)
        return problem.isFinal ? .accountRefused(detail: detail) : .unreachable(detail: detail)
    }
}

extension SMTPTrouble {
    fileprivate var words: String {
        switch self {
        case .ended(.timeOut): "no answer in time"
        case .ended(.lost), .ended(.closed): "connection lost"
        case .ended(.cancelled): "stopped"
        case .garbage: "an answer that cannot be read"
        }
    }
}

/// A server's words as they may be kept: short, and without addresses.
enum ServerWords {
    static let longest = 200

    /// Code, enhanced code and words.
    static func shown(_ reply: SMTPReply) -> String {
        let enhanced = reply.enhanced.map { " \($0)" } ?? ""
        return cut("\(reply.code)\(enhanced) \(masked(reply.text))")
    }

    /// A sentence of ours, and what the server said.
    static func with(_ line: String, behind sentence: String) -> String {
        cut(line.isEmpty ? sentence : "\(sentence) (\(masked(line)))")
    }

    /// Each word with an at sign, spelled as one or percent-encoded, is replaced.
    static func masked(_ text: String) -> String {
        var masked = ""
        var word = ""
        for character in text + " " {
            if character.isWhitespace || "<>()[]\"',;".contains(character) {
                masked += word.contains("@") || word.lowercased().contains("%40") ? "(address)" : word
                masked.append(character.isWhitespace ? " " : character)
                word = ""
            } else {
                word.append(character)
            }
        }
        return masked.split(separator: " ").joined(separator: " ")
    }

    private static func cut(_ text: String) -> String {
        let trimmed = text.split(separator: " ").joined(separator: " ")
        return trimmed.count > longest ? String(trimmed.prefix(longest - 1)) + "…" : trimmed
    }
}
