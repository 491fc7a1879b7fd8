// What lives here: reading delivery receipts, in the many ways that SMSCs write them, and comparing their ids.
// What must not: whose message it was, and what a practice is told about it.

/// message_state (SMPP 3.4 §5.2.28; scheduled and skipped come from 5.0 and are sent by some 3.4 SMSCs).
public enum MessageState: UInt8, Sendable, Hashable, CaseIterable {
    case scheduled = 0
    case enroute = 1
    case delivered = 2
    case expired = 3
    case deleted = 4
    case undeliverable = 5
    case accepted = 6
    case unknown = 7
    case rejected = 8
    case skipped = 9

    /// The word in a receipt's text (SMPP 3.4 Appendix B), seven letters.
    public var word: String {
        switch self {
        case .scheduled: "SCHEDLD"
        case .enroute: "ENROUTE"
        case .delivered: "DELIVRD"
        case .expired: "EXPIRED"
        case .deleted: "DELETED"
        case .undeliverable: "UNDELIV"
        case .accepted: "ACCEPTD"
        case .unknown: "UNKNOWN"
        case .rejected: "REJECTD"
        case .skipped: "SKIPPED"
        }
    }

    /// The state that a `stat:` word means, whether cut to seven letters or written out, in any case.
    public init?(word: some StringProtocol) {
        let letters = word.lowercased()
        guard let match = Self.beginnings.first(where: { letters.hasPrefix($0.0) }) else { return nil }
        self = match.1
    }

    private static let beginnings: [(String, MessageState)] = [
        ("deliv", .delivered), ("expir", .expired), ("delet", .deleted), ("undel", .undeliverable),
        ("fail", .undeliverable), ("accep", .accepted), ("unkn", .unknown), ("rejec", .rejected),
        ("enrou", .enroute), ("buff", .enroute), ("sched", .scheduled), ("skip", .skipped),
    ]
}

/// A delivery receipt as the SMSC wrote it.
public struct SMPPReceipt: Sendable, Equatable {
    /// The SMSC's id of the message: receipted_message_id where there is one, else the text's `id:`.
    public var messageID: String
    /// The text's `id:` where it differs from `messageID`: one may be decimal, the other hexadecimal.
    public var alternativeID: String?
    /// nil where the receipt names no state, or one that nobody knows.
    public var state: MessageState?
    /// The text's `err:` as written (three characters, by network), or the TLV's network_error_code in hexadecimal.
    public var errorCode: String?
    /// `submit date:` as written: 10, 12 or 14 digits, in a zone that only the SMSC knows.
    public var submitDate: String?
    /// `done date:` as written: 10, 12 or 14 digits, in a zone that only the SMSC knows.
    public var doneDate: String?
    /// `text:`, how the message began, at most 20 characters (SMPP 3.4 Appendix B). Personal data.
    public var snippet: String
    /// The whole text as it came. Personal data.
    public var text: String

    public init(
        messageID: String,
        alternativeID: String? = nil,
        state: MessageState?,
        errorCode: String? = nil,
        submitDate: String? = nil,
        doneDate: String? = nil,
        snippet: String = "",
        text: String = ""
    ) {
        self.messageID = messageID
        self.alternativeID = alternativeID
        self.state = state
        self.errorCode = errorCode
        self.submitDate = submitDate
        self.doneDate = doneDate
        self.snippet = snippet
        self.text = text
    }
}
