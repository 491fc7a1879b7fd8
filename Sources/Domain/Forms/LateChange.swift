import Foundation

/// A change that comes after the reminder may have reached the patient (rule 11): it needs an answer before it is saved.
public struct LateChange: Hashable, Sendable, Error {
    /// When the last message that may have reached someone went out.
    public let sentAt: Date
    /// The channels that were used.
    public let channels: Set<Channel>

    public init(sentAt: Date, channels: Set<Channel>) {
        self.sentAt = sentAt
        self.channels = channels
    }

    /// The warning of several changes that are asked about together; nil where none warns.
    public init?(_ all: [LateChange]) {
        guard let last = all.map(\.sentAt).max() else { return nil }
        self.init(sentAt: last, channels: all.reduce(into: []) { $0.formUnion($1.channels) })
    }
}

/// What the person said to the warning.
public enum LateChangeAnswer: Hashable, Sendable {
    /// Nobody was asked yet: a late change is refused.
    case unasked
    /// The person knows that a reminder goes; nobody was asked about one that is out.
    case heard
    /// The person knows; a short correction goes out by the same channels, or not.
    case acknowledged(sendCorrection: Bool)

    public var isAcknowledged: Bool {
        if case .acknowledged = self { true } else { false }
    }
}
