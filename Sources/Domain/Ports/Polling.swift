import Foundation

/// How often a provider is asked about one message. Times in seconds.
public struct Polling: Hashable, Sendable {
    /// From the submission to the first question.
    public let first: Double
    /// Between two questions at most; from the first on the pause grows up to this.
    public let longest: Double
    /// At most so many messages at a time.
    public let batch: Int

    public init(first: Double = 20, longest: Double = 900, batch: Int = 20) {
        self.first = first
        self.longest = longest
        self.batch = batch
    }

    /// Seconds from one question to the next: a quarter of the message's age, within the limits.
    public func pause(age: Double) -> Double { min(max(first, age / 4), longest) }
}

/// A message that was handed over, or may have been, as the provider can be asked for it.
public struct SentMessage: Hashable, Sendable {
    public let id: Message.ID
    /// Our reference, as it was sent; of an e-mail its Message-ID without angle brackets.
    public let reference: String
    /// The provider's id; nil while the outcome is unknown.
    public let providerMessageID: String?
    /// In E.164 with `+`.
    public let recipient: String
    public let text: String
    /// When the newest attempt began.
    public let startedAt: Date

    public init(
        id: Message.ID,
        reference: String? = nil,
        providerMessageID: String?,
        recipient: String,
        text: String,
        startedAt: Date
    ) {
        self.id = id
        self.reference = reference ?? id.description
        self.providerMessageID = providerMessageID
        self.recipient = recipient
        self.text = text
        self.startedAt = startedAt
    }
}

/// What a provider says of a message whose outcome is unknown to us.
public enum LookUp: Hashable, Sendable {
    /// It has it, under this id.
    case found(ProviderReference, price: Price? = nil)
    /// It has no such message at present; it may only be slow.
    case notFound
    /// It would have it if it had ever taken it: it surely was not sent.
    case absent
    /// It could not be asked, or does not tell.
    case notTold
}
