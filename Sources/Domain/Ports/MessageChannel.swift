import Foundation

/// A message as it is given to a provider.
public struct OutgoingMessage: Hashable, Sendable {
    public let id: Message.ID
    /// Our reference at the provider, the same for each attempt of one message.
    public let reference: String
    public let recipient: String
    public let sender: SenderID
    public let text: String
    public let encoding: SMSEncoding
    public let validitySeconds: Int

    public init(id: Message.ID, composed: ComposedMessage) {
        self.id = id
        reference = id.description
        recipient = composed.recipient
        sender = composed.sender
        text = composed.text
        encoding = composed.encoding
        validitySeconds = composed.validitySeconds
    }
}

/// What a provider reports of a message later on.
public struct DeliveryReceipt: Hashable, Sendable {
    /// The id as it stands in the receipt, with the spellings under which the message may be on record.
    public let reference: ProviderReference
    /// `submitted` for news that is not the end.
    public let status: MessageStatus
    /// The provider's own words and codes, for the history; no personal data.
    public let detail: String
    /// As received, for the inbox.
    public let raw: String

    public init(reference: ProviderReference, status: MessageStatus, detail: String, raw: String) {
        self.reference = reference
        self.status = status
        self.detail = detail
        self.raw = raw
    }
}

/// A way to a provider. It holds the connection; it knows neither appointments nor the database.
public protocol MessageChannel: Sendable {
    /// How many messages may be on their way to the provider at once.
    var window: Int { get }

    /// Messages a second at most; nil for as many as the window lets through.
    var rate: Double? { get }

    /// Whether receipts can come at all. Where they cannot, a message stays handed over and never counts as expired.
    var reportsDelivery: Bool { get }

    /// Keeps the connection until the task is cancelled, and closes it in good order then. Each receipt is given to
    /// `store`, and acknowledged to the provider only when `store` says that it is on record.
    func run(store: @escaping @Sendable (DeliveryReceipt) async -> Bool) async throws

    /// Hands one message over. Never throws: whatever happened is an outcome.
    func send(_ message: OutgoingMessage) async -> SendOutcome
}
