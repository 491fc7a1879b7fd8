import Foundation

/// One message on its way: a line of the log.
public struct Message: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Message>

    public var id: ID
    public var practiceID: Practice.ID
    public var channel: Channel
    /// The number in E.164 or the address; empty once the patient's data was erased.
    public var recipient: String
    public var sender: String
    public var text: String
    public var segments: Int
    public var state: State
    /// When the provider accepted it.
    public var submittedAt: Date?
    public var deliveredAt: Date?
    public var attempts: Int
    public var providerID: Provider.ID?
    public var providerMessageID: String?
    public var possiblyTwice: Bool
    public var createdAt: Date
    /// What the provider says that it costs, all segments together; nil where that is not known.
    public var price: Price?
    /// Why it came back, where it is an e-mail that did.
    public var bounce: BounceReason?

    public init(
        id: ID,
        practiceID: Practice.ID,
        channel: Channel,
        recipient: String,
        sender: String,
        text: String,
        segments: Int,
        state: State,
        submittedAt: Date?,
        deliveredAt: Date?,
        attempts: Int,
        providerID: Provider.ID?,
        providerMessageID: String?,
        possiblyTwice: Bool,
        createdAt: Date,
        price: Price? = nil
    ) {
        self.id = id
        self.practiceID = practiceID
        self.channel = channel
        self.recipient = recipient
        self.sender = sender
        self.text = text
        self.segments = segments
        self.state = state
        self.submittedAt = submittedAt
        self.deliveredAt = deliveredAt
        self.attempts = attempts
        self.providerID = providerID
        self.providerMessageID = providerMessageID
        self.possiblyTwice = possiblyTwice
        self.createdAt = createdAt
        self.price = price
    }
}
