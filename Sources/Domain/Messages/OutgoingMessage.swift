/// One attempt to hand a message over.
public struct AttemptName: Hashable, Sendable {
    public let message: Message.ID
    /// 1 for the first.
    public let number: Int

    public init(_ message: Message.ID, _ number: Int) {
        self.message = message
        self.number = number
    }
}

/// A message as it is given to a provider.
public struct OutgoingMessage: Hashable, Sendable {
    public let id: Message.ID
    /// Our reference at the provider, the same for each attempt of one message.
    public let reference: String
    /// 1 for the first; tells to which attempt a late answer belongs.
    public let attempt: Int
    public let recipient: String
    public let sender: SenderID
    public let text: String
    public let encoding: SMSEncoding
    public let validitySeconds: Int

    public var attemptName: AttemptName { AttemptName(id, attempt) }

    /// - Parameter reference: nil for the message's id.
    public init(id: Message.ID, attempt: Int = 1, reference: String? = nil, composed: ComposedMessage) {
        self.id = id
        self.attempt = attempt
        self.reference = reference ?? id.description
        recipient = composed.recipient
        sender = composed.sender
        text = composed.text
        encoding = composed.encoding
        validitySeconds = composed.validitySeconds
    }
}
