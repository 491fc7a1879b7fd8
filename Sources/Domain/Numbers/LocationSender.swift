import Foundation

/// Whether a sender has to stand in a registry of the recipients' country, and does.
public enum SenderRegistration: String, CaseIterable, Sendable {
    case notNeeded = "not_needed"
    case required
    case registered
}

/// Under which sender a location's SMS leave: its own or the practice's, and what stands in for it (rules 7, 14).
public struct LocationSender: Hashable, Sendable {
    public var sender: SenderID?
    /// A number for recipients whose networks do not deliver a name that is not registered.
    public var fallback: SenderID?
    /// From when on the practice says that the sender stands in the registry; nil: it does not say so.
    public var registeredSince: Date?

    public init(_ sender: SenderID?, fallback: SenderID? = nil, registeredSince: Date? = nil) {
        self.sender = sender
        self.fallback = fallback
        self.registeredSince = registeredSince
    }

    public init(_ location: Location, _ practice: Practice) {
        self.init(
            location.sender ?? practice.sender,
            fallback: location.fallbackSender ?? practice.fallbackSender,
            registeredSince: Self.since(location.senderRegistered, location.senderRegisteredOn)
        )
    }

    /// What the practice's statement means: without a day it holds since ever, with a day that is to come not yet.
    public static func since(_ isRegistered: Bool, _ day: LocalDate?) -> Date? {
        isRegistered ? day?.beginning ?? .distantPast : nil
    }

    /// What is to be done for recipients in these countries.
    public func registration(for recipients: Set<Country>, at now: Date) -> SenderRegistration {
        guard let sender, let rule = SenderRules.registry(for: sender.kind, in: recipients) else { return .notNeeded }
        if isRegistered(at: now) { return .registered }
        return rule.holds(at: now) ? .required : .notNeeded
    }

    /// The sender of a message: the number that stands in where a network would block the name, else the sender as it
    /// is. On the hot path of sending.
    public func sender(to recipient: MobileNumber, at now: Date) -> SenderID? {
        guard let sender, let fallback, sender.kind == .alphanumeric, !isRegistered(at: now),
            SenderRules.demandRegistry(of: sender.kind, to: recipient, at: now)
        else { return sender }
        return fallback
    }

    /// Its name tells nothing about who sends, and some country's networks are known to refuse it.
    public var isGeneric: Bool { sender.flatMap(GenericName.weight) == .refused }

    private func isRegistered(at now: Date) -> Bool {
        guard let registeredSince else { return false }
        return registeredSince <= now
    }
}
