import Foundation

/// A text message that somebody sent to us: an answer, or a request to stop.
public struct InboundSMS: Hashable, Sendable {
    /// The provider's id of it where it gives one; else empty. Tells a repeated delivery from a second message.
    public let providerMessageID: String
    /// Who sent it, in E.164 with `+` where it is a number.
    public let sender: String
    /// To which of our numbers or names it was sent, digits as they came.
    public let recipient: String
    public let text: String

    public init(providerMessageID: String, sender: String, recipient: String, text: String) {
        self.providerMessageID = providerMessageID
        self.sender = sender
        self.recipient = recipient
        self.text = text
    }

    /// The same under another name, where the provider gave it none.
    public func named(_ name: String) -> InboundSMS {
        guard providerMessageID.isEmpty else { return self }
        return InboundSMS(providerMessageID: name, sender: sender, recipient: recipient, text: text)
    }
}

extension InboundSMS: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "inbound SMS" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
