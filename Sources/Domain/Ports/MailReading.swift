import Foundation

/// How far a mailbox has been read (RFC 9051 §2.3.1.1). Only what is newer is looked at.
public struct MailboxPosition: Hashable, Sendable {
    public let validity: UInt32
    /// The unique identifier that the next message will have at least.
    public let next: UInt32

    public init(validity: UInt32, next: UInt32) {
        self.validity = validity
        self.next = next
    }
}

/// What stands new in a mailbox.
public struct MailboxNews: Hashable, Sendable {
    public let position: MailboxPosition
    public let reports: [BounceReport]
    /// More is there than was read at once.
    public let hasMore: Bool

    public init(position: MailboxPosition, reports: [BounceReport], hasMore: Bool = false) {
        self.position = position
        self.reports = reports
        self.hasMore = hasMore
    }
}

/// What a mail server reports of an e-mail that it could not deliver, or not yet (RFC 3464).
public struct BounceReport: Hashable, Sendable {
    /// The message's Message-ID without angle brackets; nil where the report does not have it.
    public let name: String?
    /// Final-Recipient, or Original-Recipient where only that is ours; nil where the report names none.
    public let recipient: EmailAddress?
    public let reason: BounceReason
    /// `delayed`: it is tried on. Everything else is final.
    public let isFinal: Bool
    /// Enhanced status code and words of the server without addresses, for the history; at most 200 characters.
    public let detail: String

    public init(name: String?, recipient: EmailAddress?, reason: BounceReason, isFinal: Bool, detail: String) {
        self.name = name
        self.recipient = recipient
        self.reason = reason
        self.isFinal = isFinal
        self.detail = detail
    }
}

extension BounceReport: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "bounce report" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// What became of a copy for the Sent folder.
public enum CopyOutcome: Hashable, Sendable {
    case kept
    /// Tried again later; the reason names no secret.
    case failed(detail: String)
}

/// Why the mailbox could not be read; says what to do, names no secret.
public struct MailboxTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
