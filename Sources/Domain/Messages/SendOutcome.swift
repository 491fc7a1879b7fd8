/// What became of one attempt to hand a message over. The three classes decide what may happen next:
/// surely not sent may be tried again, surely refused is final, unknown is never sent again at once.
public enum SendOutcome: Hashable, Sendable {
    /// The provider took it, under this id of its own; with what the whole message costs, where the answer tells.
    case accepted(ProviderReference, price: Price? = nil)
    /// Surely not sent, and trying again can help: no connection.
    case unreachable(detail: String)
    /// Surely not sent, because the provider takes no more at present: tried again, and more slowly.
    case throttled(detail: String)
    /// Surely not sent, and this message alone is concerned: tried again later.
    case deferred(detail: String)
    /// Surely not sent, because the account has sent as many as it may for now: all of it waits.
    case limited(SendingLimit, detail: String)
    /// Surely not sent, because the provider refuses our account: tried again, and the operator is warned.
    case accountRefused(detail: String)
    /// The provider answered with a failure of its own or refused this very message: final.
    case refused(MessageStatus, detail: String)
    /// Bytes left and no answer came back.
    case unknown(detail: String)

    /// The provider's words and codes; empty for what was accepted.
    public var detail: String {
        switch self {
        case .accepted: ""
        case .unreachable(let detail), .throttled(let detail), .deferred(let detail), .limited(_, let detail),
            .accountRefused(let detail), .refused(_, let detail), .unknown(let detail):
            detail
        }
    }
}

/// In which time an account may send only so many.
public enum SendingLimit: String, CaseIterable, Sendable {
    case hour, day

    public var seconds: Double {
        switch self {
        case .hour: 3600
        case .day: 86_400
        }
    }
}

/// A provider's id of a message. Receipts may spell it differently from the answer to the submission: in another case,
/// with leading zeros, in hexadecimal instead of decimal.
public struct ProviderReference: Hashable, Sendable {
    /// As the provider wrote it.
    public let raw: String
    /// Spellings that mean the same message, the likeliest first; never empty.
    public let spellings: [String]
    /// The ids of the second and further parts, where a long message was handed over in parts. Each has a receipt of its
    /// own, and the message is delivered only when all of them are.
    public let furtherParts: [ProviderReference]

    public init(raw: String, spellings: [String] = [], furtherParts: [ProviderReference] = []) {
        self.raw = raw
        self.spellings = spellings.isEmpty ? [raw] : spellings
        self.furtherParts = furtherParts
    }

    /// The spelling that is kept for matching, cut where it is longer than any real id (SMPP 3.4 §5.2.23: 65 octets), so
    /// that it fits into an index.
    public var key: String {
        let key = spellings.first ?? raw
        return key.utf8.count > 255 ? String(key.prefix(60)) : key
    }
}
