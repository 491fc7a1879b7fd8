import Domain
import Foundation
import Transfer

/// What one gateway has of its own: how it is asked, and what its answers mean. ``HTTPChannel`` does the rest.
///
/// No closure waits for anything or keeps anything, and none lets a text of the gateway into a detail: it may hold a
/// number.
struct GatewaySpec: Sendable {
    /// The request that hands a message over.
    let submission: @Sendable (OutgoingSMS) -> HTTPRequest

    /// What an answer to it means. Whatever cannot be read was perhaps taken.
    let outcome: @Sendable (HTTPResponse, OutgoingSMS) -> SendOutcome

    /// How one asks for what became of a message; nil where the gateway does not tell.
    var inquiry: Inquiry?

    /// How one looks for a message whose outcome is unknown; nil where the gateway cannot be asked.
    var search: Search?

    /// What a call of the gateway says.
    var events: @Sendable (StoredHook) throws(HookProblem) -> [ChannelEvent] = { (_) throws(HookProblem) in
        throw .unreadable
    }

    struct Inquiry: Sendable {
        var polling = Polling()
        /// nil where the message has no id to ask for.
        let request: @Sendable (SentMessage) -> HTTPRequest?
        /// nil where there is no news, or none that can be read.
        let news: @Sendable (HTTPResponse, SentMessage) -> DeliveryReceipt?
    }

    struct Search: Sendable {
        enum Step: Sendable {
            case end(LookUp)
            case next(HTTPRequest)
        }

        /// Pages that are read at most.
        static let longest = 5

        let request: @Sendable (SentMessage) -> HTTPRequest
        /// What a page tells; they are counted from 1.
        let step: @Sendable (HTTPResponse, SentMessage, Int) -> Step
    }
}

/// Ids of others, as they are let in.
enum GatewayID {
    /// A message's id from an answer or a receipt: a text or a whole number, visible ASCII, at most 128 characters. nil
    /// for anything else.
    static func read(_ value: JSON?) -> String? {
        switch value {
        case .string(let text): read(text)
        case .integer(let number): read(String(number))
        default: nil
        }
    }

    static func read(_ text: String?) -> String? {
        guard let text, (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        return text
    }

    /// A code of others as it may stand in a detail: letters, digits and a few signs, at most 40. What else there is may
    /// be anything.
    static func word(_ text: String?) -> String {
        guard let text, (1...40).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x5F })
        else { return "?" }
        // Seven digits and more may be somebody's number.
        return text.utf8.count(where: { (0x30...0x39).contains($0) }) > 6 ? "?" : text
    }
}

/// Our reference of an attempt at a gateway: the message's, with the attempt's number from the second on, so that what
/// comes back tells which attempt it was.
enum AttemptReference {
    static func of(_ message: OutgoingSMS) -> String {
        message.attempt > 1 ? "\(message.reference)-\(message.attempt)" : message.reference
    }

    /// Whether a reference is one of this message's attempts.
    static func matches(_ text: String?, _ reference: String) -> Bool {
        guard let text else { return false }
        return text == reference || read(text).map { $0.message.description == reference } ?? false
    }

    static func read(_ text: String) -> (message: Message.ID, attempt: Int)? {
        let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let message = halves.first.flatMap({ Message.ID($0) }) else { return nil }
        if halves.count == 1 { return (message, 1) }
        guard let attempt = Int(halves[1]), attempt > 1, String(attempt) == halves[1] else { return nil }
        return (message, attempt)
    }
}
